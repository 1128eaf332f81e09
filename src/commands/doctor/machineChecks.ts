import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../core/config/schema.js';
import { errnoOf, messageOf } from '../../core/errors.js';
import { verifyModels } from '../../detectors/inference/modelFiles.js';

/** One thing that was looked at. `warn` is worth knowing, `fail` keeps the hall from working. */
export interface Check {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  detail: string;
  hint?: string;
}

const exec = promisify(execFile);
const LEAST_FREE_BYTES = 2 * 2 ** 30;

/** Node at least 20.19. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    state: fits ? 'ok' : 'fail',
    detail: version,
    ...(fits ? {} : { hint: 'install Node 20.19 or later' }),
  };
}

/** A program of the system, by what it says of its version. */
export async function checkProgram(name: string, hint: string): Promise<Check> {
  try {
    const { stdout } = await exec(name, ['-version']);
    return { name, state: 'ok', detail: stdout.split('\n', 1)[0]! };
  } catch (error) {
    const detail = errnoOf(error) === 'ENOENT' ? 'not installed' : messageOf(error);
    return { name, state: 'fail', detail, hint };
  }
}

/** The network files against the manifest. */
export function checkModels(): Check {
  const broken = verifyModels().filter((verdict) => verdict.state !== 'ok');
  if (broken.length === 0) return { name: 'models', state: 'ok', detail: 'every file has the recorded sha256' };
  const names = [...new Set(broken.map((verdict) => verdict.name))].join(', ');
  return { name: 'models', state: 'fail', detail: `${names}: missing or changed`, hint: 'run npm install again' };
}

/** The data folder: there, writable, with room. */
export function checkData(config: Config): Check[] {
  const path = resolve(config.storage.data);
  try {
    if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o750 });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const detail = `${path}: ${errnoOf(error) ?? messageOf(error)}`;
    return [
      { name: 'data folder', state: 'fail', detail, hint: 'change its owner, or choose another with HALLWATCH_DATA' },
    ];
  }
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  const gibibytes = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  const room: Check =
    free >= LEAST_FREE_BYTES
      ? { name: 'disk', state: 'ok', detail: gibibytes }
      : { name: 'disk', state: 'warn', detail: gibibytes, hint: 'evidence of a busy hall fills this within days' };
  return [{ name: 'data folder', state: 'ok', detail: path }, room];
}
