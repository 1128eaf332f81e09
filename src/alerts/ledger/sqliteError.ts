import { AppError, errnoOf, messageOf } from '../../core/errors.js';
import { storageError } from '../../core/files.js';

/** Primary and extended result codes that mean "this file is not a sound database". */
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;
const FULL = /^SQLITE_FULL|^ENOSPC$|^EDQUOT$/;

/** True where the bytes of the database are wrong, as against a database that cannot be reached. */
export const isDamage = (error: unknown): boolean => DAMAGED.test(errnoOf(error) ?? '');

/** True where the disk or the quota is full, whichever layer says so. */
export const isFull = (error: unknown): boolean =>
  FULL.test(errnoOf(error) ?? '') || (error instanceof AppError && error.code === 'disk-full');

/** SQLite's words for what a file system says with an errno, so that the hints of `storageError` serve both. */
const ERRNO_OF: ReadonlyArray<readonly [RegExp, string]> = [
  [FULL, 'ENOSPC'],
  [/^SQLITE_READONLY/, 'EROFS'],
  [/^SQLITE_(CANTOPEN|PERM|AUTH)/, 'EACCES'],
];

/**
 * An error of SQLite or of the file system as one that says what to do. An `AppError` passes through.
 * @param what what failed, e.g. `ledger: commit step`
 */
export function ledgerError(what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = errnoOf(cause);
  if (code === undefined) return new AppError('internal', `${what}: ${messageOf(cause)}`, { cause });
  if (DAMAGED.test(code)) {
    return new AppError('storage', `${what}: the database is damaged`, {
      cause,
      hint: 'restart: the ledger is checked at start and restored from its newest backup',
    });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AppError('storage', `${what}: another process holds the database`, { cause, retryable: true });
  }
  if (/^SQLITE_IOERR/.test(code)) {
    return new AppError('storage', `${what}: ${code}`, { cause, retryable: true, hint: 'check the disk' });
  }
  const errno = ERRNO_OF.find(([pattern]) => pattern.test(code))?.[1];
  return storageError(what, errno ? Object.assign(new Error(code, { cause }), { code: errno }) : cause);
}
