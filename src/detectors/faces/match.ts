import { cosine, type Descriptor } from './describe.js';
import type { QualityVerdict } from './quality.js';

/** A person of the roster. */
export interface Template {
  person: string;
  /** `meanDescriptor` of the photos. */
  descriptor: Descriptor;
}

/**
 * `rostered`: on the roster. `stranger`: certainly nobody of it. `unidentified`: the face does not decide, so nothing is
 * claimed.
 */
export type FaceOutcome = 'rostered' | 'stranger' | 'unidentified';

export interface FaceMatch {
  /** The best candidate, whatever the outcome; absent where the roster is empty. */
  person?: string;
  /** Cosine with the best candidate, 0-1; 0 where the roster is empty. */
  similarity: number;
  /** What the outcome was decided by: see `evidenceOf`. */
  evidence: number;
  outcome: FaceOutcome;
}

/** Where evidence begins to decide; what to expect of other values stands in the README. */
export interface MatchLimits {
  /** Evidence from which on the face is the candidate's. */
  rostered: number;
  /** Evidence below which the face is nobody's of the roster. */
  stranger: number;
}

export const MATCH_LIMITS: MatchLimits = { rostered: 0.77, stranger: 0.7 };

/** The limits where a hall sets the first one itself; the README has the rates of each. */
export const limitsFrom = (rostered: number): MatchLimits => ({
  rostered,
  stranger: Math.min(MATCH_LIMITS.stranger, rostered),
});

/** How much being far ahead of the second candidate counts. */
const LEAD_WEIGHT = 0.5;
/** A second candidate is never taken to be less alike than this: people of one sex and age are so by chance. */
const CHANCE = 0.5;

/**
 * Similarity with the best candidate and half its lead over the second. A stranger who looks a little like one person of
 * a roster looks a little like others too; who is on it stands out. A photo's light and camera shift all candidates
 * alike, and the lead takes that away.
 */
export const evidenceOf = (best: number, second: number): number =>
  best + LEAD_WEIGHT * (best - Math.max(CHANCE, second));

/**
 * Compares a face with a roster.
 * @param quality a face that is not `good` is never called anything but `unidentified`
 */
export function matchFace(
  face: Descriptor,
  roster: readonly Template[],
  quality: QualityVerdict,
  limits: MatchLimits = MATCH_LIMITS,
): FaceMatch {
  let [best, second] = [-1, -1];
  let person: string | undefined;
  for (const template of roster) {
    const similarity = cosine(face, template.descriptor);
    if (similarity > best) [best, second, person] = [similarity, best, template.person];
    else if (similarity > second) second = similarity;
  }
  // An empty roster makes nobody a stranger: there is nothing to be strange to.
  if (person === undefined) return { similarity: 0, evidence: 0, outcome: 'unidentified' };
  const evidence = evidenceOf(best, second);
  const outcome = quality === 'good' ? outcomeOf(evidence, limits) : 'unidentified';
  return { person, similarity: Math.max(0, Math.min(1, best)), evidence, outcome };
}

function outcomeOf(evidence: number, limits: MatchLimits): FaceOutcome {
  if (evidence >= limits.rostered) return 'rostered';
  return evidence < limits.stranger ? 'stranger' : 'unidentified';
}
