import type { Clock, Timer } from '../../src/core/clock.js';
import { wallMs } from '../../src/core/time.js';

/** A clock that a test drives. `advance` runs due timers in order; `step` sets the wall clock without moving timers. */
export interface FakeClock extends Clock {
  /** Moves time on, running each timer at its instant and letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** The administrator sets the clock: `now` jumps, `monotonicMs` and timers do not. */
  step(ms: number): void;
  /** Timers still waiting. */
  readonly pending: number;
}

interface Waiting {
  dueMs: number;
  everyMs: number | undefined;
  run: () => void;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a clock standing at `startMs` (UTC ms). */
export function fakeClock(startMs = Date.UTC(2026, 9, 8, 1, 0, 0)): FakeClock {
  let monotonic = 0;
  let offset = startMs;
  const waiting = new Set<Waiting>();

  const add = (ms: number, everyMs: number | undefined, run: () => void): Timer => {
    const entry: Waiting = { dueMs: monotonic + Math.max(0, ms), everyMs, run };
    waiting.add(entry);
    return { cancel: () => void waiting.delete(entry) };
  };

  const earliest = (untilMs: number): Waiting | undefined =>
    [...waiting].filter((entry) => entry.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];

  return {
    now: () => wallMs(offset + monotonic),
    monotonicMs: () => monotonic,
    after: (ms, run) => add(ms, undefined, run),
    every: (ms, run) => add(ms, ms, run),
    get pending() {
      return waiting.size;
    },
    step(ms) {
      offset += ms;
    },
    async advance(ms) {
      const until = monotonic + ms;
      await settle();
      for (let entry = earliest(until); entry; entry = earliest(until)) {
        monotonic = Math.max(monotonic, entry.dueMs);
        if (entry.everyMs === undefined) waiting.delete(entry);
        else entry.dueMs += entry.everyMs;
        entry.run();
        await settle();
      }
      monotonic = until;
      await settle();
    },
  };
}
