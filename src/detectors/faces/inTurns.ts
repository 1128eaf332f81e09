/** As many crops are prepared before the loop may do something else. */
const AT_ONCE = 4;

/** Runs `work` over items, a few at a time, so that neither the loop nor the queue of the pool fills up. In order. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}
