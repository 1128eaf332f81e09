import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** How long a condition must hold before it is said, ms of event time. */
export interface LatchTimes {
  raiseAfterMs: number;
  clearAfterMs: number;
}

/** Remembers whether a finding is raised and for how long the opposite has been seen. */
export interface Latch {
  raised: boolean;
  /** Time that speaks for a change, ms. */
  forMs: number;
  last: { at: EventMs; truth: Truth } | undefined;
}

export const openLatch: Latch = { raised: false, forMs: 0, last: undefined };

/** Pictures further apart than this prove nothing about the time between them. */
export const LONGEST_GAP_MS = 15_000;

/**
 * Carries a condition over time. What is seen again and again adds up; `unknown` stops the count and neither raises nor
 * clears; the contrary sets it back.
 */
export function stepLatch(
  latch: Latch,
  now: { at: EventMs; truth: Truth },
  times: LatchTimes,
): [Latch, Latch['raised'] | undefined] {
  const { at, truth } = now;
  if (truth === 'unknown') return [{ ...latch, last: now }, undefined];
  if (truth === latch.raised) return [{ ...latch, forMs: 0, last: now }, undefined];
  const gapMs = latch.last ? at - latch.last.at : 0;
  const counts = latch.last?.truth === truth && gapMs <= LONGEST_GAP_MS;
  const forMs = latch.forMs + (counts ? gapMs : 0);
  if (forMs < (truth ? times.raiseAfterMs : times.clearAfterMs)) return [{ ...latch, forMs, last: now }, undefined];
  return [{ raised: truth, forMs: 0, last: now }, truth];
}
