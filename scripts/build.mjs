#!/usr/bin/env node
// Builds the server (src -> dist) and the board's front end (web -> web/dist). What is up to date is skipped, so this is
// also package.json's `prepare`. Output goes to standard error: `npx hallwatch ... --json` builds on demand.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { say } from './system-packages.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(ROOT, ...parts);
const STAMP = '.build-stamp';
const LOCK_STALE_MS = 10 * 60_000;

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules' || path === at('web', 'dist')) continue;
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

const present = (paths) => paths.filter((path) => existsSync(path));

/** Every file that the product is built from. */
function inputs(kind) {
  const common = present([at('package.json'), at('tsconfig.json')]);
  if (kind === 'web') return [...common, ...filesUnder(at('web'))];
  return [...common, ...present([at('tsconfig.build.json')]), ...filesUnder(at('src'))];
}

/** SHA-256 over names and contents: a checkout that only touches times rebuilds nothing. */
function fingerprint(kind) {
  const hash = createHash('sha256');
  for (const path of inputs(kind)) hash.update(`\0${relative(ROOT, path)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

const stampOf = (folder) => (existsSync(join(folder, STAMP)) ? readFileSync(join(folder, STAMP), 'utf8') : '');

/** Runs a package's program with our Node, its output on standard error. @returns {boolean} whether it exited 0 */
function runPackage(file, args, cwd = ROOT) {
  const child = spawnSync(process.execPath, [at('node_modules', file), ...args], { cwd, stdio: ['ignore', 2, 2] });
  return child.status === 0;
}

function buildServer(hash) {
  say('正在编译服务', 'compiling the service');
  const work = at('node_modules', `.hallwatch-build-${process.pid}`);
  const fresh = join(work, 'new');
  try {
    if (!runPackage('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', fresh])) {
      throw new Error('the service does not compile: see the messages above');
    }
    cpSync(at('src'), fresh, { recursive: true, filter: (path) => !/\.(ts|md)$/.test(path) });
    writeFileSync(join(fresh, STAMP), hash);
    // Swapped as a whole, so that nobody ever starts from half a build.
    if (existsSync(at('dist'))) renameSync(at('dist'), join(work, 'old'));
    renameSync(fresh, at('dist'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function buildWeb(hash) {
  say('正在编译网页', 'building the board');
  if (
    !runPackage('vite/bin/vite.js', ['build', '--logLevel', 'warn'], at('web')) ||
    !existsSync(at('web/dist/index.html'))
  ) {
    throw new Error('the board does not build: see the messages above');
  }
  writeFileSync(at('web', 'dist', STAMP), hash);
}

/** `npx hallwatch` inside a clone finds the program where npm looks for those of dependencies. */
function linkProgram() {
  const link = at('node_modules', '.bin', 'hallwatch');
  chmodSync(at('bin', 'hallwatch.js'), 0o755);
  if (lstatSync(link, { throwIfNoEntry: false })) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync('../../bin/hallwatch.js', link);
}

/** Whether the program that took the lock is gone: killed, or the machine was started anew. */
function abandoned(lock) {
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > LOCK_STALE_MS) return true;
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    // No file yet: its owner is about to write it.
    return error.code === 'ESRCH';
  }
}

/** Two programs that find an old build at once must not both write: the second waits, then finds it done. */
function locked(run) {
  const lock = at('node_modules', '.hallwatch-build.lock');
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (abandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    run();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** True where any source is newer than the build: a quick look before contents are compared. */
export function looksStale() {
  const built = statSync(at('dist', STAMP), { throwIfNoEntry: false });
  if (built === undefined || !existsSync(at('dist', 'cli.js'))) return true;
  return existsSync(at('src')) && inputs('server').some((path) => statSync(path).mtimeMs > built.mtimeMs);
}

/** Where packages were installed without development tools, the shipped build is used as it is. */
function hasCompiler() {
  try {
    createRequire(at('package.json')).resolve('typescript');
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds what is out of date.
 * @param {{ force?: boolean, web?: boolean }} [options] `web: false` leaves the front end alone.
 * @throws Error where something does not compile
 */
export function build({ force = false, web = true } = {}) {
  if (!hasCompiler()) {
    if (existsSync(at('dist', 'cli.js'))) return;
    throw new Error('nothing is built and the compiler is not installed: run `npm ci` (with development packages)');
  }
  locked(() => {
    const server = fingerprint('server');
    if (force || stampOf(at('dist')) !== server || !existsSync(at('dist', 'cli.js'))) buildServer(server);
    else writeFileSync(at('dist', STAMP), server);
    if (web && existsSync(at('web', 'index.html'))) {
      const page = fingerprint('web');
      if (force || stampOf(at('web', 'dist')) !== page || !existsSync(at('web/dist/index.html'))) buildWeb(page);
    }
    linkProgram();
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build({ force: process.argv.includes('--force') });
  } catch (error) {
    say(`构建失败：${error.message}`, `build failed: ${error.message}`);
    process.exitCode = 1;
  }
}
