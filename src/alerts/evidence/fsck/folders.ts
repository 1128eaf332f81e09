import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../../core/errors.js';
import { storageError } from '../../../core/files.js';

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
