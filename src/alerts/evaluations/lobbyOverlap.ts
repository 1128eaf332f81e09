import { type EventMs, eventMs } from '../../core/time.js';

/** Somebody of a category seen in the lobby over a span, `from <= t < to`. */
export interface LobbyStay {
  category: string;
  from: EventMs;
  to: EventMs;
}

/** Two categories in the lobby together, longest first met. */
export interface Overlap {
  categories: [string, string];
  from: EventMs;
  to: EventMs;
}

/**
 * Spans in which people of two categories were in the lobby together without a break, longer than `overlapForMs`
 * (`overlapFor` of the rule; exactly that long is still allowed). Pure.
 */
export function overlapsOf(stays: readonly LobbyStay[], overlapForMs: number): Overlap[] {
  const categories = [...new Set(stays.map(({ category }) => category))].sort();
  const spans = new Map(categories.map((name) => [name, union(stays.filter(({ category }) => category === name))]));
  return categories
    .flatMap((a, i) =>
      categories.slice(i + 1).flatMap((b) =>
        spans.get(a)!.flatMap((first) =>
          spans.get(b)!.flatMap((second): Overlap[] => {
            const from = eventMs(Math.max(first.from, second.from));
            const to = eventMs(Math.min(first.to, second.to));
            return to - from > overlapForMs ? [{ categories: [a, b], from, to }] : [];
          }),
        ),
      ),
    )
    .sort((x, y) => x.from - y.from);
}

/** Overlapping and touching spans as one, in order. */
function union(stays: readonly LobbyStay[]): Array<{ from: EventMs; to: EventMs }> {
  const merged: Array<{ from: EventMs; to: EventMs }> = [];
  for (const { from, to } of [...stays].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = eventMs(Math.max(last.to, to));
    else if (to > from) merged.push({ from, to });
  }
  return merged;
}
