import { LEAST_COVERAGE, quantile, type Rate } from './rates.js';

/** Why somebody is listed without a place: they must not be compared with the others. */
export type Unranked =
  /** Seen for less than 90 % of the scheduled time. */
  | 'coverage'
  /** Too few days that could be judged. */
  | 'few'
  /** Watched for a much longer or shorter time than most. */
  | 'exposure';

/** What is ranked: `exposureS` is the time in which something could have been found, a subject's own or the mean of a group. */
export interface Candidate {
  key: string;
  name: string;
  rate: Rate;
  coverage: number | null;
  exposureS: number;
}

export interface Place extends Candidate {
  /** From 1; equal rates share a place and the next one is skipped. Null where it is not ranked. */
  place: number | null;
  unranked: Unranked | null;
  /** Whether the interval overlaps the best one's: the difference may be chance. */
  likeBest: boolean;
}

/** Days that must have been judged before a rate is compared. */
export const LEAST_DAYS = 10;
/** Exposures within this share of the median are called equal. */
export const EQUAL_EXPOSURE = 0.1;

/**
 * Places by rate, best first, among those with equal exposure; the others follow without a place, with the reason. Equal
 * rates share a place (1, 1, 3); within a place by name, so that the order says nothing.
 */
export function rank(candidates: readonly Candidate[]): Place[] {
  const reasonOf = reasonsFor(candidates);
  const ranked = candidates
    .filter((candidate) => reasonOf(candidate) === null)
    .sort((a, b) => b.rate.value! - a.rate.value! || byName(a, b));
  const best = ranked[0]?.rate;
  const places = ranked.map((candidate): Place => {
    const better = ranked.filter((other) => other.rate.value! > candidate.rate.value!).length;
    return { ...candidate, place: better + 1, unranked: null, likeBest: candidate.rate.high! >= best!.low! };
  });
  const others = candidates
    .filter((candidate) => reasonOf(candidate) !== null)
    .sort(byName)
    .map((candidate): Place => ({ ...candidate, place: null, unranked: reasonOf(candidate), likeBest: false }));
  return [...places, ...others];
}

function reasonsFor(candidates: readonly Candidate[]): (candidate: Candidate) => Unranked | null {
  const judged = ({ coverage, rate }: Candidate): Unranked | null => {
    if (coverage === null || coverage < LEAST_COVERAGE || rate.value === null) return 'coverage';
    return rate.whole < LEAST_DAYS ? 'few' : null;
  };
  const median =
    quantile(
      candidates.filter((c) => judged(c) === null).map((c) => c.exposureS),
      0.5,
    ) ?? 0;
  return (candidate) =>
    judged(candidate) ?? (Math.abs(candidate.exposureS - median) > median * EQUAL_EXPOSURE ? 'exposure' : null);
}

const byName = (a: Candidate, b: Candidate): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
