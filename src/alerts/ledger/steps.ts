import type { Clock } from '../../core/clock.js';
import type { IncidentId } from '../../core/ids.js';
import type { AlertStep } from '../../core/incident.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { noteStep } from './incidents.js';
import type { NewOutboxRow, OutboxStore } from './outboxRows.js';

/** A step as it stands in the ledger. `seq` counts all steps from 1 without gaps. */
export interface StoredStep {
  seq: number;
  step: AlertStep;
  recordedAt: WallMs;
}

/** `duplicate`: the ledger had this step (same incident and ordinal) and nothing was changed; `seq` is that step's. */
export type CommitOutcome = { outcome: 'committed'; seq: number } | { outcome: 'duplicate'; seq: number };

/** Rows to send, or how to make them once the step's `seq` is known. */
export type StepRows = readonly NewOutboxRow[] | ((seq: number) => readonly NewOutboxRow[]);

export interface StepStore {
  /**
   * Incident, step and outbox rows in one transaction; when this returns they are on the disk.
   * @throws AppError `storage` or `disk-full`
   */
  commit(step: AlertStep, rows: StepRows): CommitOutcome;
  /** Steps with a larger `seq`, ascending, at most `limit`. */
  after(seq: number, limit: number): StoredStep[];
  of(incident: IncidentId): StoredStep[];
  /** 0 for an empty ledger. */
  lastSeq(): number;
}

interface StepRow {
  seq: number;
  step: string;
  recorded_at: number;
}

/** Makes the store. */
export function stepStore(db: LedgerDb, outbox: OutboxStore, clock: Clock): StepStore {
  const bySeq = db.query<StepRow>('SELECT * FROM steps WHERE seq > ? ORDER BY seq LIMIT ?');
  const byIncident = db.query<StepRow>('SELECT * FROM steps WHERE incident = ? ORDER BY ordinal');
  const same = db.query<{ seq: number }>('SELECT seq FROM steps WHERE incident = ? AND ordinal = ?');
  const last = db.query<{ seq: number | null }>('SELECT max(seq) AS seq FROM steps');
  const note = noteStep(db);

  return {
    commit(step, rows) {
      const outcome = db.write<CommitOutcome>(`ledger: commit step ${step.id}.${step.ordinal}`, (tx) => {
        const known = same.get(step.id, step.ordinal);
        if (known) return { outcome: 'duplicate', seq: known.seq };
        const seq = tx.insert('steps', {
          incident: step.id,
          ordinal: step.ordinal,
          step: JSON.stringify(step),
          recorded_at: clock.now(),
        });
        note(tx, step, seq);
        outbox.enqueueIn(tx, typeof rows === 'function' ? rows(seq) : rows);
        return { outcome: 'committed', seq };
      });
      if (outcome.outcome === 'committed') outbox.announce();
      return outcome;
    },
    after: (seq, limit) => bySeq.all(seq, limit).map(stepFromRow),
    of: (incident) => byIncident.all(incident).map(stepFromRow),
    lastSeq: () => last.get()?.seq ?? 0,
  };
}

function stepFromRow(row: StepRow): StoredStep {
  return { seq: row.seq, step: JSON.parse(row.step) as AlertStep, recordedAt: wallMs(row.recorded_at) };
}
