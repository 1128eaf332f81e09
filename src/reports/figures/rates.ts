/** Below this share of the time seen, no rate is printed: too much is unknown. */
export const LEAST_COVERAGE = 0.9;

/** Why a rate is not printed: too little was seen, or there is nothing to divide by. */
export type Withheld = 'coverage' | 'nothing';

/** A share of a whole, with the coverage it rests on. */
export interface Share {
  /** 0-1; null where it is withheld. */
  value: number | null;
  /** Share of the scheduled time in which the subjects could be seen, 0-1; null where nothing was scheduled. */
  coverage: number | null;
  withheld: Withheld | null;
}

/** A counted proportion with its 95 % interval. */
export interface Rate extends Share {
  part: number;
  whole: number;
  /** Wilson score interval, 0-1; null where the rate is withheld. */
  low: number | null;
  high: number | null;
}

const Z_95 = 1.959963984540054;

/**
 * The Wilson score interval of `part` of `whole` at 95 %: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22 (1927). Stays within 0-1 and is honest for small numbers. `whole` > 0.
 */
export function wilson(part: number, whole: number): { low: number; high: number } {
  const p = part / whole;
  const z2 = Z_95 ** 2;
  const centre = (p + z2 / (2 * whole)) / (1 + z2 / whole);
  const half = (Z_95 / (1 + z2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z2 / (4 * whole ** 2));
  return { low: part === 0 ? 0 : Math.max(0, centre - half), high: part === whole ? 1 : Math.min(1, centre + half) };
}

const withheldFor = (whole: number, coverage: number | null): Withheld | null => {
  if (whole <= 0) return 'nothing';
  return coverage === null || coverage >= LEAST_COVERAGE ? null : 'coverage';
};

/** A share of time. It has no interval: seconds of one day are no independent draws. */
export function shareOf(part: number, whole: number, coverage: number | null): Share {
  const withheld = withheldFor(whole, coverage);
  return { value: withheld ? null : rounded(part / whole), coverage, withheld };
}

/** A rate of counted cases. */
export function rateOf(part: number, whole: number, coverage: number | null): Rate {
  const withheld = withheldFor(whole, coverage);
  if (withheld) return { part, whole, value: null, low: null, high: null, coverage, withheld };
  const { low, high } = wilson(part, whole);
  return { part, whole, value: rounded(part / whole), low: rounded(low), high: rounded(high), coverage, withheld };
}

/** Six digits: enough for any table, few enough that equal figures are equal text on every machine. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * A quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, "Sample quantiles in statistical
 * packages", 1996). Undefined for no values.
 */
export function quantile(values: readonly number[], p: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}
