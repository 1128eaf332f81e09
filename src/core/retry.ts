import { type Clock, sleep } from './clock.js';
import { AppError } from './errors.js';

/** Waits between tries, milliseconds: the n-th wait is `steps[min(n, last)]`, spread by `jitter`. */
export interface Ladder {
  stepsMs: readonly number[];
  /** Share of a step that is added or taken away at random, 0-1. */
  jitter: number;
}

/** 1 s x5, 5 s x5, 10 s x10, then 60 s: how a camera is called back. */
export const CAMERA_LADDER: Ladder = {
  stepsMs: [...Array(5).fill(1000), ...Array(5).fill(5000), ...Array(10).fill(10_000), 60_000],
  jitter: 0.2,
};

/** 1, 2, 4, ... 60 s: how a sink is tried again. */
export const SINK_LADDER: Ladder = { stepsMs: [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000], jitter: 0.2 };

/** The wait before try `attempt` (0 = first retry). `random` is in [0, 1). */
export function waitMs(ladder: Ladder, attempt: number, random: number): number {
  const step = ladder.stepsMs[Math.min(attempt, ladder.stepsMs.length - 1)] ?? 0;
  return Math.round(step * (1 + ladder.jitter * (2 * random - 1)));
}

export interface RetryOptions {
  ladder: Ladder;
  clock: Clock;
  signal: AbortSignal;
  /** Called before each wait. */
  onRetry?: (error: unknown, waitingMs: number, attempt: number) => void;
  random?: () => number;
}

/**
 * The one loop that tries again. Repeats `run` while it throws a retryable `AppError`; any other error passes through.
 * @throws AppError `cancelled` when the signal fires while waiting
 */
export async function retry<T>(run: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { ladder, clock, signal, onRetry, random = Math.random } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      if (!(error instanceof AppError && error.retryable)) throw error;
      const waitingMs = waitMs(ladder, attempt, random());
      onRetry?.(error, waitingMs, attempt);
      await sleep(clock, waitingMs, signal);
      if (signal.aborted) throw new AppError('cancelled', 'retry: stopped while waiting', { cause: error });
    }
  }
}
