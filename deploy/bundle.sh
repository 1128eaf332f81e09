#!/usr/bin/env bash
# Packs Hallwatch for a machine without internet: the built product with its packages, checked by sha256.
#   deploy/bundle.sh OUT_DIR            on a machine like the target (same processor, same Debian)
#   deploy/bundle.sh --verify FILE      on the target, before unpacking
# Debian packages (ffmpeg, fonts-noto-cjk) and the images of compose.yaml are listed in the bundle; get them with
# `apt-get download` and `docker save` where the target has neither mirror nor registry.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "bundle: $*" >&2
  exit 2
}

verify() {
  local file=$1
  [[ -r $file && -r $file.sha256 ]] || fail "$file or $file.sha256: cannot be read"
  (cd "$(dirname "$file")" && sha256sum --check --strict --quiet "$(basename "$file").sha256") || fail "$file: is not what was packed"
  echo "$file: ok"
}

if [[ ${1:-} == --verify ]]; then
  [[ $# -eq 2 ]] || fail "--verify needs a file"
  verify "$2"
  exit 0
fi
[[ $# -eq 1 ]] || fail "usage: deploy/bundle.sh OUT_DIR | --verify FILE"

out=$1
mkdir -p "$out"
for needed in dist/cli.js web/dist/index.html node_modules models/manifest.json; do
  [[ -e $root/$needed ]] || fail "$needed: missing; run \`npm ci && npm run build\` first"
done
version=$(node -p "require('$root/package.json').version")
name=hallwatch-$version-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"

copy() { tar -C "$root" -cf - "$@" | tar -C "$work/$name" -xf -; }
copy package.json package-lock.json bin dist web/dist models config deploy grafana/dashboards grafana/provisioning README.md README.en.md
# The folder as it stands, without what only building and testing need.
cp -r "$root/node_modules" "$work/$name/node_modules"
(cd "$work/$name" && npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
rm -f "$work/$name/config/hall.yaml" "$work/$name/deploy/.env" "$work/$name/deploy/mosquitto/passwords"

cat > "$work/$name/OFFLINE.txt" << TEXT
Hallwatch $version for $(uname -m), Node $(node --version), packed from $(uname -sr).

Needs on the target: node >= 20.19, Debian packages ffmpeg and fonts-noto-cjk (for PDF reports).
  sudo cp -r $name /opt/hallwatch
  sudo useradd --system --home-dir /var/lib/hallwatch hallwatch
  sudo install -D -m 0644 /opt/hallwatch/deploy/hallwatch.service /etc/systemd/system/hallwatch.service
  sudo systemctl daemon-reload && sudo systemctl enable --now hallwatch

Images of compose.yaml:
$(sed -n 's/^ *image: *//p' "$root/deploy/compose.yaml" | grep -v '^hallwatch:')
TEXT
(cd "$work/$name" && find . -type f -print0 | sort -z | xargs -0 sha256sum > "$work/files.sha256")
mv "$work/files.sha256" "$work/$name/FILES.sha256"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "$out/$name.tar.gz" "$name"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
verify "$out/$name.tar.gz"
