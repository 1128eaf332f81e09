import type { CourtesyOutcome } from '../../core/courtesy.js';
import { type WindowId, windowId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import type { LedgerDb } from './database.js';

/** Whether polite phrases were said, session by session. No word that was said stands here. */
export interface CourtesyStore {
  add(outcome: CourtesyOutcome): void;
  /** Sessions that began in `from <= start < to`, oldest first; of one window, or of all. */
  list(window: WindowId | undefined, from: EventMs, to: EventMs): CourtesyOutcome[];
}

interface Row {
  window: string;
  start: number;
  greeting: string;
  farewell: string;
  wait: string;
}

/** Makes the store. */
export function courtesyStore(db: LedgerDb): CourtesyStore {
  const ofWindow = db.query<Row>('SELECT * FROM courtesy WHERE window = ? AND start >= ? AND start < ? ORDER BY start');
  const all = db.query<Row>('SELECT * FROM courtesy WHERE start >= ? AND start < ? ORDER BY start, window');
  return {
    add: ({ window, start, greeting, farewell, wait }) =>
      db.write('ledger: add courtesy', (tx) =>
        tx.put('courtesy', { window, start, greeting: `${greeting}`, farewell: `${farewell}`, wait: `${wait}` }),
      ),
    list: (window, from, to) =>
      (window === undefined ? all.all(from, to) : ofWindow.all(window, from, to)).map((row) => ({
        ...{ window: windowId(row.window), start: eventMs(row.start) },
        ...{ greeting: truthOf(row.greeting), farewell: truthOf(row.farewell) },
        wait: row.wait === 'not-due' ? 'not-due' : truthOf(row.wait),
      })),
  };
}

const truthOf = (text: string): Truth => (text === 'true' ? true : text === 'false' ? false : 'unknown');
