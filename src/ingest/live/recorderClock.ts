import type { Clock } from '../../core/clock.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** The clock that event times of all live cameras are anchored to. */
export interface RecorderClock {
  now(): EventMs;
  /** How far this machine's wall clock has moved away since, milliseconds: somebody or NTP set it. */
  steppedMs(): number;
}

/**
 * Reads the wall clock once and goes on by the monotonic clock, so that a clock that is set moves no event time. Make one
 * for all cameras: they then agree. `offsetMs` is added where the recorder's clock is known to differ from this machine's.
 */
export function recorderClock(clock: Clock, offsetMs = 0): RecorderClock {
  const base = clock.now() + offsetMs - clock.monotonicMs();
  const now = (): number => base + clock.monotonicMs();
  return {
    now: () => eventMs(Math.round(now())),
    steppedMs: () => Math.round(clock.now() + offsetMs - now()),
  };
}
