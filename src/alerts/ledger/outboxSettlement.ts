import type { Clock } from '../../core/clock.js';
import type { WallMs } from '../../core/time.js';
import type { LedgerDb, Query, Tx } from './database.js';
import type { OutboxTableRow } from './outboxTable.js';

/** What became of rows that were handed to a sink. */
export interface Settlement {
  accepted: readonly number[];
  rejected: ReadonlyArray<{ id: number; reason: string }>;
  /** To be tried again, each not before its own time. */
  retry: ReadonlyArray<{ id: number; nextAt: WallMs; error: string }>;
}

/** How the outbox takes down what a sink did. */
export interface Settler {
  /** One transaction: accepted rows go, rejected rows are quarantined, the others wait. Unknown ids are ignored. */
  settle(settlement: Settlement): void;
  /** Notes a try that failed for the whole sink. */
  noteFailure(ids: readonly number[], error: string): void;
}

/** Makes the settler. A settlement that the disk loses is a row sent twice, so the journal need not wait for it. */
export function outboxSettler(db: LedgerDb, clock: Clock): Settler {
  const byId = db.query<OutboxTableRow>('SELECT * FROM outbox WHERE id = ?');
  return {
    settle(settlement) {
      db.write('ledger: settle outbox', (tx) => settleIn(tx, byId, settlement, clock.now()), { durable: false });
    },
    noteFailure(ids, error) {
      const patchAll = (tx: Tx): void => {
        for (const id of ids) {
          const row = byId.get(id);
          if (row) tx.patch('outbox', { id }, { attempts: row.attempts + 1, last_error: error });
        }
      };
      db.write('ledger: note failure', patchAll, { durable: false });
    },
  };
}

function settleIn(tx: Tx, byId: Query<OutboxTableRow>, { accepted, rejected, retry }: Settlement, now: WallMs): void {
  for (const id of accepted) tx.remove('outbox', { id });
  for (const { id, reason } of rejected) {
    const row = byId.get(id);
    if (row) quarantine(tx, row, reason, now);
  }
  for (const { id, nextAt, error } of retry) {
    const row = byId.get(id);
    if (row) tx.patch('outbox', { id }, { attempts: row.attempts + 1, next_at: nextAt, last_error: error });
  }
}

function quarantine(tx: Tx, row: OutboxTableRow, reason: string, now: WallMs): void {
  const { id, sink, kind, key, payload, created_at } = row;
  const kept = { id, sink, kind, key, payload, created_at };
  tx.put('outbox_quarantine', { ...kept, attempts: row.attempts + 1, reason, quarantined_at: now });
  tx.remove('outbox', { id });
}
