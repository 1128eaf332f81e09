import type { Workflow } from '../../alerts/workflow/workflow.js';

/** What people said of a hit. An excused hit was said all the same. */
export type HitVerdict = 'confirmed' | 'rejected' | 'undecided';

/** "Cannot tell" decides nothing. */
export function verdictOf(loop: Workflow): HitVerdict {
  const verdict = loop.verdict?.verdict;
  if (verdict === 'confirmed' || verdict === 'excused') return 'confirmed';
  return verdict === 'false-alarm' ? 'rejected' : 'undecided';
}
