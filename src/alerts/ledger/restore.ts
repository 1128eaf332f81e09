import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DATABASE_MODE, openDatabase, rowWriter } from './database.js';
import type { Journal, JournalEntry } from './journal.js';
import { migrate } from './migrations.js';
import { isDamage, ledgerError } from './sqliteError.js';

/**
 * What was wrong at start and what was done about it.
 * `damaged`: the file was set aside. `restored`: a backup took its place. `replayed`: transactions came back from the
 * journal. `incomplete`: some transactions could not be brought back.
 */
export interface LedgerFinding {
  kind: 'damaged' | 'restored' | 'replayed' | 'incomplete';
  detail: string;
}

export interface SoundLedger {
  raw: Database;
  findings: LedgerFinding[];
}

export interface RestoreFrom {
  journal: Journal;
  /** Folder of `ledger-<position>.sqlite` files; need not exist. */
  backups: string;
  /** Goes into the name of a damaged file that is set aside; safe in a path. */
  stamp: string;
}

const BACKUP = /^ledger-(\d{12})\.sqlite$/;

export const backupName = (position: number): string => `ledger-${String(position).padStart(12, '0')}.sqlite`;

/** Positions of the backups in a folder, newest first. */
export function backupPositions(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => BACKUP.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/**
 * Opens the ledger file so that it is whole: a file that is damaged, missing, emptied or older than its backups is set
 * aside and replaced by the newest sound backup, and the journal's transactions that it lacks are done again.
 * @throws AppError `storage` or `disk-full` where the folder cannot be used at all
 */
export function openSound(path: string, from: RestoreFrom): SoundLedger {
  const findings: LedgerFinding[] = [];
  try {
    const raw = openLive(path, from, findings) ?? openBackup(path, from, findings) ?? openFresh(path, from, findings);
    chmodSync(path, DATABASE_MODE);
    migrate(raw);
    replay(raw, from.journal, findings);
    return { raw, findings };
  } catch (cause) {
    throw ledgerError(`ledger ${path}: open`, cause);
  }
}

function openLive(path: string, from: RestoreFrom, findings: LedgerFinding[]): Database | undefined {
  const newestBackup = backupPositions(from.backups)[0];
  if (!existsSync(path)) {
    const known = newestBackup !== undefined || from.journal.entriesAfter(0).length > 0;
    if (known) setAside(path, from.stamp, 'the file is missing', findings);
    return undefined;
  }
  const opened = tryOpen(path);
  if (typeof opened === 'string') {
    setAside(path, from.stamp, opened, findings);
    return undefined;
  }
  if (reaches(opened, newestBackup ?? 0, from.journal)) return opened;
  opened.close();
  setAside(path, from.stamp, 'the file is older than its backups and journal', findings);
  return undefined;
}

function openBackup(path: string, from: RestoreFrom, findings: LedgerFinding[]): Database | undefined {
  for (const position of backupPositions(from.backups)) {
    const name = backupName(position);
    const candidate = `${path}.restoring`;
    copyFileSync(join(from.backups, name), candidate);
    const opened = tryOpen(candidate);
    if (typeof opened === 'string') {
      removeDatabase(candidate);
      findings.push({ kind: 'damaged', detail: `backup ${name}: ${opened}` });
      continue;
    }
    opened.close();
    renameSync(candidate, path);
    findings.push({ kind: 'restored', detail: `from backup ${name}` });
    return openDatabase(path);
  }
  return undefined;
}

function openFresh(path: string, from: RestoreFrom, findings: LedgerFinding[]): Database {
  const first = from.journal.entriesAfter(0)[0];
  if (findings.length > 0) {
    const detail = first?.n === 1 ? 'from the journal alone' : 'as an empty ledger: no sound backup was found';
    findings.push({ kind: 'restored', detail });
  }
  return openDatabase(path);
}

/** The open database, or in words why it is not sound. */
function tryOpen(path: string): Database | string {
  let db: Database | undefined;
  try {
    db = openDatabase(path);
    const verdict = db.pragma('quick_check(1)', { simple: true });
    if (verdict === 'ok') return db;
    db.close();
    return String(verdict);
  } catch (error) {
    db?.close();
    if (!isDamage(error)) throw error;
    return (error as Error).message;
  }
}

/** True where the database is no older than its newest backup and the journal goes on where it ends. */
function reaches(db: Database, newestBackup: number, journal: Journal): boolean {
  const position = positionOf(db);
  return position >= newestBackup && missingBetween(position, journal.entriesAfter(position)) === 0;
}

function positionOf(db: Database): number {
  if ((db.pragma('user_version', { simple: true }) as number) === 0) return 0;
  return db.prepare("SELECT value FROM meta WHERE key = 'position'").pluck().get() as number;
}

function missingBetween(position: number, entries: readonly JournalEntry[]): number {
  const last = entries.at(-1);
  return last ? last.n - position - entries.length : 0;
}

/** Does the journal's later transactions again, under the write lock so that no other process is half-way through one. */
function replay(raw: Database, journal: Journal, findings: LedgerFinding[]): void {
  const apply = rowWriter(raw);
  raw
    .transaction(() => {
      const position = positionOf(raw);
      const entries = journal.entriesAfter(position);
      const last = entries.at(-1);
      if (!last) return;
      for (const entry of entries) for (const change of entry.changes) apply(change);
      apply(['put', 'meta', { key: 'position', value: last.n }]);
      findings.push({ kind: 'replayed', detail: `${entries.length} transactions from the journal` });
      const missing = missingBetween(position, entries);
      if (missing > 0) findings.push({ kind: 'incomplete', detail: `${missing} transactions are in no journal` });
    })
    .immediate();
}

/** A write-ahead log that stayed behind must go too: it would be read into the restored file. */
function setAside(path: string, stamp: string, why: string, findings: LedgerFinding[]): void {
  const folder = `${path}.damaged-${stamp}`;
  mkdirSync(folder, { recursive: true });
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(path + end)) renameSync(path + end, join(folder, `ledger.sqlite${end}`));
  }
  findings.push({ kind: 'damaged', detail: `${why}; what there was lies in ${folder}` });
}

function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}
