import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { type SubjectId, subjectId } from '../../core/ids.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb, Tx } from './database.js';
import { orUndefined } from './json.js';

/** A registered leave (请假, 外出登记, AB岗): of a window, of a person, or of both. */
export interface NewLeave {
  subject?: SubjectId;
  person?: string;
  /** `from <= t < to`, event time. */
  from: EventMs;
  to: EventMs;
  /** `leave`, `out`, `cover`, or the hall's own code. */
  kind: string;
  note?: string;
  /** User id of who registered it. */
  by: string;
}

export interface LeaveRecord extends NewLeave {
  id: number;
  note: string;
  createdAt: WallMs;
  cancelledBy?: string;
  cancelledAt?: WallMs;
}

export interface LeaveStore {
  /** @throws AppError `bad-input` where it names neither window nor person, or ends before it begins */
  add(leave: NewLeave): LeaveRecord;
  /** All of them in one transaction, or none. @throws AppError as `add` */
  addAll(leaves: readonly NewLeave[]): LeaveRecord[];
  /** Returns whether there was one to cancel. It stays on record. */
  cancel(id: number, by: string): boolean;
  /** Leaves of a window that overlap the span and were not cancelled, by their begin. */
  of(subject: SubjectId, from: EventMs, to: EventMs): LeaveRecord[];
  /** All leaves that overlap the span, cancelled ones too, by their begin. */
  list(from: EventMs, to: EventMs): LeaveRecord[];
}

interface Row {
  id: number;
  subject: string | null;
  person: string | null;
  from: number;
  to: number;
  kind: string;
  note: string;
  by: string;
  created_at: number;
  cancelled_by: string | null;
  cancelled_at: number | null;
}

/** Makes the store. */
export function leaveStore(db: LedgerDb, clock: Clock): LeaveStore {
  const ofSubject = db.query<Row>(
    `SELECT * FROM leaves WHERE subject = ? AND "from" < ? AND "to" > ? AND cancelled_at IS NULL ORDER BY "from", id`,
  );
  const all = db.query<Row>(`SELECT * FROM leaves WHERE "from" < ? AND "to" > ? ORDER BY "from", id`);
  const waiting = db.query<Row>('SELECT * FROM leaves WHERE id = ? AND cancelled_at IS NULL');
  const insert = (tx: Tx, leave: NewLeave): LeaveRecord => {
    if (leave.subject === undefined && leave.person === undefined) {
      throw new AppError('bad-input', 'leave: neither a window nor a person is named');
    }
    if (leave.to <= leave.from) throw new AppError('bad-input', 'leave: its end is not after its begin');
    const { subject, person, from, to, kind, note = '', by } = leave;
    const createdAt = clock.now();
    const row = { subject: subject ?? null, person: person ?? null, from, to, kind, note, by, created_at: createdAt };
    return { ...leave, id: tx.insert('leaves', row), note, createdAt };
  };
  return {
    add: (leave) => db.write('ledger: register leave', (tx) => insert(tx, leave)),
    addAll: (leaves) => db.write('ledger: register leaves', (tx) => leaves.map((leave) => insert(tx, leave))),
    cancel: (id, by) =>
      db.write('ledger: cancel leave', (tx) => {
        if (!waiting.get(id)) return false;
        return tx.patch('leaves', { id }, { cancelled_by: by, cancelled_at: clock.now() });
      }),
    of: (subject, from, to) => ofSubject.all(subject, to, from).map(leaveFromRow),
    list: (from, to) => all.all(to, from).map(leaveFromRow),
  };
}

function leaveFromRow(row: Row): LeaveRecord {
  return {
    id: row.id,
    subject: row.subject === null ? undefined : subjectId(row.subject),
    person: orUndefined(row.person),
    from: eventMs(row.from),
    to: eventMs(row.to),
    kind: row.kind,
    note: row.note,
    by: row.by,
    createdAt: wallMs(row.created_at),
    cancelledBy: orUndefined(row.cancelled_by),
    cancelledAt: row.cancelled_at === null ? undefined : wallMs(row.cancelled_at),
  };
}
