import type { Clock } from '../../core/clock.js';
import { type PersonId, personId } from '../../core/evaluation.js';
import { type CameraId, cameraId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';

/** `camera`: several looks of the sign-in camera agreed. `photo`: an uploaded photo matched. `manual`: somebody vouches. */
export type SignInWay = 'camera' | 'photo' | 'manual';

/** One recorded arrival. It is never changed: a mistake is followed by another entry. */
export interface NewSignIn {
  /** Whose list: an evaluation's id, or `:staff`. */
  list: string;
  person: PersonId;
  at: EventMs;
  way: SignInWay;
  /** `on-time`, `early`, `late`, `wrong-batch`, `not-scheduled`. */
  verdict: string;
  /** How far outside the window, ms. */
  offMs: number;
  duplicate: boolean;
  /** Which of the day's punches; staff only. */
  punch?: string;
  /** 0-1; absent with a manual entry. */
  similarity?: number;
  /** 0-1, advice of `antispoof`. */
  liveness?: number;
  camera?: CameraId;
  /** Relative to the folder of sign-in photos. */
  photo?: { path: string; sha256: string };
  /** User id of who entered it, `system` for a camera. */
  by: string;
  note?: string;
}

export interface SignInRecord extends NewSignIn {
  id: number;
  note: string;
}

export interface SignInStore {
  add(entry: NewSignIn): SignInRecord;
  get(id: number): SignInRecord | undefined;
  /** By time. */
  of(list: string): SignInRecord[];
  /** Entries of a list in a span, `from <= at < to`, by time. */
  within(list: string, from: EventMs, to: EventMs): SignInRecord[];
}

interface Row {
  id: number;
  list: string;
  person: string;
  at: number;
  way: string;
  verdict: string;
  off_ms: number;
  duplicate: number;
  punch: string | null;
  similarity: number | null;
  liveness: number | null;
  camera: string | null;
  photo_path: string | null;
  photo_sha256: string | null;
  by: string;
  note: string;
}

/** Makes the store. Append only. */
export function signInStore(db: LedgerDb, clock: Clock): SignInStore {
  const one = db.query<Row>('SELECT * FROM sign_ins WHERE id = ?');
  const byList = db.query<Row>('SELECT * FROM sign_ins WHERE list = ? AND at >= ? AND at < ? ORDER BY at, id');
  return {
    add: (entry) =>
      db.write('ledger: sign-in', (tx) => {
        const { offMs, duplicate, photo, note = '', ...rest } = entry;
        const id = tx.insert('sign_ins', {
          list: rest.list,
          person: rest.person,
          at: rest.at,
          way: rest.way,
          verdict: rest.verdict,
          off_ms: offMs,
          duplicate: duplicate ? 1 : 0,
          punch: rest.punch ?? null,
          similarity: rest.similarity ?? null,
          liveness: rest.liveness ?? null,
          camera: rest.camera ?? null,
          photo_path: photo?.path ?? null,
          photo_sha256: photo?.sha256 ?? null,
          by: rest.by,
          note,
          created_at: clock.now(),
        });
        return { ...entry, id, note };
      }),
    get: (id) => {
      const row = one.get(id);
      return row && recordOf(row);
    },
    of: (list) => byList.all(list, 0, Number.MAX_SAFE_INTEGER).map(recordOf),
    within: (list, from, to) => byList.all(list, from, to).map(recordOf),
  };
}

function recordOf(row: Row): SignInRecord {
  return {
    id: row.id,
    list: row.list,
    person: personId(row.person),
    at: eventMs(row.at),
    way: row.way as SignInWay,
    verdict: row.verdict,
    offMs: row.off_ms,
    duplicate: row.duplicate === 1,
    punch: orUndefined(row.punch),
    similarity: orUndefined(row.similarity),
    liveness: orUndefined(row.liveness),
    camera: row.camera === null ? undefined : cameraId(row.camera),
    photo:
      row.photo_path === null || row.photo_sha256 === null
        ? undefined
        : { path: row.photo_path, sha256: row.photo_sha256 },
    by: row.by,
    note: row.note,
  };
}
