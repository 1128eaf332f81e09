import { type CameraId, cameraId, type IncidentId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** A picture kept as proof of one step of an incident. The file lies in the evidence folder. */
export interface SnapshotRecord {
  incident: IncidentId;
  /** Step the picture belongs to. */
  ordinal: number;
  /** `plain`, `boxed` or `facts`. */
  kind: string;
  /** Relative to the evidence folder. */
  path: string;
  sha256: string;
  bytes: number;
  /** Capture time. */
  at: EventMs;
  camera?: CameraId;
}

export interface SnapshotStore {
  /** Refers to a file; a second one of the same incident, step and kind is ignored: evidence is never replaced. */
  add(snapshot: SnapshotRecord): void;
  /** By step, then kind. */
  of(incident: IncidentId): SnapshotRecord[];
}

interface Row extends Omit<SnapshotRecord, 'camera'> {
  camera: string | null;
}

/** Makes the store. */
export function snapshotStore(db: LedgerDb): SnapshotStore {
  const same = db.query<{ id: number }>('SELECT id FROM snapshots WHERE incident = ? AND ordinal = ? AND kind = ?');
  const byIncident = db.query<Row>('SELECT * FROM snapshots WHERE incident = ? ORDER BY ordinal, kind');
  return {
    add({ incident, ordinal, kind, path, sha256, bytes, at, camera }) {
      db.write('ledger: add snapshot', (tx) => {
        if (same.get(incident, ordinal, kind)) return;
        tx.insert('snapshots', { incident, ordinal, kind, path, sha256, bytes, at, camera: camera ?? null });
      });
    },
    of: (incident) =>
      byIncident.all(incident).map(({ ordinal, kind, path, sha256, bytes, at, camera }) => ({
        incident,
        ordinal,
        kind,
        path,
        sha256,
        bytes,
        at: eventMs(at),
        camera: camera === null ? undefined : cameraId(camera),
      })),
  };
}
