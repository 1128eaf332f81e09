import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';

/** What is locked (锁定): an incident's evidence, an evaluation's, or a stretch of a camera's recording. */
export type HoldTarget =
  | { kind: 'incident'; id: string }
  | { kind: 'evaluation'; id: string }
  | { kind: 'camera'; id: string; from: EventMs; to: EventMs };

export interface NewHold {
  target: HoldTarget;
  reason: string;
  /** User id of the holder: nobody else may release it. */
  by: string;
}

export interface HoldRecord extends NewHold {
  id: number;
  placedAt: WallMs;
  releasedAt?: WallMs;
  releaseNote?: string;
}

export interface HoldStore {
  place(hold: NewHold): HoldRecord;
  /**
   * Ends a hold. @throws AppError `not-found`, `conflict` where it was released, `forbidden` for anybody but the holder
   */
  release(id: number, by: string, note: string): HoldRecord;
  get(id: number): HoldRecord | undefined;
  /** Those in force, oldest first. */
  active(): HoldRecord[];
  /** All, newest first. */
  list(limit: number): HoldRecord[];
}

interface Row {
  id: number;
  kind: HoldTarget['kind'];
  target: string;
  from: number | null;
  to: number | null;
  reason: string;
  by: string;
  placed_at: number;
  released_at: number | null;
  release_note: string | null;
}

/** Makes the store. Holds are released, never removed. */
export function holdStore(db: LedgerDb, clock: Clock): HoldStore {
  const one = db.query<Row>('SELECT * FROM holds WHERE id = ?');
  const inForce = db.query<Row>('SELECT * FROM holds WHERE released_at IS NULL ORDER BY id');
  const newest = db.query<Row>('SELECT * FROM holds ORDER BY id DESC LIMIT ?');
  return {
    place: ({ target, reason, by }) =>
      db.write('ledger: place hold', (tx) => {
        if (reason.trim() === '') throw new AppError('bad-input', 'hold: no reason is given');
        if (target.kind === 'camera' && target.to <= target.from) {
          throw new AppError('bad-input', 'hold: its end is not after its begin');
        }
        const span = target.kind === 'camera' ? { from: target.from, to: target.to } : { from: null, to: null };
        const { kind, id: name } = target;
        const id = tx.insert('holds', { kind, target: name, ...span, reason, by, placed_at: clock.now() });
        return recordOf(one.get(id)!);
      }),
    release: (id, by, note) =>
      db.write('ledger: release hold', (tx) => {
        const row = one.get(id);
        if (!row) throw new AppError('not-found', `hold ${id}: there is none`);
        if (row.released_at !== null) throw new AppError('conflict', `hold ${id}: was released already`);
        if (row.by !== by) {
          throw new AppError('forbidden', `hold ${id}: was placed by somebody else`, {
            hint: 'only who placed a hold can release it',
          });
        }
        tx.patch('holds', { id }, { released_at: clock.now(), release_note: note });
        return recordOf(one.get(id)!);
      }),
    get(id) {
      const row = one.get(id);
      return row && recordOf(row);
    },
    active: () => inForce.all().map(recordOf),
    list: (limit) => newest.all(limit).map(recordOf),
  };
}

const recordOf = (row: Row): HoldRecord => ({
  id: row.id,
  target: targetOf(row),
  reason: row.reason,
  by: row.by,
  placedAt: wallMs(row.placed_at),
  releasedAt: row.released_at === null ? undefined : wallMs(row.released_at),
  releaseNote: orUndefined(row.release_note),
});

const targetOf = ({ kind, target, from, to }: Row): HoldTarget =>
  kind === 'camera' ? { kind, id: target, from: eventMs(from ?? 0), to: eventMs(to ?? 0) } : { kind, id: target };
