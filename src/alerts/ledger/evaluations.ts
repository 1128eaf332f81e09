import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import {
  type EvaluationId,
  type EvaluationSession,
  type EvaluationState,
  evaluationId,
} from '../../core/evaluation.js';
import type { RoomId } from '../../core/ids.js';
import { type EventMs, type WallMs, wallMs } from '../../core/time.js';
import { clashOf } from '../evaluations/clash.js';
import type { LedgerDb, Tx } from './database.js';
import { type ChainedRow, type ChainVerdict, chained, verifyChain } from './hashChain.js';

/** Who changed an evaluation, and how. */
export interface EvaluationChange {
  /** User id, `system`, or `import`. */
  by: string;
  /** `create`, `edit`, `open`, `close`. */
  action: string;
  note?: string;
}

/** One entry of an evaluation's history: the whole session as it stood after the change. */
export interface EvaluationChangeRecord extends EvaluationChange {
  seq: number;
  evaluation: EvaluationId;
  version: number;
  at: WallMs;
  note: string;
  session: EvaluationSession;
  hash: string;
}

export interface EvaluationFilter {
  state?: EvaluationState;
  room?: RoomId;
  /** Only evaluations whose planned or real span touches `from <= t < to`. */
  from?: EventMs;
  to?: EventMs;
  /** Default 500. */
  limit?: number;
  /** Default 0. */
  offset?: number;
}

export interface EvaluationStore {
  get(id: EvaluationId): EvaluationSession | undefined;
  /** By planned start, newest first. */
  list(filter?: EvaluationFilter): EvaluationSession[];
  /** How many match, whatever `limit` says. */
  count(filter?: EvaluationFilter): number;
  /** Evaluations of a project number, newest first. */
  ofProject(project: string): EvaluationSession[];
  /** The evaluation that ran in a room at an instant: opened at or before it and not closed by then. */
  openIn(room: RoomId, at: EventMs): EvaluationSession | undefined;
  /** All evaluations of a room, newest first. */
  ofRoom(room: RoomId): EvaluationSession[];
  /** Planned and open evaluations of a room, by planned start. */
  pendingIn(room: RoomId): EvaluationSession[];
  /**
   * Writes a session as its next version, with a line of history in the same transaction. `expectedVersion` is the version
   * the change was made from, 0 for a new one.
   * @returns the session with its new version
   * @throws AppError `conflict` where somebody was faster, or another evaluation has a room at the same time
   */
  save(session: EvaluationSession, expectedVersion: number, change?: EvaluationChange): EvaluationSession;
  /** Several sessions, all or none: what an import needs. Each must be new. @throws AppError `conflict` */
  addAll(sessions: readonly EvaluationSession[], change: EvaluationChange): EvaluationSession[];
  /** Every change, oldest first. */
  history(id: EvaluationId): EvaluationChangeRecord[];
  /** Called after each save is on the disk. Returns what ends it. The listener must not throw. */
  watch(listener: (session: EvaluationSession) => void): () => void;
  verify(): ChainVerdict;
}

interface Row {
  body: string;
}

interface ChangeRow extends ChainedRow {
  evaluation: string;
  version: number;
  at: number;
  by: string;
  action: string;
  note: string;
  body: string;
}

const IN_ROOM = 'id IN (SELECT evaluation FROM evaluation_rooms WHERE room = ?)';
const MATCHING = `(?1 IS NULL OR state = ?1)
  AND (?2 IS NULL OR id IN (SELECT evaluation FROM evaluation_rooms WHERE room = ?2))
  AND (?3 IS NULL OR max(planned_end, coalesce(closed_at, opened_at, 0)) > ?3 OR state = 'open')
  AND (?4 IS NULL OR min(planned_start, coalesce(opened_at, planned_start)) < ?4)`;
const BY_SYSTEM: EvaluationChange = { by: 'system', action: 'edit' };

/** Makes the store. The history is append only and hash chained. */
export function evaluationStore(db: LedgerDb, clock: Clock): EvaluationStore {
  const one = db.query<Row>('SELECT body FROM evaluations WHERE id = ?');
  const open = db.query<Row>(
    `SELECT body FROM evaluations WHERE ${IN_ROOM} AND opened_at <= ? AND (closed_at IS NULL OR closed_at > ?)`,
  );
  const notClosed = db.query<Row>(
    `SELECT body FROM evaluations WHERE state <> 'closed' AND ${IN_ROOM} ORDER BY planned_start, id`,
  );
  const byRoom = db.query<Row>(`SELECT body FROM evaluations WHERE ${IN_ROOM} ORDER BY planned_start DESC, id`);
  const filtered = db.query<Row>(
    `SELECT body FROM evaluations WHERE ${MATCHING} ORDER BY planned_start DESC, id LIMIT ?5 OFFSET ?6`,
  );
  const counted = db.query<{ n: number }>(`SELECT count(*) AS n FROM evaluations WHERE ${MATCHING}`);
  const byProject = db.query<Row>('SELECT body FROM evaluations WHERE project = ? ORDER BY planned_start DESC, id');
  const lastChange = db.query<ChangeRow>('SELECT * FROM evaluation_changes ORDER BY seq DESC LIMIT 1');
  const changesOf = db.query<ChangeRow>('SELECT * FROM evaluation_changes WHERE evaluation = ? ORDER BY seq');
  const allChanges = db.query<ChangeRow>('SELECT * FROM evaluation_changes ORDER BY seq');
  const listeners = new Set<(session: EvaluationSession) => void>();

  const get = (id: EvaluationId): EvaluationSession | undefined => sessionOf(one.get(id));
  const othersOf = (session: EvaluationSession): EvaluationSession[] =>
    session.rooms.flatMap(({ room }) => notClosed.all(room)).map((row) => sessionOf(row)!);

  const saveIn = (
    tx: Tx,
    session: EvaluationSession,
    { expectedVersion, change }: { expectedVersion: number; change: EvaluationChange },
  ): EvaluationSession => {
    const before = get(session.id);
    refuseStale(session.id, before?.version ?? 0, expectedVersion);
    const clash = clashOf(session, othersOf(session));
    if (clash) throw new AppError('conflict', clash.message, { hint: clash.hint });
    const saved = { ...session, version: expectedVersion + 1 };
    tx.put('evaluations', evaluationRow(saved));
    for (const { room } of before?.rooms ?? []) tx.remove('evaluation_rooms', { evaluation: session.id, room });
    for (const { room } of saved.rooms) tx.put('evaluation_rooms', { evaluation: session.id, room });
    tx.insert('evaluation_changes', changeRow(lastChange.get(), saved, { ...change, at: clock.now() }));
    return saved;
  };
  const announce = (sessions: readonly EvaluationSession[]): void => {
    for (const session of sessions) for (const listener of listeners) listener(session);
  };

  return {
    get,
    list: (filter = {}) =>
      filtered.all(...parametersOf(filter), filter.limit ?? 500, filter.offset ?? 0).map((row) => sessionOf(row)!),
    count: (filter) => counted.get(...parametersOf(filter))!.n,
    ofProject: (project) => byProject.all(project).map((row) => sessionOf(row)!),
    openIn: (room, at) => sessionOf(open.get(room, at, at)),
    ofRoom: (room) => byRoom.all(room).map((row) => sessionOf(row)!),
    pendingIn: (room) => notClosed.all(room).map((row) => sessionOf(row)!),
    save(session, expectedVersion, change = BY_SYSTEM) {
      const saved = db.write('ledger: save evaluation', (tx) => saveIn(tx, session, { expectedVersion, change }));
      announce([saved]);
      return saved;
    },
    addAll(sessions, change) {
      const saved = db.write('ledger: add evaluations', (tx) =>
        sessions.map((session) => saveIn(tx, session, { expectedVersion: 0, change })),
      );
      announce(saved);
      return saved;
    },
    history: (id) => changesOf.all(id).map(recordOf),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    verify: () => verifyChain(allChanges.all()),
  };
}

const parametersOf = ({ state, room, from, to }: EvaluationFilter = {}): Array<string | number | null> => [
  state ?? null,
  room ?? null,
  from ?? null,
  to ?? null,
];

const sessionOf = (row: Row | undefined): EvaluationSession | undefined =>
  row && (JSON.parse(row.body) as EvaluationSession);

function refuseStale(id: EvaluationId, current: number, expected: number): void {
  if (current === expected) return;
  throw new AppError('conflict', `evaluation ${id}: version ${expected} was changed, version ${current} is current`, {
    hint: current === 0 ? 'there is no such evaluation' : 'read it again and make the change anew',
  });
}

function evaluationRow(session: EvaluationSession) {
  return {
    id: session.id,
    project: session.project,
    project_name: session.projectName,
    state: session.state,
    planned_start: session.plannedStart,
    planned_end: session.plannedEnd,
    opened_at: session.openedAt ?? null,
    closed_at: session.closedAt ?? null,
    version: session.version,
    body: JSON.stringify(session),
  };
}

function changeRow(
  last: ChangeRow | undefined,
  session: EvaluationSession,
  { by, action, note = '', at }: EvaluationChange & { at: WallMs },
): ChainedRow {
  const body = JSON.stringify(session);
  return chained(last, { evaluation: session.id, version: session.version, at, by, action, note, body });
}

function recordOf(row: ChangeRow): EvaluationChangeRecord {
  return {
    seq: row.seq,
    evaluation: evaluationId(row.evaluation),
    version: row.version,
    at: wallMs(row.at),
    by: row.by,
    action: row.action,
    note: row.note,
    session: sessionOf(row)!,
    hash: row.hash,
  };
}
