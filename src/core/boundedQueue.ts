/** A queue between two hops that never grows past its bound: the oldest goes, and is counted. */
export interface BoundedQueue<T> extends AsyncIterable<T> {
  /** Adds an item; where full, the oldest one that `canDrop` allows goes first. */
  push(item: T): void;
  /** No more items will come; iteration ends once the queue is empty. */
  end(): void;
  readonly size: number;
  readonly dropped: number;
}

export interface BoundedQueueOptions<T> {
  capacity: number;
  /** Which items may be dropped. Default: all. Where none may, the queue grows by that item. */
  canDrop?: (item: T) => boolean;
}

/** Makes a queue for one producer and one consumer. */
export function boundedQueue<T>({ capacity, canDrop = () => true }: BoundedQueueOptions<T>): BoundedQueue<T> {
  const items: T[] = [];
  let dropped = 0;
  let ended = false;
  let wake: (() => void) | undefined;

  const signal = (): void => {
    wake?.();
    wake = undefined;
  };

  return {
    get size() {
      return items.length;
    },
    get dropped() {
      return dropped;
    },
    push(item) {
      if (ended) return;
      if (items.length >= capacity) {
        const victim = items.findIndex(canDrop);
        if (victim >= 0) {
          items.splice(victim, 1);
          dropped += 1;
        }
      }
      items.push(item);
      signal();
    },
    end() {
      ended = true;
      signal();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (items.length > 0) yield items.shift()!;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
