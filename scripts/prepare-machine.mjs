import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, ROOT } from './build.mjs';
import { BUILD_NEEDS, ensure, RUN_NEEDS, say, TEST_NEEDS } from './system-packages.mjs';

const LEAST_NODE = [20, 19];

/** True where this Node can run the product; says what to do where it cannot. */
function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return true;
  const least = LEAST_NODE.join('.');
  say(
    `需要 Node ${least} 或更高版本，当前为 ${process.version}`,
    `Node ${least} or newer is needed, this is ${process.version}`,
  );
  say('请从 https://nodejs.org 安装后重试', 'install it from https://nodejs.org and try again');
  return false;
}

const readLock = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined);

/** True where node_modules holds every package of the lock file, in its version. npm keeps its own record beside them. */
function packagesAreCurrent() {
  const have = readLock(join(ROOT, 'node_modules', '.package-lock.json'));
  const want = readLock(join(ROOT, 'package-lock.json'));
  if (have === undefined || want === undefined) return false;
  return Object.entries(want).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true;
    const found = have[path];
    return found === undefined ? Boolean(optional || devOptional || peer) : found.version === version;
  });
}

/** True where the compiled database driver loads in this Node: another Node version needs another build of it. */
function driverLoads() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', probe], { cwd: ROOT, stdio: 'ignore' }).status === 0;
}

/** Runs the npm that runs us, else the one on PATH. Its output goes to standard error. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, prefix] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  // Node's own headers, where they are installed, spare a download from nodejs.org.
  const prefixOfNode = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefixOfNode, 'include', 'node', 'node.h'))
    ? { npm_config_nodedir: prefixOfNode }
    : {};
  const env = { ...process.env, ...headers, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  return spawnSync(command, [...prefix, ...args], { cwd: ROOT, env, stdio: ['ignore', 2, 2] }).status === 0;
}

/** Brings node_modules to what the lock file says. */
function ensurePackages() {
  if (!packagesAreCurrent()) {
    if (!ensure(BUILD_NEEDS)) return false;
    say('正在安装 npm 包，首次约需几分钟', 'installing npm packages, a few minutes the first time');
    if (!npm(['ci'])) {
      say('npm 包安装失败，详见上文', 'npm packages could not be installed, see above');
      return false;
    }
  }
  if (driverLoads()) return true;
  if (!ensure(BUILD_NEEDS)) return false;
  say('正在为当前 Node 编译数据库驱动', 'compiling the database driver for this Node');
  if (npm(['rebuild', 'better-sqlite3', '--foreground-scripts']) && driverLoads()) return true;
  say('数据库驱动编译失败，详见上文', 'the database driver could not be compiled, see above');
  return false;
}

/**
 * Makes a machine with only Node and npm ready: system packages, npm packages, build. Does nothing twice.
 * @param {{ tests?: boolean }} [options]
 * @returns {boolean} false where something is missing; what and why has been said.
 */
export function prepareMachine({ tests = false } = {}) {
  if (!nodeIsNewEnough() || !ensure(RUN_NEEDS)) return false;
  if (tests) ensure(TEST_NEEDS, { optional: true });
  if (!ensurePackages()) return false;
  try {
    build();
    return true;
  } catch (error) {
    say(`构建失败：${error.message}`, `build failed: ${error.message}`);
    return false;
  }
}
