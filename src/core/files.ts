import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, errnoOf } from './errors.js';

/**
 * Writes a whole file so that a reader sees the old bytes or the new ones, never half: temporary file beside it, fsync,
 * rename (atomic within a POSIX file system), fsync of the folder.
 * @throws AppError `disk-full` or `storage`
 */
export function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o640): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'w', mode);
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    removeQuietly(temporary);
    throw storageError(`write ${path}`, cause);
  }
}

/** The write has failed and its error is the one to tell: a leftover that cannot be removed must not hide it. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Turns a file system error into one that says what to do. */
export function storageError(what: string, cause: unknown): AppError {
  const errno = errnoOf(cause);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new AppError('disk-full', `${what}: no space left`, {
      cause,
      retryable: true,
      hint: 'free space on the disk',
    });
  }
  const hints: Record<string, string> = {
    EROFS: 'the disk is mounted read-only; choose another with HALLWATCH_DATA',
    EACCES: 'the folder belongs to another user; change its owner or choose another with HALLWATCH_DATA',
    EPERM: 'the folder belongs to another user; change its owner or choose another with HALLWATCH_DATA',
  };
  return new AppError('storage', `${what}: ${errno ?? 'failed'}`, { cause, hint: hints[errno ?? ''] });
}
