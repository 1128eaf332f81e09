import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DATABASE_MODE, type LedgerDb } from './database.js';
import type { Journal } from './journal.js';
import { backupName, backupPositions } from './restore.js';
import { ledgerError } from './sqliteError.js';

/** Backups that are kept. With the journal each of them rebuilds the present, so two would do if none were ever damaged. */
const KEPT = 3;

/**
 * Copies the database to `path` while it is in use, with SQLite's online backup (https://sqlite.org/backup.html): in
 * steps of 100 pages, so that the main loop goes on. The file appears whole or not at all.
 * @throws AppError `storage` or `disk-full`
 */
export async function copyDatabase(db: LedgerDb, path: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    await db.raw.backup(temporary);
    chmodSync(temporary, DATABASE_MODE);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw ledgerError(`ledger: back up to ${path}`, cause);
  }
}

/** Makes the next backup, begins a new journal file with it, and drops what no kept backup needs. */
export async function makeBackup(db: LedgerDb, journal: Journal, folder: string): Promise<void> {
  const position = db.position();
  if (position === 0 || backupPositions(folder)[0] === position) return;
  journal.rotate(position + 1);
  await copyDatabase(db, join(folder, backupName(position)));
  const positions = backupPositions(folder);
  for (const old of positions.slice(KEPT)) rmSync(join(folder, backupName(old)), { force: true });
  const oldestKept = positions.slice(0, KEPT).at(-1);
  if (oldestKept !== undefined && positions.length >= KEPT) journal.dropUpTo(oldestKept);
}
