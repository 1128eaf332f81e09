import type { Clock } from '../../core/clock.js';
import type { OutboxRow } from '../../core/sink.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb, Tx } from './database.js';
import { outboxSettler, type Settler } from './outboxSettlement.js';
import {
  type OutboxTableRow,
  outboxRowOf,
  type QuarantinedRow,
  type QuarantineTableRow,
  quarantinedOf,
} from './outboxTable.js';

/** A message to be sent. */
export interface NewOutboxRow {
  sink: string;
  /** What the payload is; the sink maps it to its own address. */
  kind: string;
  /** Rows of one key are delivered in order: the camera or the subject. */
  key: string;
  /** JSON. */
  payload: string;
  /** A state and not an event: earlier rows of the same sink, kind and key that still wait are replaced. */
  latestOnly?: boolean;
}

export interface OutboxStore extends Settler {
  /** Puts rows into the queues. */
  enqueue(rows: readonly NewOutboxRow[]): void;
  /** The same inside somebody's transaction, who calls `announce` after its commit. */
  enqueueIn(tx: Tx, rows: readonly NewOutboxRow[]): void;
  announce(): void;
  /** Calls `listen` after rows were put into a queue; returns what stops it. */
  onEnqueued(listen: () => void): () => void;
  /**
   * Rows of a sink that may be sent now, oldest first: those whose time has come and which stand behind no row of their
   * key that still waits for its own time.
   */
  due(sink: string, limit: number, now: WallMs): OutboxRow[];
  /** The earliest time at which a row that waits may be tried again. */
  nextDueAt(sink: string): WallMs | undefined;
  depth(sink: string): { depth: number; oldestAt: WallMs | undefined };
  /** Names of sinks that have rows waiting, whether configured or not. */
  sinks(): string[];
  quarantined(sink?: string, limit?: number): QuarantinedRow[];
  /** Puts a quarantined row back at the end of its queue. Returns whether there was one. */
  release(id: number): boolean;
}

/** No row is told to wait longer than this, so a later time means that the wall clock was set back meanwhile. */
const LONGEST_WAIT_MS = 120_000;

const waits = (row: string): string => `${row}.next_at > ?3 AND ${row}.next_at <= ?3 + ${LONGEST_WAIT_MS}`;

const DUE = `
  SELECT id, sink, kind, key, payload, created_at, attempts FROM outbox AS o
  WHERE sink = ?1 AND NOT (${waits('o')}) AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.sink = o.sink AND earlier.key = o.key AND earlier.id < o.id AND earlier.next_at > 0 AND ${waits('earlier')})
  ORDER BY id LIMIT ?2`;

/** Makes the store. */
export function outboxStore(db: LedgerDb, clock: Clock): OutboxStore {
  const listeners = new Set<() => void>();
  const due = db.query<OutboxTableRow>(DUE);
  const next = db.query<{ at: number | null }>('SELECT min(next_at) AS at FROM outbox WHERE sink = ? AND next_at > 0');
  const count = db.query<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE sink = ?');
  const oldest = db.query<{ at: number }>('SELECT created_at AS at FROM outbox WHERE sink = ? ORDER BY id LIMIT 1');
  const names = db.query<{ sink: string }>('SELECT DISTINCT sink FROM outbox ORDER BY sink');
  const superseded = db.query<{ id: number }>('SELECT id FROM outbox WHERE sink = ? AND kind = ? AND key = ?');
  const quarantine = db.query<QuarantineTableRow>(
    'SELECT * FROM outbox_quarantine WHERE ?1 IS NULL OR sink = ?1 ORDER BY id DESC LIMIT ?2',
  );
  const quarantineById = db.query<QuarantineTableRow>('SELECT * FROM outbox_quarantine WHERE id = ?');

  const enqueueIn = (tx: Tx, rows: readonly NewOutboxRow[]): void => {
    for (const { latestOnly, ...row } of rows) {
      if (latestOnly) for (const { id } of superseded.all(row.sink, row.kind, row.key)) tx.remove('outbox', { id });
      tx.insert('outbox', { ...row, created_at: clock.now() });
    }
  };
  const announce = (): void => {
    for (const listen of listeners) listen();
  };

  return {
    ...outboxSettler(db, clock),
    enqueueIn,
    announce,
    enqueue(rows) {
      db.write('ledger: enqueue', (tx) => enqueueIn(tx, rows));
      announce();
    },
    onEnqueued(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    due: (sink, limit, now) => due.all(sink, limit, now).map(outboxRowOf),
    nextDueAt(sink) {
      const at = next.get(sink)?.at;
      return at ? wallMs(at) : undefined;
    },
    depth(sink) {
      const first = oldest.get(sink);
      return { depth: count.get(sink)!.n, oldestAt: first && wallMs(first.at) };
    },
    sinks: () => names.all().map((row) => row.sink),
    quarantined: (sink, limit = 100) => quarantine.all(sink ?? null, limit).map(quarantinedOf),
    release(id) {
      const row = quarantineById.get(id);
      if (!row) return false;
      db.write('ledger: release from quarantine', (tx) => {
        tx.remove('outbox_quarantine', { id });
        enqueueIn(tx, [{ sink: row.sink, kind: row.kind, key: row.key, payload: row.payload }]);
      });
      announce();
      return true;
    },
  };
}
