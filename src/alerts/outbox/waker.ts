import { type Clock, sleep } from '../../core/clock.js';

/** A wait that somebody else can end. */
export interface Waker {
  /** Resolves after `ms`, at the next `wake`, or when the signal fires. A `wake` since the last wait counts. */
  wait(ms: number): Promise<void>;
  wake(): void;
}

/** Makes a waker for one waiting loop. */
export function makeWaker(clock: Clock, signal: AbortSignal): Waker {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async wait(ms) {
      if (!woken)
        await withStop(signal, (stop) => {
          end = stop.abort;
          return sleep(clock, ms, stop.signal);
        });
      end = undefined;
      woken = false;
    },
  };
}

/**
 * Runs something with a signal that also fires with `outer`. Not `AbortSignal.any`: on a signal that lives as long as the
 * process, Node 20 keeps something of each.
 */
export async function withStop<T>(
  outer: AbortSignal,
  run: (stop: { signal: AbortSignal; abort: () => void }) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (outer.aborted) abort();
  outer.addEventListener('abort', abort, { once: true });
  try {
    return await run({ signal: controller.signal, abort });
  } finally {
    outer.removeEventListener('abort', abort);
  }
}
