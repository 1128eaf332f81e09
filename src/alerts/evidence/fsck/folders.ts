import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../../core/errors.js';
import { storageError } from '../../../core/files.js';
import type { WallMs } from '../../../core/time.js';

/** Paths of all files below `folder`, with `/` between their parts, sorted; none where there is no folder. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw storageError(`${folder}: list`, cause);
  }
}

/** Whether a file was changed at or after an instant; false where no instant is given, true for a file that is gone by now. */
export function isNewer(path: string, before: WallMs | undefined): boolean {
  if (before === undefined) return false;
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) >= before;
}

/** Sets a file aside below `quarantine/`, under its old path. */
export function quarantine(data: string, path: string): void {
  const target = join(data, 'quarantine', path);
  try {
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(data, path), target);
  } catch (cause) {
    throw storageError(`quarantine of ${path}`, cause);
  }
}
