/** A stretch `from <= t < to`, milliseconds of event time. Lists of spans here are in order and never overlap. */
export interface Span {
  from: number;
  to: number;
}

/** Any spans as an ordered list without overlap; what touches is joined, what is empty dropped. */
export function union(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from >= to) continue;
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** What lies in both lists. */
export function intersect(a: readonly Span[], b: readonly Span[]): Span[] {
  const result: Span[] = [];
  let j = 0;
  for (const { from, to } of a) {
    while (j < b.length && b[j]!.to <= from) j += 1;
    for (let k = j; k < b.length && b[k]!.from < to; k++) {
      result.push({ from: Math.max(from, b[k]!.from), to: Math.min(to, b[k]!.to) });
    }
  }
  return result;
}

/** What lies in the first list and not in the second. */
export function subtract(a: readonly Span[], b: readonly Span[]): Span[] {
  const result: Span[] = [];
  let j = 0;
  for (const { from, to } of a) {
    while (j < b.length && b[j]!.to <= from) j += 1;
    let open = from;
    for (let k = j; k < b.length && b[k]!.from < to; k++) {
      if (b[k]!.from > open) result.push({ from: open, to: b[k]!.from });
      open = Math.max(open, b[k]!.to);
    }
    if (open < to) result.push({ from: open, to });
  }
  return result;
}

/** Sum of the lengths, ms. */
export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** How much of the spans falls into each bucket `edges[i] <= t < edges[i + 1]`, ms. `edges` ascending. */
export function bucketSums(spans: readonly Span[], edges: readonly number[]): number[] {
  const sums = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  let bucket = 0;
  for (const { from, to } of spans) {
    while (bucket < sums.length && edges[bucket + 1]! <= from) bucket += 1;
    for (let k = bucket; k < sums.length && edges[k]! < to; k++) {
      sums[k]! += Math.min(to, edges[k + 1]!) - Math.max(from, edges[k]!);
    }
  }
  return sums;
}
