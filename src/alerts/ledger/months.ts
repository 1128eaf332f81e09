import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { sha256 } from '../../core/hash.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** A month that was closed: its figures as they stood then, never changed afterwards. */
export interface FrozenMonth {
  /** `YYYY-MM`. */
  month: string;
  frozenAt: WallMs;
  /** User id, or `system`. */
  by: string;
  /** SHA-256 of `figures`, 64 hex digits. */
  hash: string;
  /** Canonical JSON, byte for byte what the hash was taken of. */
  figures: string;
}

export interface MonthStore {
  /** Closes a month for good. @throws AppError `conflict` where it is closed already */
  freeze(month: { month: string; by: string; figures: string }): FrozenMonth;
  /** @throws AppError `storage` where the figures are no longer those the hash was taken of */
  get(month: string): FrozenMonth | undefined;
  has(month: string): boolean;
  /** Newest month first, without their figures. */
  list(): Array<Omit<FrozenMonth, 'figures'>>;
}

interface Row {
  month: string;
  frozen_at: number;
  by: string;
  hash: string;
  figures: string;
}

/** Makes the store. A row is written once: there is no call that changes or removes one. */
export function monthStore(db: LedgerDb, clock: Clock): MonthStore {
  const one = db.query<Row>('SELECT * FROM frozen_months WHERE month = ?');
  const all = db.query<Omit<Row, 'figures'>>(
    'SELECT month, frozen_at, by, hash FROM frozen_months ORDER BY month DESC',
  );
  const exists = db.query<{ month: string }>('SELECT month FROM frozen_months WHERE month = ?');
  return {
    freeze: ({ month, by, figures }) =>
      db.write(`ledger: freeze month ${month}`, (tx) => {
        if (exists.get(month)) throw new AppError('conflict', `month ${month}: frozen already`);
        const row = { month, frozen_at: clock.now(), by, hash: sha256(figures), figures };
        tx.put('frozen_months', row);
        return frozenFromRow(row);
      }),
    get(month) {
      const row = one.get(month);
      if (row && sha256(row.figures) !== row.hash) {
        throw new AppError('storage', `month ${month}: its figures are not those that were frozen`, {
          hint: 'restore the ledger from a backup; the copies of the report that were sent out carry the hash',
        });
      }
      return row && frozenFromRow(row);
    },
    has: (month) => exists.get(month) !== undefined,
    list: () => all.all().map(({ month, frozen_at, by, hash }) => ({ month, frozenAt: wallMs(frozen_at), by, hash })),
  };
}

const frozenFromRow = ({ month, frozen_at, by, hash, figures }: Row): FrozenMonth => ({
  month,
  frozenAt: wallMs(frozen_at),
  by,
  hash,
  figures,
});
