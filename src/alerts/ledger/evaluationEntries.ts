import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { type EvaluationId, evaluationId, type PersonId, personId } from '../../core/evaluation.js';
import { type RoomId, roomId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';

/** An exempt person let in (an agent, a notary, a technician), with who accompanies and why. */
export interface NewEvaluationEntry {
  evaluation: EvaluationId;
  room: RoomId;
  person: PersonId;
  enteredAt: EventMs;
  escort: string;
  reason: string;
  /** User id of who let them in. */
  by: string;
}

export interface EvaluationEntry extends NewEvaluationEntry {
  id: number;
  /** Absent while the person is inside. */
  leftAt?: EventMs;
  leftBy?: string;
}

export interface EvaluationEntryStore {
  /** @throws AppError `bad-input` without escort or reason, `conflict` where the person is inside already */
  enter(entry: NewEvaluationEntry): EvaluationEntry;
  /** Ends an entry. Returns false where it had ended. @throws AppError `bad-input` where it would end before it began */
  leave(id: number, at: EventMs, by: string): boolean;
  get(id: number): EvaluationEntry | undefined;
  /** All entries of an evaluation, oldest first. */
  of(evaluation: EvaluationId): EvaluationEntry[];
  /** Entries in a room that were open at an instant. */
  openIn(room: RoomId, at: EventMs): EvaluationEntry[];
}

interface Row {
  id: number;
  evaluation: string;
  room: string;
  person: string;
  entered_at: number;
  left_at: number | null;
  escort: string;
  reason: string;
  by: string;
  left_by: string | null;
}

/** Makes the store. Entries are ended, never removed. */
export function evaluationEntryStore(db: LedgerDb, clock: Clock): EvaluationEntryStore {
  const one = db.query<Row>('SELECT * FROM evaluation_entries WHERE id = ?');
  const byEvaluation = db.query<Row>('SELECT * FROM evaluation_entries WHERE evaluation = ? ORDER BY entered_at, id');
  const inside = db.query<Row>(
    'SELECT * FROM evaluation_entries WHERE evaluation = ? AND person = ? AND left_at IS NULL',
  );
  const atInstant = db.query<Row>(
    `SELECT * FROM evaluation_entries WHERE room = ? AND entered_at <= ? AND (left_at IS NULL OR left_at > ?)
     ORDER BY entered_at, id`,
  );
  return {
    enter: (entry) =>
      db.write('ledger: entry of an exempt person', (tx) => {
        const { evaluation, room, person, enteredAt, escort, reason, by } = entry;
        if (escort.trim() === '' || reason.trim() === '') {
          throw new AppError('bad-input', `entry of ${person}: escort and reason are both needed`);
        }
        if (inside.get(evaluation, person)) throw new AppError('conflict', `entry of ${person}: is inside already`);
        const id = tx.insert('evaluation_entries', {
          evaluation,
          room,
          person,
          entered_at: enteredAt,
          escort,
          reason,
          by,
          created_at: clock.now(),
        });
        return { ...entry, id };
      }),
    leave: (id, at, by) =>
      db.write('ledger: exempt person left', (tx) => {
        const row = one.get(id);
        if (!row || row.left_at !== null) return false;
        if (at < row.entered_at) throw new AppError('bad-input', `entry ${id}: its end is before its begin`);
        return tx.patch('evaluation_entries', { id }, { left_at: at, left_by: by });
      }),
    get: (id) => entryOf(one.get(id)),
    of: (evaluation) => byEvaluation.all(evaluation).map((row) => entryOf(row)!),
    openIn: (room, at) => atInstant.all(room, at, at).map((row) => entryOf(row)!),
  };
}

function entryOf(row: Row | undefined): EvaluationEntry | undefined {
  if (!row) return undefined;
  return {
    id: row.id,
    evaluation: evaluationId(row.evaluation),
    room: roomId(row.room),
    person: personId(row.person),
    enteredAt: eventMs(row.entered_at),
    leftAt: row.left_at === null ? undefined : eventMs(row.left_at),
    escort: row.escort,
    reason: row.reason,
    by: row.by,
    leftBy: orUndefined(row.left_by),
  };
}
