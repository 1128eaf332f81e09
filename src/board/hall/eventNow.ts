import type { Clock } from '../../core/clock.js';
import type { LiveHub } from '../../core/live.js';
import { type EventMs, eventMs } from '../../core/time.js';

/**
 * The hall's present: the newest event time, which a recording or a simulation may have far from the wall clock. Before
 * anything was seen the wall clock is the best guess.
 */
export const eventNow =
  (live: Pick<LiveHub, 'snapshot'>, clock: Clock): (() => EventMs) =>
  () => {
    const { at } = live.snapshot();
    return at > 0 ? at : eventMs(clock.now());
  };
