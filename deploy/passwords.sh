#!/usr/bin/env bash
# Makes mosquitto's password file from deploy/.env. The passwords are never an argument of a program.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
env_file=${1:-$here/.env}
target=${2:-$here/mosquitto/passwords}

if [[ ! -r $env_file ]]; then
  echo "passwords: $env_file: cannot be read; copy deploy/env.example to it and fill it in" >&2
  exit 2
fi
value() { sed -n "s/^$1=//p" "$env_file" | tail -n 1; }

umask 077
work=$(mktemp "$(dirname "$target")/passwords.XXXXXX")
trap 'rm -f "$work"' EXIT
for account in hallwatch:MQTT_PASSWORD reader:MQTT_READER_PASSWORD bid:MQTT_BID_PASSWORD; do
  password=$(value "${account#*:}")
  if [[ -z $password ]]; then
    echo "passwords: ${account#*:} is empty in $env_file" >&2
    exit 2
  fi
  printf '%s:%s\n' "${account%%:*}" "$password" >> "$work"
done
# Turns the lines into salted hashes, in place.
mosquitto_passwd -U "$work"
# The container's broker runs as user 1883.
chown 1883:1883 "$work" 2> /dev/null || chmod 0644 "$work"
mv "$work" "$target"
trap - EXIT
echo "$target: written"
