import { type EventMs, eventMs } from '../core/time.js';
import type { ClassedSpan, TimeClass } from '../detectors/rules/coverage.js';

const MINUTE_MS = 60_000;

/** How one minute of a subject's time divides, milliseconds; the four add up to what was accounted for in it. */
export interface Minute {
  /** Beginning of the minute, event time. */
  at: EventMs;
  ms: Record<TimeClass, number>;
}

/** Sums settled spans by minute and hands out each minute once it is over. */
export interface MinuteBook {
  add(spans: readonly ClassedSpan[]): void;
  /** Minutes that ended at or before `at` and were not handed out yet, oldest first. */
  take(at: EventMs): Minute[];
}

const emptyMinute = (at: number): Minute => ({
  at: eventMs(at),
  ms: { present: 0, absent: 0, unknown: 0, exempt: 0 },
});

/** Makes an empty book. It holds the current minute and those not yet taken. */
export function minuteBook(): MinuteBook {
  const minutes = new Map<number, Minute>();
  return {
    add(spans) {
      for (const span of spans) {
        for (let from: number = span.from; from < span.to; ) {
          const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
          const to = Math.min(span.to, start + MINUTE_MS);
          const minute = minutes.get(start) ?? emptyMinute(start);
          minute.ms[span.class] += to - from;
          minutes.set(start, minute);
          from = to;
        }
      }
    },
    take(at) {
      const done = [...minutes.values()].filter((minute) => minute.at + MINUTE_MS <= at);
      for (const minute of done) minutes.delete(minute.at);
      return done.sort((a, b) => a.at - b.at);
    },
  };
}
