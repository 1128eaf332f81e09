import { boundedQueue } from '../../core/boundedQueue.js';
import type { SpeechEngine, SpeechEvent } from '../../core/speech.js';
import { type EventMs, plusMs } from '../../core/time.js';

/** The gap is told in pieces while it lasts, so that a record made meanwhile has it. */
const PIECE_MS = 60_000;

/**
 * The engine of a hall that listens to nothing: all sound it is given comes out as gaps with the reason, so that
 * "no hit" never reads as "nothing was said".
 * @param reason a stable code, e.g. `no-model`
 */
export function noneEngine(reason = 'no-model'): SpeechEngine {
  return {
    name: 'none',
    open: () => {
      const queue = boundedQueue<SpeechEvent>({ capacity: 10_000 });
      let start: EventMs | undefined;
      let end: EventMs | undefined;
      return {
        write: ({ at, sampleRate, samples }) => {
          start ??= at;
          end = plusMs(at, Math.round((samples.length / sampleRate) * 1000));
          if (end - start < PIECE_MS) return;
          queue.push({ type: 'gap', start, end, reason });
          start = undefined;
        },
        relist: () => {},
        events: () => queue,
        close: async () => {
          if (start !== undefined && end !== undefined) queue.push({ type: 'gap', start, end, reason });
          start = undefined;
          queue.end();
        },
      };
    },
    health: () => ({ listening: false, reason }),
    close: async () => {},
  };
}
