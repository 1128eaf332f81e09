import { boundedQueue } from '../../core/boundedQueue.js';
import type { SpeechEngine, SpeechEvent } from '../../core/speech.js';
import { type EventMs, plusMs } from '../../core/time.js';

/**
 * An engine that says what a script says: each stream gives the script's events, their times counted from its first
 * sample, once the sound up to their end has been written. What the sound holds does not matter.
 * @param script events with times in milliseconds from the stream's first sample
 */
export function replayEngine(script: readonly SpeechEvent[]): SpeechEngine {
  const byEnd = [...script].sort((a, b) => a.end - b.end);
  return {
    name: 'replay',
    open: () => {
      const queue = boundedQueue<SpeechEvent>({ capacity: byEnd.length + 1 });
      let start: EventMs | undefined;
      let said = 0;
      return {
        write: ({ at, sampleRate, samples }) => {
          start ??= at;
          const heardUpTo = at + (samples.length / sampleRate) * 1000;
          for (; said < byEnd.length; said += 1) {
            const event = byEnd[said]!;
            if (start + event.end > heardUpTo) break;
            queue.push({ ...event, start: plusMs(start, event.start), end: plusMs(start, event.end) });
          }
        },
        relist: () => {},
        events: () => queue,
        close: async () => queue.end(),
      };
    },
    health: () => ({ listening: true, reason: 'replay' }),
    close: async () => {},
  };
}
