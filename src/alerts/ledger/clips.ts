import { type CameraId, cameraId, type IncidentId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/**
 * How far the clip of a step is. `incomplete`: some of its span was not recorded, `note` says why. `missing`: nothing of it
 * was. Neither is tried again.
 */
export type ClipState = 'waiting' | 'complete' | 'incomplete' | 'missing';

/** The clip that one step of an incident is owed. */
export interface ClipRecord {
  incident: IncidentId;
  ordinal: number;
  camera: CameraId;
  /** Wanted span, event time. */
  from: EventMs;
  to: EventMs;
  state: ClipState;
  /** Why it is not complete: stable codes, joined by `, `. */
  note: string;
}

export interface ClipStore {
  /** Notes that a clip is owed. A second one of the same step is ignored. */
  plan(clip: Pick<ClipRecord, 'incident' | 'ordinal' | 'camera' | 'from' | 'to'>): void;
  settle(incident: IncidentId, ordinal: number, outcome: { state: Exclude<ClipState, 'waiting'>; note: string }): void;
  /** Those still owed, oldest first. */
  waiting(): ClipRecord[];
  of(incident: IncidentId): ClipRecord[];
}

interface Row {
  incident: string;
  ordinal: number;
  camera: string;
  from: number;
  to: number;
  state: ClipState;
  note: string;
}

/** Makes the store. */
export function clipStore(db: LedgerDb): ClipStore {
  const one = db.query<Row>('SELECT * FROM clips WHERE incident = ? AND ordinal = ?');
  const byIncident = db.query<Row>('SELECT * FROM clips WHERE incident = ? ORDER BY ordinal');
  const owed = db.query<Row>(`SELECT * FROM clips WHERE state = 'waiting' ORDER BY "to"`);
  return {
    plan({ incident, ordinal, camera, from, to }) {
      db.write('ledger: plan clip', (tx) => {
        if (one.get(incident, ordinal)) return;
        tx.put('clips', { incident, ordinal, camera, from, to, state: 'waiting', note: '' });
      });
    },
    settle(incident, ordinal, { state, note }) {
      db.write('ledger: settle clip', (tx) => void tx.patch('clips', { incident, ordinal }, { state, note }));
    },
    waiting: () => owed.all().map(recordOf),
    of: (incident) => byIncident.all(incident).map(recordOf),
  };
}

const recordOf = (row: Row): ClipRecord => ({
  ...row,
  incident: row.incident as IncidentId,
  camera: cameraId(row.camera),
  from: eventMs(row.from),
  to: eventMs(row.to),
});
