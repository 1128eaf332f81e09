import type { Clock } from '../../core/clock.js';
import { type CameraId, cameraId } from '../../core/ids.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { type ChainedRow, type ChainVerdict, chained, verifyChain } from './hashChain.js';

/** Who looked at which recording, for which unit and why (公共安全视频图像信息系统管理条例: 调阅登记). */
export interface NewViewing {
  user: string;
  unit: string;
  reason: string;
  /** Incident id, snapshot path, clip id. */
  object: string;
  camera?: CameraId;
  /** Span of the recording that was seen. */
  from?: EventMs;
  to?: EventMs;
}

export interface ViewingRecord extends NewViewing {
  seq: number;
  at: WallMs;
  hash: string;
}

export interface ViewingFilter {
  user?: string;
  object?: string;
  /** Only entries with a smaller `seq`. */
  before?: number;
  limit: number;
}

export interface ViewingStore {
  add(viewing: NewViewing): ViewingRecord;
  /** Newest first. */
  list(filter: ViewingFilter): ViewingRecord[];
  verify(): ChainVerdict;
}

interface Row extends ChainedRow {
  at: number;
  user: string;
  unit: string;
  reason: string;
  object: string;
  camera: string | null;
  from: number | null;
  to: number | null;
}

/** Makes the store. Append only, hash chained. */
export function viewingStore(db: LedgerDb, clock: Clock): ViewingStore {
  const last = db.query<Row>('SELECT * FROM viewing_register ORDER BY seq DESC LIMIT 1');
  const all = db.query<Row>('SELECT * FROM viewing_register ORDER BY seq');
  const filtered = db.query<Row>(
    `SELECT * FROM viewing_register WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR object = ?2)
     AND (?3 IS NULL OR seq < ?3) ORDER BY seq DESC LIMIT ?4`,
  );
  return {
    add: (viewing) =>
      db.write('ledger: viewing register', (tx) => {
        const { user, unit, reason, object, camera = null, from = null, to = null } = viewing;
        const row = chained(last.get(), { at: clock.now(), user, unit, reason, object, camera, from, to });
        tx.insert('viewing_register', row);
        return recordOf(row as Row);
      }),
    list: ({ user = null, object = null, before = null, limit }) =>
      filtered.all(user, object, before, limit).map(recordOf),
    verify: () => verifyChain(all.all()),
  };
}

function recordOf(row: Row): ViewingRecord {
  return {
    seq: row.seq,
    at: wallMs(row.at),
    user: row.user,
    unit: row.unit,
    reason: row.reason,
    object: row.object,
    camera: row.camera === null ? undefined : cameraId(row.camera),
    from: row.from === null ? undefined : eventMs(row.from),
    to: row.to === null ? undefined : eventMs(row.to),
    hash: row.hash,
  };
}
