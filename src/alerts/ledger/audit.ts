import type { Clock } from '../../core/clock.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { type ChainedRow, type ChainVerdict, chained, verifyChain } from './hashChain.js';
import { fromColumn, type JsonObject, orUndefined, toColumn } from './json.js';

/** Something somebody did with the product itself: a login, a changed rule, an export. */
export interface NewAuditEntry {
  /** User id, `system`, or `anonymous`. */
  actor: string;
  action: string;
  /** What it was done to: an id or a path. */
  object: string;
  detail?: JsonObject;
  /** Network address it came from. */
  address?: string;
}

export interface AuditRecord extends NewAuditEntry {
  seq: number;
  at: WallMs;
  hash: string;
}

export interface AuditFilter {
  actor?: string;
  action?: string;
  object?: string;
  /** Only entries with a smaller `seq`. */
  before?: number;
  limit: number;
}

export interface AuditStore {
  append(entry: NewAuditEntry): AuditRecord;
  /** Newest first. */
  list(filter: AuditFilter): AuditRecord[];
  verify(): ChainVerdict;
}

interface Row extends ChainedRow {
  at: number;
  actor: string;
  action: string;
  object: string;
  detail: string | null;
  address: string | null;
}

/** Makes the store. Append only, hash chained. */
export function auditStore(db: LedgerDb, clock: Clock): AuditStore {
  const last = db.query<Row>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const all = db.query<Row>('SELECT * FROM audit ORDER BY seq');
  const filtered = db.query<Row>(
    `SELECT * FROM audit WHERE (?1 IS NULL OR actor = ?1) AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR object = ?3)
     AND (?4 IS NULL OR seq < ?4) ORDER BY seq DESC LIMIT ?5`,
  );
  return {
    append: (entry) =>
      db.write('ledger: audit', (tx) => {
        const { actor, action, object, detail, address = null } = entry;
        const row = chained(last.get(), { at: clock.now(), actor, action, object, detail: toColumn(detail), address });
        tx.insert('audit', row);
        return recordOf(row as Row);
      }),
    list: ({ actor = null, action = null, object = null, before = null, limit }) =>
      filtered.all(actor, action, object, before, limit).map(recordOf),
    verify: () => verifyChain(all.all()),
  };
}

function recordOf(row: Row): AuditRecord {
  return {
    seq: row.seq,
    at: wallMs(row.at),
    actor: row.actor,
    action: row.action,
    object: row.object,
    detail: fromColumn<JsonObject>(row.detail),
    address: orUndefined(row.address),
    hash: row.hash,
  };
}
