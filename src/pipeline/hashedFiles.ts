import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errnoOf } from '../core/errors.js';
import { storageError, writeFileAtomic } from '../core/files.js';
import { sha256 } from '../core/hash.js';
import type { WallMs } from '../core/time.js';

/** A file below a folder, named with what its bytes must hash to. */
export interface HashedFile {
  /** Relative, `/` between its parts. */
  path: string;
  /** 64 hex digits. */
  sha256: string;
}

export interface HashedFiles {
  /** Writes a file (0600) as `PLACE/HASH.jpg`. @throws AppError `storage`, `disk-full` */
  save(place: string, bytes: Uint8Array): HashedFile;
  /** @throws AppError `bad-input` for a path out of the folder, `not-found`, `storage` where the hash differs */
  read(path: string, expectedSha256: string): Uint8Array;
  /** Removes a file that nothing lists. Nothing to do where it is gone. */
  remove(path: string): void;
  /** Removes files written before an instant, and folders that are empty then. Returns how many. */
  removeBefore(instant: WallMs): number;
}

/** No `..` can be made of it: a part begins with a letter, a digit or `_`. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** Pictures below `folder` that the ledger lists with their hashes. */
export function hashedFiles(folder: string): HashedFiles {
  return {
    save(place, bytes) {
      const hash = sha256(bytes);
      const path = `${place}/${hash}.jpg`;
      refuseStrange(path);
      writeFileAtomic(join(folder, path), bytes, 0o600);
      return { path, sha256: hash };
    },
    read(path, expected) {
      refuseStrange(path);
      const bytes = readBytes(join(folder, path), path);
      if (sha256(bytes) === expected) return bytes;
      throw new AppError('storage', `picture ${path}: its hash is not the recorded one`, {
        hint: 'the file was changed or damaged after it was recorded; do not rely on it',
      });
    },
    remove(path) {
      refuseStrange(path);
      rmSync(join(folder, path), { force: true });
    },
    removeBefore: (instant) => (existsSync(folder) ? removeOld(folder, instant) : 0),
  };
}

function removeOld(folder: string, instant: WallMs): number {
  let removed = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      removed += removeOld(path, instant);
      if (readdirSync(path).length === 0) rmdirSync(path);
    } else if (statSync(path).mtimeMs < instant) {
      rmSync(path);
      removed += 1;
    }
  }
  return removed;
}

function refuseStrange(path: string): void {
  if (!path.split('/').every((part) => PART.test(part))) throw new AppError('bad-input', `picture ${path}: not a path`);
}

function readBytes(file: string, path: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') throw new AppError('not-found', `picture ${path}: the file is gone`, { cause });
    throw storageError(`picture ${path}: read`, cause);
  }
}
