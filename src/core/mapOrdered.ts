/**
 * Maps an async stream with up to `ahead` calls under way at once and gives the results in the order of the input, so
 * that workers stay busy while nothing is reordered. An error of the source or of `map` surfaces at its own place.
 */
export async function* mapOrdered<T, R>(
  source: AsyncIterable<T>,
  map: (item: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<R> {
  const iterator = source[Symbol.asyncIterator]();
  const running: Array<Promise<IteratorResult<R>>> = [];
  let last: Promise<unknown> = Promise.resolve();

  const pull = (): void => {
    const next = last.then(() => iterator.next());
    last = next.catch(() => undefined);
    const mapped = next.then(
      async (result): Promise<IteratorResult<R>> =>
        result.done ? { done: true, value: undefined } : { done: false, value: await map(result.value) },
    );
    // The consumer sees the rejection when it reaches this place; until then it must not count as unhandled.
    mapped.catch(() => undefined);
    running.push(mapped);
  };

  try {
    for (let i = 0; i < Math.max(1, ahead); i++) pull();
    for (;;) {
      const result = await running.shift()!;
      if (result.done) return;
      pull();
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * Merges streams that are each in time order into one in time order. Equal times come in the order of `sources`, so the
 * result is the same on every run.
 */
export async function* mergeByTime<T>(sources: AsyncIterable<T>[], timeOf: (item: T) => number): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let first = -1;
      heads.forEach((head, i) => {
        if (head.done) return;
        const best = first < 0 ? undefined : heads[first];
        if (best === undefined || best.done || timeOf(head.value) < timeOf(best.value)) first = i;
      });
      const chosen = first < 0 ? undefined : heads[first];
      if (chosen === undefined || chosen.done) return;
      yield chosen.value;
      heads[first] = await iterators[first]!.next();
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}

/** A list as a stream, for what takes streams. */
export async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
