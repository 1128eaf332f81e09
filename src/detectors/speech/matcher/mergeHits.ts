import type { SpeechHit } from '../soundHits.js';

/** Hits of one word shortly after each other. */
export interface MergedHit extends SpeechHit {
  /** How often the word was said, at least 1. */
  count: number;
}

/**
 * Hits of the same word that begin within `withinMs` of the first of them become one with a counter; its tier is that
 * of the first. Hits come in the order of their start.
 */
export function mergeHits(hits: readonly SpeechHit[], withinMs = 30_000): MergedHit[] {
  const merged: MergedHit[] = [];
  const open = new Map<string, MergedHit>();
  for (const hit of hits) {
    const first = open.get(hit.word);
    if (first && hit.start - first.start <= withinMs) {
      first.count += 1;
      if (hit.end > first.end) first.end = hit.end;
    } else {
      const next = { ...hit, count: 1 };
      open.set(hit.word, next);
      merged.push(next);
    }
  }
  return merged;
}
