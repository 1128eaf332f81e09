import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * System software that npm cannot bring. A need is met by a program on PATH where it has `command`, else by the Debian
 * package being installed.
 * @typedef {{ package: string, command?: string }} Need
 */

/** @type {Need[]} */
export const RUN_NEEDS = [{ package: 'ffmpeg', command: 'ffmpeg' }];

/** What compiling the database driver takes; only wanted while node_modules is not there yet. @type {Need[]} */
export const BUILD_NEEDS = [
  { package: 'python3', command: 'python3' },
  { package: 'make', command: 'make' },
  { package: 'g++', command: 'g++' },
];

/** Brokers, browser, fonts and a real RTSP server for the tests. @type {Need[]} */
export const TEST_NEEDS = [
  { package: 'mosquitto', command: 'mosquitto' },
  { package: 'influxdb', command: 'influxd' },
  { package: 'chromium', command: 'chromium' },
  { package: 'fonts-noto-cjk' },
  { package: 'espeak-ng', command: 'espeak-ng' },
  { package: 'shellcheck', command: 'shellcheck' },
  { package: 'python3-gi' },
  { package: 'gir1.2-gst-rtsp-server-1.0' },
  { package: 'gstreamer1.0-plugins-base' },
  { package: 'gstreamer1.0-plugins-good' },
  { package: 'gstreamer1.0-plugins-bad' },
];

/** Services that Debian starts with their package. They would hold the ports that Hallwatch itself wants. */
const SERVICES = ['mosquitto', 'influxdb'];

/** One progress line in both languages, on standard error so that standard output stays for results. */
export function say(zh, en) {
  process.stderr.write(`[hallwatch] ${zh} · ${en}\n`);
}

const onPath = (command) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/sbin', '/sbin')
    .some((folder) => folder !== '' && existsSync(join(folder, command)));

const output = (command, args) => {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout : '';
};

const installed = (name) => output('dpkg-query', ['-W', '-f', '${Status}', name]).includes('install ok installed');

/** The needs that are not met on this machine. @param {Need[]} needs */
export function missing(needs) {
  return needs.filter((need) => (need.command ? !onPath(need.command) : !installed(need.package)));
}

/** `[]` as root, `['sudo', '-n']` where sudo asks no password, undefined where packages cannot be installed. */
function asRoot() {
  if (!onPath('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

/** Runs apt-get with its output on standard error. */
function aptGet(prefix, args) {
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const [command, ...rest] = [...prefix, ...environment, 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
  return spawnSync(command, rest, { stdio: ['ignore', 2, 2] }).status === 0;
}

/** Packages that this release of Debian offers. */
const offered = (names) => names.filter((name) => output('apt-cache', ['show', '--no-all-versions', name]) !== '');

/**
 * Installs what is missing, and only that.
 * @param {Need[]} needs
 * @param {{ optional?: boolean }} [options] `optional`: carry on without (the tests that want it say that they skip).
 * @returns {boolean} false where something is still missing and not optional
 */
export function ensure(needs, { optional = false } = {}) {
  const names = missing(needs).map((need) => need.package);
  if (names.length === 0) return true;
  const list = names.join(' ');
  const prefix = asRoot();
  if (prefix === undefined) {
    say(
      `缺少系统软件，且无权安装。请运行:`,
      `system packages are missing and may not be installed from here. Please run:`,
    );
    process.stderr.write(`\n    sudo apt-get update && sudo apt-get install -y ${list}\n\n`);
    return optional;
  }
  say(`正在安装系统软件：${list}`, `installing system packages: ${list}`);
  aptGet(prefix, ['update']);
  const wanted = offered(names);
  const ok = wanted.length > 0 && aptGet(prefix, ['install', '-y', '--no-install-recommends', ...wanted]);
  stopServices(prefix, wanted);
  const left = missing(needs).map((need) => need.package);
  if (left.length === 0) return true;
  const why = ok ? 'apt-get does not offer them' : 'apt-get failed, see above';
  say(`未能安装：${left.join(' ')}`, `not installed: ${left.join(' ')} (${why})`);
  return optional;
}

/** A service that came with a package we installed is stopped: tests start their own, on ports of their own. */
function stopServices(prefix, packages) {
  if (!existsSync('/run/systemd/system')) return;
  for (const name of SERVICES.filter((service) => packages.includes(service))) {
    const [command, ...rest] = [...prefix, 'systemctl', 'disable', '--now', name];
    spawnSync(command, rest, { stdio: 'ignore' });
  }
}
