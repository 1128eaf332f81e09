/**
 * The same items, asked for `ahead` at a time, so that the next pictures are decoded while this one is looked at. Bound:
 * at most `ahead` items wait.
 */
export async function* prefetch<T>(source: AsyncIterable<T>, ahead: number): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const answer = iterator.next();
    // An error is thrown when its turn comes; until then nobody waits for it.
    answer.catch(() => undefined);
    return answer;
  };
  const asked = Array.from({ length: ahead }, ask);
  try {
    for (;;) {
      const { done, value } = await asked.shift()!;
      if (done) return;
      asked.push(ask());
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
