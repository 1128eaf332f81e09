import Database from 'better-sqlite3';
import type { Journal, RowChange } from './journal.js';
import type { Reserve } from './reserve.js';
import { isFull, ledgerError } from './sqliteError.js';
import { type SqlRow, type SqlValue, TABLE_KEYS, type TableName } from './tables.js';

/** What a transaction can do to rows. Each operation is also noted in the journal. */
export interface Tx {
  /** Adds a row to a table with a counted key; returns the key it was given. */
  insert(table: TableName, row: SqlRow): number;
  /** Adds a row or replaces the columns given of the row with the same key. */
  put(table: TableName, row: SqlRow): void;
  /** Changes columns of the row with this key. Returns whether there is one. */
  patch(table: TableName, key: SqlRow, changes: SqlRow): boolean;
  /** Removes the row with this key. Returns whether there was one. */
  remove(table: TableName, key: SqlRow): boolean;
}

export interface WriteOptions {
  /** Whether the journal waits for the disk too. SQLite itself always does. Default true. */
  durable?: boolean;
}

/** The connection every store shares. */
export interface LedgerDb {
  /** A prepared statement for reading. */
  query<R>(sql: string): Query<R>;
  /**
   * One transaction, all or nothing. On a full disk it is tried again once, with the reserve given free and the log shrunk.
   * @throws AppError `storage`, `disk-full`, or what `run` throws
   */
  write<T>(what: string, run: (tx: Tx) => T, options?: WriteOptions): T;
  /** Number of transactions so far; the journal's and the backups' measure of time. */
  position(): number;
  /** The disk has room again: the log may grow as usual. */
  spaceIsBack(): void;
  readonly raw: Database.Database;
}

/** Parameters are given in order, for `?` as for `?1`, `?2`. */
export interface Query<R> {
  get(...parameters: SqlValue[]): R | undefined;
  all(...parameters: SqlValue[]): R[];
}

export interface LedgerDbParts {
  journal: Journal;
  reserve: Reserve;
  /** Called when the reserve had to be given free. */
  onFull: () => void;
}

/** Accounts stand in it: nobody else reads it. Its log and shared memory take over the mode. */
export const DATABASE_MODE = 0o600;

/** Opens the file with the settings of a system of record: WAL, every commit on the disk, 5 s of patience with others. */
export function openDatabase(path: string): Database.Database {
  const db = new Database(path, { timeout: 5000 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -16384');
  return db;
}

/** Binds a database to its journal and reserve. */
export function ledgerDb(raw: Database.Database, { journal, reserve, onFull }: LedgerDbParts): LedgerDb {
  const positionNow = raw.prepare("SELECT value FROM meta WHERE key = 'position'").pluck();
  const apply = rowWriter(raw);

  const attempt = <T>(run: (tx: Tx) => T, durable: boolean): T => {
    let takeBack: (() => void) | undefined;
    const transaction = raw.transaction(() => {
      const changes: RowChange[] = [];
      const result = run(notingTx(apply, changes));
      if (changes.length > 0) {
        const n = (positionNow.get() as number) + 1;
        apply(['put', 'meta', { key: 'position', value: n }]);
        takeBack = journal.append({ n, changes }, durable);
      }
      return result;
    });
    try {
      return transaction.immediate();
    } catch (error) {
      takeBack?.();
      throw error;
    }
  };

  return {
    raw,
    query: <R>(sql: string) => preparedQuery<R>(raw, sql),
    position: () => positionNow.get() as number,
    spaceIsBack: () => void raw.pragma(`wal_autocheckpoint = ${LOG_PAGES}`),
    write(what, run, { durable = true } = {}) {
      try {
        return attempt(run, durable);
      } catch (first) {
        if (!isFull(first)) throw ledgerError(what, first);
        onFull();
        reserve.release();
        keepLogSmall(raw);
      }
      try {
        return attempt(run, durable);
      } catch (second) {
        throw ledgerError(what, second);
      }
    },
  };
}

/** Pages of the write-ahead log after which it is moved into the database: SQLite's own default, and on a full disk. */
const LOG_PAGES = 1000;
const LOG_PAGES_WHEN_FULL = 32;

/** The log is the larger part of what a full disk holds of ours: it is emptied now, and from now on early. */
function keepLogSmall(raw: Database.Database): void {
  raw.pragma(`wal_autocheckpoint = ${LOG_PAGES_WHEN_FULL}`);
  try {
    raw.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // Where even that finds no room, the write that is tried next says so.
    if (!isFull(error)) throw error;
  }
}

/** The package takes numbered parameters (`?1`) for names, to be given as an object. */
function preparedQuery<R>(raw: Database.Database, sql: string): Query<R> {
  if (!/\?\d/.test(sql)) return raw.prepare<SqlValue[], R>(sql);
  const statement = raw.prepare<Record<string, SqlValue>, R>(sql);
  const named = (values: SqlValue[]): Record<string, SqlValue> =>
    Object.fromEntries(values.map((value, i) => [String(i + 1), value]));
  return { get: (...values) => statement.get(named(values)), all: (...values) => statement.all(named(values)) };
}

function notingTx(apply: (change: RowChange) => number, changes: RowChange[]): Tx {
  const note = (change: RowChange): number => {
    const affected = apply(change);
    changes.push(change);
    return affected;
  };
  return {
    insert(table, row) {
      const id = apply(['put', table, row]);
      changes.push(['put', table, { ...row, [TABLE_KEYS[table][0]]: id }]);
      return id;
    },
    put: (table, row) => void note(['put', table, row]),
    patch: (table, key, columns) => note(['patch', table, key, columns]) > 0,
    remove: (table, key) => note(['remove', table, key]) > 0,
  };
}

/** Applies row changes; also what replays the journal. Returns the row id of a put, else the number of rows touched. */
export function rowWriter(raw: Database.Database): (change: RowChange) => number {
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql) ?? raw.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return (change) => {
    const [operation, table, first] = change;
    const columns = Object.keys(first);
    switch (operation) {
      case 'put':
        return Number(prepared(putSql(table, columns)).run(first).lastInsertRowid);
      case 'patch': {
        const set = Object.keys(change[3]);
        const sql = `UPDATE ${table} SET ${set.map((c) => `"${c}" = ?`).join(', ')} WHERE ${whereSql(columns)}`;
        return prepared(sql).run(...Object.values(change[3]), ...Object.values(first)).changes;
      }
      case 'remove':
        return prepared(`DELETE FROM ${table} WHERE ${whereSql(columns)}`).run(...Object.values(first)).changes;
    }
  };
}

const whereSql = (columns: string[]): string => columns.map((column) => `"${column}" = ?`).join(' AND ');

function putSql(table: TableName, columns: string[]): string {
  const keys: readonly string[] = TABLE_KEYS[table];
  const others = columns.filter((column) => !keys.includes(column));
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => `@${column}`).join(', ');
  const update = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const conflict = keys.map((key) => `"${key}"`).join(', ');
  const action = others.length > 0 ? `DO UPDATE SET ${update}` : 'DO NOTHING';
  return `INSERT INTO ${table} (${names}) VALUES (${values}) ON CONFLICT (${conflict}) ${action}`;
}
