import { type WallMs, wallMs } from './time.js';

/** A running timer. `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/**
 * The one door to the machine's clock. Everything that waits or stamps takes a `Clock`, so that a test can drive it.
 * `monotonicMs` never steps; `now` may step when an administrator or NTP sets the clock.
 */
export interface Clock {
  now(): WallMs;
  monotonicMs(): number;
  after(ms: number, run: () => void): Timer;
  every(ms: number, run: () => void): Timer;
}

/** The real clock. Timers keep the process alive like Node's own. */
export const systemClock: Clock = {
  now: () => wallMs(Date.now()),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const handle = setTimeout(run, ms);
    return { cancel: () => clearTimeout(handle) };
  },
  every(ms, run) {
    const handle = setInterval(run, ms);
    return { cancel: () => clearInterval(handle) };
  },
};

/** Resolves after `ms`, or at once when the signal fires; the caller checks `signal.aborted`. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
