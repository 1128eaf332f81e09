import { type Clock, sleep } from '../../core/clock.js';

/** True where `work` settled well within `ms`; false where it takes longer. What it throws is thrown. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([work.then(() => true), sleep(clock, ms, limit.signal).then(() => false)]);
  } finally {
    limit.abort();
  }
}
