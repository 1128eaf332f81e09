import type { Ledger } from '../alerts/ledger/openLedger.js';
import { type Clock, sleep } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs } from '../core/time.js';
import { addMonths, monthOf, monthSpan } from '../reports/month/month.js';

export interface ObservationKeeperOptions {
  config: Pick<Config, 'site' | 'storage'>;
  ledger: Pick<Ledger, 'observationTrim' | 'months'>;
  /** Newest event time of the hall. */
  eventNow(): EventMs;
  clock: Clock;
  log: Logger;
}

const EVERY_MS = 6 * 3_600_000;
/** So many at once, and so long a pause: each is a row of the journal, and the loop stays free. */
const MOST_AT_ONCE = 1000;
const PAUSE_MS = 500;

/**
 * Removes observations that are older than `storage.keepObservations`, a whole month at a time and only once that month is
 * frozen: until then its figures are made from them. What explains an incident stays with it. Now and every six hours.
 */
export function observationKeeper(options: ObservationKeeperOptions): { stop(): Promise<void> } {
  const { ledger, clock, log } = options;
  const over = new AbortController();
  const sweep = async (): Promise<void> => {
    try {
      const before = forgettableBefore(options);
      let removed = 0;
      for (let some = MOST_AT_ONCE; before !== undefined && some === MOST_AT_ONCE && !over.signal.aborted; ) {
        some = ledger.observationTrim.forget(before, MOST_AT_ONCE);
        removed += some;
        if (some === MOST_AT_ONCE) await sleep(clock, PAUSE_MS, over.signal);
      }
      if (removed > 0) log.info({ removed }, 'old observations removed');
    } catch (error) {
      // What could not be removed now is tried again at the next turn.
      log.error({ error: messageOf(error) }, 'old observations not removed');
    }
  };
  let running = sweep();
  const timer = clock.every(EVERY_MS, () => {
    running = running.then(sweep);
  });
  return {
    async stop() {
      timer.cancel();
      over.abort();
      await running;
    },
  };
}

/** The end of the last of the frozen months that lie wholly before the time kept; undefined where there is none. */
function forgettableBefore({ config, ledger, eventNow }: ObservationKeeperOptions): EventMs | undefined {
  const oldest = ledger.observationTrim.oldest();
  if (oldest === undefined) return undefined;
  const { timeZone } = config.site;
  const limit = eventMs(eventNow() - config.storage.keepObservations);
  let before: EventMs | undefined;
  for (let name = monthOf(oldest, timeZone); ledger.months.has(name); name = addMonths(name, 1)) {
    const { to } = monthSpan(name, timeZone);
    if (to > limit) break;
    before = to;
  }
  return before;
}
