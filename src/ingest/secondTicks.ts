import { type EventMs, eventMs } from '../core/time.js';

const SECOND_MS = 1000;

/** Hands out each whole second of event time once, in order. */
export interface SecondTicks {
  /** Seconds not yet given that lie before `at`: what comes ahead of a picture taken at `at`. */
  before(at: EventMs): Generator<EventMs>;
  /** Seconds not yet given up to and including `at`. */
  upTo(at: EventMs): Generator<EventMs>;
}

/**
 * Ticks from `start` on. A tick at T says that everything captured up to and including T has been given, so a picture
 * taken exactly at T comes first.
 */
export function secondTicks(start: EventMs): SecondTicks {
  let next = Math.ceil(start / SECOND_MS) * SECOND_MS;
  function* until(limit: number): Generator<EventMs> {
    while (next <= limit) {
      const tick = eventMs(next);
      next += SECOND_MS;
      yield tick;
    }
  }
  return {
    before: (at) => until(at - 1),
    upTo: (at) => until(at),
  };
}
