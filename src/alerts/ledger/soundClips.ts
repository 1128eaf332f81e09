import type { IncidentId } from '../../core/ids.js';
import type { LedgerDb } from './database.js';

/**
 * What became of the sound around a hit. `waiting`: owed; `note` says why it is not written yet where a write failed.
 * `kept`: it lies among the incident's files. `missing`: it never will, `note` says why.
 */
export interface SoundClipRecord {
  incident: IncidentId;
  ordinal: number;
  state: 'waiting' | 'kept' | 'missing';
  /** A stable code: empty, `disk-full`, `storage`, `no-sound`, `service-down`. */
  note: string;
}

export interface SoundClipStore {
  /** Writes down how far a clip is; the newest word counts. @throws AppError `storage`, `disk-full` */
  set(clip: SoundClipRecord): void;
  /** By step. */
  of(incident: IncidentId): SoundClipRecord[];
  /** Those still owed. */
  waiting(): SoundClipRecord[];
}

type Row = Omit<SoundClipRecord, 'incident'> & { incident: string };

/** Makes the store. */
export function soundClipStore(db: LedgerDb): SoundClipStore {
  const byIncident = db.query<Row>('SELECT * FROM sound_clips WHERE incident = ? ORDER BY ordinal');
  const owed = db.query<Row>("SELECT * FROM sound_clips WHERE state = 'waiting' ORDER BY incident, ordinal");
  return {
    set: ({ incident, ordinal, state, note }) =>
      db.write('ledger: sound clip', (tx) => tx.put('sound_clips', { incident, ordinal, state, note })),
    of: (incident) => byIncident.all(incident).map(recordOf),
    waiting: () => owed.all().map(recordOf),
  };
}

const recordOf = (row: Row): SoundClipRecord => ({ ...row, incident: row.incident as IncidentId });
