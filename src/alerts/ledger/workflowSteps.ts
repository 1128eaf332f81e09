import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { IncidentId } from '../../core/ids.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { type ChainedRow, type ChainVerdict, chained, verifyChain } from './hashChain.js';
import { fromColumn, type JsonObject, toColumn } from './json.js';
import type { NewOutboxRow, OutboxStore } from './outboxRows.js';

/** One thing a person (or a deadline) did with an incident. */
export interface NewWorkflowStep {
  incident: IncidentId;
  /** Steps of this incident so far, plus one: refused as a conflict where somebody was faster. */
  ordinal: number;
  /** User id, or `system`. */
  actor: string;
  action: string;
  /** State before and after. */
  from: string;
  to: string;
  note?: string;
  /** Verdict, reason, evidence: whatever the action carries. */
  data?: JsonObject;
}

export interface WorkflowStepRecord extends NewWorkflowStep {
  /** Counts the steps of all incidents; the chain runs along it. */
  seq: number;
  at: WallMs;
  note: string;
  previousHash: string;
  hash: string;
}

/** `conflict`: the incident has a step with this ordinal already; read it again and decide anew. */
export type AppendOutcome = { outcome: 'committed'; step: WorkflowStepRecord } | { outcome: 'conflict' };

export interface WorkflowStepStore {
  /**
   * Adds a step, sets the incident's `workflow` to `to`, and queues `rows`, in one transaction.
   * @throws AppError `not-found` for an unknown incident, `storage`, `disk-full`
   */
  append(step: NewWorkflowStep, rows?: readonly NewOutboxRow[]): AppendOutcome;
  of(incident: IncidentId): WorkflowStepRecord[];
  /** Steps with a larger `seq`, ascending. */
  after(seq: number, limit: number): WorkflowStepRecord[];
  verify(): ChainVerdict;
}

interface Row extends ChainedRow {
  incident: string;
  ordinal: number;
  at: number;
  actor: string;
  action: string;
  from: string;
  to: string;
  note: string;
  data: string | null;
}

/** Makes the store. */
export function workflowStepStore(db: LedgerDb, outbox: OutboxStore, clock: Clock): WorkflowStepStore {
  const count = db.query<{ n: number }>('SELECT count(*) AS n FROM workflow_steps WHERE incident = ?');
  const last = db.query<Row>('SELECT * FROM workflow_steps ORDER BY seq DESC LIMIT 1');
  const byIncident = db.query<Row>('SELECT * FROM workflow_steps WHERE incident = ? ORDER BY ordinal');
  const bySeq = db.query<Row>('SELECT * FROM workflow_steps WHERE seq > ? ORDER BY seq LIMIT ?');

  return {
    append(step, rows = []) {
      const outcome = db.write<AppendOutcome>(`ledger: workflow step of ${step.incident}`, (tx) => {
        if (count.get(step.incident)!.n !== step.ordinal - 1) return { outcome: 'conflict' };
        const { incident, ordinal, actor, action, from, to, note = '', data } = step;
        const columns = { incident, ordinal, at: clock.now(), actor, action, from, to, note, data: toColumn(data) };
        const row = chained(last.get(), columns);
        if (!tx.patch('incidents', { id: incident }, { workflow: to })) {
          throw new AppError('not-found', `incident ${incident}: not in the ledger`);
        }
        tx.insert('workflow_steps', row);
        outbox.enqueueIn(tx, rows);
        return { outcome: 'committed', step: recordOf(row as Row) };
      });
      if (outcome.outcome === 'committed' && rows.length > 0) outbox.announce();
      return outcome;
    },
    of: (incident) => byIncident.all(incident).map(recordOf),
    after: (seq, limit) => bySeq.all(seq, limit).map(recordOf),
    verify: () => verifyChain(bySeq.all(0, -1)),
  };
}

function recordOf(row: Row): WorkflowStepRecord {
  return {
    seq: row.seq,
    incident: row.incident as IncidentId,
    ordinal: row.ordinal,
    at: wallMs(row.at),
    actor: row.actor,
    action: row.action,
    from: row.from,
    to: row.to,
    note: row.note,
    data: fromColumn<JsonObject>(row.data),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
