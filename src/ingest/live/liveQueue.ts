import type { SourceItem } from '../../core/source.js';

/** What a live camera gives, waiting to be taken. */
export interface LiveQueue {
  push(item: SourceItem): void;
  /** No more items will come; iteration ends when the queue is empty. */
  end(error?: Error): void;
  /** Pictures replaced by a newer one before anybody looked. */
  readonly dropped: number;
  readonly size: number;
  items(): AsyncGenerator<SourceItem>;
}

/** An hour of ticks; a consumer that sleeps longer gets the newest hour. */
const MAX_WAITING = 3600;

/**
 * A queue in which the newest picture wins: a picture that still waits goes when the next one comes, and is counted.
 * Unlike `boundedQueue`, whose bound is one for all items, a tick here never drives a picture out, nor the reverse.
 */
export function liveQueue(): LiveQueue {
  const waiting: SourceItem[] = [];
  let dropped = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const drop = (type: SourceItem['type']): boolean => {
    const index = waiting.findIndex((item) => item.type === type);
    if (index < 0) return false;
    waiting.splice(index, 1);
    return true;
  };

  return {
    get size() {
      return waiting.length;
    },
    get dropped() {
      return dropped;
    },
    push(item) {
      if (ended) return;
      if (item.type === 'frame' && drop('frame')) dropped += 1;
      if (waiting.length >= MAX_WAITING) drop('tick');
      waiting.push(item);
      wake?.();
    },
    end(error) {
      ended = true;
      failure ??= error;
      wake?.();
    },
    async *items() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (failure) throw failure;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
