import type { Heard } from './network.js';

/** One place where a row of units may have been said. */
export interface UnitsFound {
  /** First and last step, both inside. */
  from: number;
  to: number;
  /** 0 is perfect, below it the mean lack a unit, in natural logarithm. */
  score: number;
}

export interface FindOptions {
  /** Least score. */
  threshold: number;
  /** Longest row, steps. */
  maxSteps: number;
}

/**
 * Each step's log-probabilities minus its greatest: what a path loses by choosing another unit than the likeliest.
 * Shape as `logProb`; shared by all words searched in one stretch.
 */
export function lossesOf({ steps, units, logProb }: Heard): Float32Array {
  const losses = new Float32Array(steps * units);
  for (let step = 0; step < steps; step += 1) {
    const row = logProb.subarray(step * units, (step + 1) * units);
    const best = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    for (let unit = 0; unit < units; unit += 1) losses[step * units + unit] = row[unit]! - best;
  }
  return losses;
}

/**
 * Where a row of units was said, best first and without overlaps: Viterbi over the CTC graph of the units (Graves et
 * al., 2006) with a free start and a free end, the path's loss divided by the number of units.
 *
 * @param losses of `lossesOf`, `steps * units`
 * @param wanted indices of at least one unit, none of them the blank
 */
export function findUnits(
  losses: Float32Array,
  units: number,
  wanted: readonly number[],
  { threshold, maxSteps }: FindOptions,
): UnitsFound[] {
  const found: UnitsFound[] = [];
  const path = newPath(wanted);
  for (let step = 0; (step + 1) * units <= losses.length; step += 1) {
    advance(path, losses.subarray(step * units, (step + 1) * units), step);
    const score = path.score.at(-1)! / wanted.length;
    const from = path.from.at(-1)!;
    if (score >= threshold && step - from < maxSteps) found.push({ from, to: step, score });
  }
  return withoutOverlaps(found);
}

/** Units and the blanks between them: state 2n is unit n. A path ends in the last unit, so none follows it. */
interface Path {
  labels: Int32Array;
  score: Float64Array;
  from: Int32Array;
}

function newPath(wanted: readonly number[]): Path {
  const states = 2 * wanted.length - 1;
  return {
    labels: Int32Array.from({ length: states }, (_, state) => (state % 2 === 0 ? wanted[state / 2]! : 0)),
    score: new Float64Array(states).fill(Number.NEGATIVE_INFINITY),
    from: new Int32Array(states),
  };
}

/** One step; from the last state on, so that every state still sees the step before. */
function advance({ labels, score, from }: Path, losses: Float32Array, step: number): void {
  for (let state = labels.length - 1; state >= 0; state -= 1) {
    let best = score[state]!;
    let start = from[state]!;
    const consider = (candidate: number, candidateStart: number): void => {
      if (candidate <= best) return;
      best = candidate;
      start = candidateStart;
    };
    if (state === 0) consider(0, step);
    else consider(score[state - 1]!, from[state - 1]!);
    // Between two different units the blank may be left out.
    const skips = state >= 2 && state % 2 === 0 && labels[state] !== labels[state - 2];
    if (skips) consider(score[state - 2]!, from[state - 2]!);
    score[state] = best + losses[labels[state]!]!;
    from[state] = start;
  }
}

function withoutOverlaps(found: UnitsFound[]): UnitsFound[] {
  const kept: UnitsFound[] = [];
  for (const one of found.sort((a, b) => b.score - a.score || a.from - b.from)) {
    if (kept.every((other) => one.to < other.from || one.from > other.to)) kept.push(one);
  }
  return kept;
}
