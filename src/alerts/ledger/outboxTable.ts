import type { OutboxRow } from '../../core/sink.js';
import { type WallMs, wallMs } from '../../core/time.js';

/** A row that its receiver will never take. */
export interface QuarantinedRow extends OutboxRow {
  reason: string;
  quarantinedAt: WallMs;
}

/** A row of table `outbox`, without what only SQL looks at. */
export interface OutboxTableRow {
  id: number;
  sink: string;
  kind: string;
  key: string;
  payload: string;
  created_at: number;
  attempts: number;
}

/** A row of table `outbox_quarantine`. */
export type QuarantineTableRow = OutboxTableRow & { reason: string; quarantined_at: number };

/** The row as a sink gets it. */
export const outboxRowOf = (row: OutboxTableRow): OutboxRow => ({
  id: row.id,
  sink: row.sink,
  kind: row.kind,
  key: row.key,
  payload: row.payload,
  createdAt: wallMs(row.created_at),
  attempts: row.attempts,
});

/** The row as an operator sees it. */
export const quarantinedOf = (row: QuarantineTableRow): QuarantinedRow => ({
  ...outboxRowOf(row),
  reason: row.reason,
  quarantinedAt: wallMs(row.quarantined_at),
});
