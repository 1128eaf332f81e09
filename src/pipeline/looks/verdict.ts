import type { Box } from '../../core/geometry.js';
import type { EventMs } from '../../core/time.js';
import { type MotionState, stepMotion, viewLookedAt } from '../../detectors/motion/motionGate.js';

/** What is remembered of one camera's seats between two looks. */
export interface VerdictState {
  /** When the network was last asked, event time. */
  lookedAt: EventMs;
  /** What it said, in a form that can be compared. */
  said: string;
  /** Looks in a row that said this. */
  agreeing: number;
  motion: MotionState;
}

export interface VerdictOptions {
  /** Part of the picture that matters, fractions. */
  region: Box;
  /** Share of the region that has changed where something moved, 0-1; that of seats where absent. */
  leastShare?: number;
  /** The network is asked at least this often, ms: first, and once it has said the same many times. */
  verifyEveryMs: { first: number; longest: number };
}

/** Why the network is asked; `repeat` where it is not. */
export type Decision = 'first' | 'unsettled' | 'due' | 'motion' | 'repeat';

/** One look in doubt is confirmed by the next one before it may be repeated. */
const SETTLED = 2;
/** A picture a little before its time counts as due: two seconds are 1,997 ms now and then. */
const EARLY_MS = 500;

/**
 * Whether a picture must be looked at, or whether the last verdict holds for it: nothing has moved since that look, it agreed
 * with the one before, and it is not old. What somebody does slowly adds up, since the comparison is always with the picture of
 * the last look; who leaves without a trace in the small gray picture is found when the verdict is due.
 */
export function decide(
  state: VerdictState | undefined,
  { gray, at }: { gray: Uint8Array; at: EventMs },
  { region, leastShare, verifyEveryMs }: VerdictOptions,
): [VerdictState | undefined, Decision] {
  if (!state || at < state.lookedAt) return [undefined, 'first'];
  const [motion, moved] = stepMotion(state.motion, gray, region, leastShare);
  const next = { ...state, motion };
  if (state.agreeing < SETTLED) return [next, 'unsettled'];
  if (at - state.lookedAt >= goodForMs(state, verifyEveryMs) - EARLY_MS) return [next, 'due'];
  return [next, moved ? 'motion' : 'repeat'];
}

/** How long a verdict is good for: twice as long with each look that says the same, up to a bound. */
const goodForMs = ({ agreeing }: VerdictState, { first, longest }: VerdictOptions['verifyEveryMs']): number =>
  Math.min(longest, first * 2 ** (agreeing - SETTLED));

/** After the network answered for a picture. */
export function verified(
  state: VerdictState | undefined,
  { gray, at, said }: { gray: Uint8Array; at: EventMs; said: string },
): VerdictState {
  const agreeing = state?.said === said ? state.agreeing + 1 : 1;
  return { lookedAt: at, said, agreeing, motion: viewLookedAt(gray, state?.motion) };
}
