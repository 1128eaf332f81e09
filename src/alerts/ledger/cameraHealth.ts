import type { CameraFinding, HealthEvent } from '../../core/health.js';
import { type CameraId, cameraId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

export interface CameraHealthStore {
  /** Writes down that a finding came or went. Of each camera the newest thousand are kept. */
  add(event: HealthEvent): void;
  /** Newest first. */
  of(camera: CameraId, limit: number): HealthEvent[];
}

interface Row {
  id: number;
  camera: string;
  finding: string;
  state: string;
  at: number;
  detail: string | null;
}

/** A camera that flaps for weeks does not fill the disk. */
const KEPT = 1000;

/** Makes the store. */
export function cameraHealthStore(db: LedgerDb): CameraHealthStore {
  const newest = db.query<Row>('SELECT * FROM camera_health WHERE camera = ? ORDER BY id DESC LIMIT ?');
  const beyond = db.query<{ id: number }>(
    'SELECT id FROM camera_health WHERE camera = ? ORDER BY id DESC LIMIT -1 OFFSET ?',
  );
  return {
    add({ camera, finding, state, at, detail }) {
      db.write('ledger: add camera health', (tx) => {
        tx.insert('camera_health', { camera, finding, state, at, detail: detail ?? null });
        for (const { id } of beyond.all(camera, KEPT)) tx.remove('camera_health', { id });
      });
    },
    of: (camera, limit) =>
      newest.all(camera, limit).map(({ finding, state, at, detail, ...row }) => ({
        camera: cameraId(row.camera),
        finding: finding as CameraFinding,
        state: state === 'raised' ? 'raised' : 'cleared',
        at: eventMs(at),
        ...(detail === null ? {} : { detail }),
      })),
  };
}
