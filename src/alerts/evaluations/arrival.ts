import type { RosterPerson, SignInWindow } from '../../core/evaluation.js';
import type { EventMs } from '../../core/time.js';

/**
 * What an arrival is. `wrong-batch`: no window of this person is open, but one of the same category's other batch, or of
 * another category, is. `not-scheduled`: no window was set for them, so nothing is said about the time.
 */
export type ArrivalVerdict = 'on-time' | 'early' | 'late' | 'wrong-batch' | 'not-scheduled';

/** One recorded arrival. */
export interface Arrival {
  person: RosterPerson;
  at: EventMs;
}

export interface JudgedArrival {
  verdict: ArrivalVerdict;
  /** Somebody who signed in before; the first arrival counts. */
  duplicate: boolean;
  /** How far outside the nearest window of theirs, ms; 0 inside. */
  offMs: number;
}

/**
 * Judges one arrival against the windows of its evaluation. A window fits a person when its category and its batch are
 * theirs or empty; several may fit. The bounds are `from <= at < to`. Pure.
 * @param before when the same person had signed in already
 */
export function judgeArrival(
  { person, at }: Arrival,
  windows: readonly SignInWindow[],
  before: readonly EventMs[] = [],
): JudgedArrival {
  const duplicate = before.some((earlier) => earlier < at);
  const own = windows.filter((window) => fits(window, person));
  if (own.length === 0) return { verdict: 'not-scheduled', duplicate, offMs: 0 };
  if (own.some((window) => isIn(window, at))) return { verdict: 'on-time', duplicate, offMs: 0 };
  const offMs = Math.min(...own.map(({ from, to }) => (at < from ? from - at : at - to + 1)));
  if (windows.some((window) => isIn(window, at))) return { verdict: 'wrong-batch', duplicate, offMs };
  // Between two windows of their own somebody is late for the first, not early for the second.
  return { verdict: own.every(({ from }) => at < from) ? 'early' : 'late', duplicate, offMs };
}

const isIn = ({ from, to }: SignInWindow, at: EventMs): boolean => at >= from && at < to;

const fits = ({ category, batch }: SignInWindow, person: RosterPerson): boolean =>
  (category === '' || category === person.category) && (batch === '' || batch === person.batch);
