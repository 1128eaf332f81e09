import type { Clock } from '../../core/clock.js';
import { type CameraId, cameraId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** `done`: pictures were taken and looked at. `missed`: not visited in time, which is a finding against the system. */
export type VisitState = 'done' | 'missed';

/** What a visit found: counts by kind, such as `{ person: 2, 'cell phone': 1 }`. */
export interface VisitFacts {
  name: string;
  camera: CameraId;
  preset?: string;
  snapshots: Array<{ path: string; sha256: string; at: EventMs }>;
  counts: Record<string, number>;
  /** Health findings of the camera at that moment, by their codes. */
  findings: string[];
  /** Why it was missed, or what was not as asked: a stable code. */
  reason?: string;
}

/** One visit of one point in one round. */
export interface PatrolVisit {
  plan: string;
  /** When the round began, event time: with the plan it names the round. */
  round: EventMs;
  point: string;
  state: VisitState;
  at: EventMs;
  facts: VisitFacts;
}

export interface PatrolVisitStore {
  /** A second record of the same point and round is ignored. Returns whether it was the first. */
  add(visit: PatrolVisit): boolean;
  /** Visits of rounds that began in `from <= round < to`, newest round first, in the order of the visits. */
  list(from: EventMs, to: EventMs, plan?: string): PatrolVisit[];
  /** Points of a round that have a record. */
  pointsOf(plan: string, round: EventMs): string[];
}

interface Row {
  plan: string;
  round: number;
  point: string;
  state: string;
  at: number;
  record: string;
}

/** Makes the store. Append only. */
export function patrolVisitStore(db: LedgerDb, clock: Clock): PatrolVisitStore {
  const points = db.query<{ point: string }>(
    'SELECT point FROM patrol_visits WHERE plan = ? AND round = ? ORDER BY id',
  );
  const span = db.query<Row>(
    `SELECT * FROM patrol_visits WHERE round >= ?1 AND round < ?2 AND (?3 IS NULL OR plan = ?3)
     ORDER BY round DESC, plan, id`,
  );
  return {
    add: ({ plan, round, point, state, at, facts }) =>
      db.write('ledger: patrol visit', (tx) => {
        if (points.all(plan, round).some((row) => row.point === point)) return false;
        const record = JSON.stringify(facts);
        tx.insert('patrol_visits', { plan, round, point, state, at, record, created_at: clock.now() });
        return true;
      }),
    list: (from, to, plan) =>
      span.all(from, to, plan ?? null).map((row) => {
        const facts = JSON.parse(row.record) as VisitFacts;
        return {
          plan: row.plan,
          round: eventMs(row.round),
          point: row.point,
          state: row.state as VisitState,
          at: eventMs(row.at),
          facts: { ...facts, camera: cameraId(facts.camera) },
        };
      }),
    pointsOf: (plan, round) => points.all(plan, round).map(({ point }) => point),
  };
}
