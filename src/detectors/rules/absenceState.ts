import type { WindowState } from '../../core/live.js';
import type { Priority } from '../../core/rule.js';
import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** A looked-at value: it holds from `at` until the next look, at most `staleAfter`; then it is unknown. */
export interface Held {
  at: EventMs | null;
  value: Truth;
}

/** Somebody is visible while the window counts as away: a return that is not yet proved. */
export interface Comeback {
  /** The first look that showed the person. */
  since: EventMs;
  heldMs: number;
  unknownMs: number;
}

/** One stretch of "not seen", from the first look that showed nobody. All durations in milliseconds. */
export interface Episode {
  /** `grace`: too short to mean anything. `away`: pending. `open`: raised. */
  phase: 'grace' | 'away' | 'open';
  start: EventMs;
  /** Time known to be away since `start`, disproved comebacks included. */
  awayMs: number;
  /** Time since `start` of which nothing is known. */
  unknownMs: number;
  /** The end of `awayMs` (or of the comeback's `heldMs`) that rests on the last look alone and may be taken back. */
  looseMs: number;
  comeback: Comeback | null;
  /** Tiers reached: 0 at the raise. */
  tier: number;
  priority: Priority;
  /** How long a citizen has been waiting now, and the longest wait before. */
  waitMs: number;
  longestWaitMs: number;
  /** The ends of `waitMs` that rest on the last staff look and on the last citizen look alone. */
  waitLooseStaffMs: number;
  waitLooseCitizensMs: number;
}

/** Everything the absence rule remembers of one window. Plain JSON: it survives a restart as it is. */
export interface AbsenceState {
  /** Event time that is accounted for; null before the first observation. */
  at: EventMs | null;
  /** Whether enough staff were seen. */
  staff: Held;
  /** The last count, for the reader. */
  staffCount: number | 'unknown';
  /** Whether a citizen was seen. */
  citizens: Held;
  /** The roster's word. Nothing is counted unless it is true. */
  expected: Truth;
  episode: Episode | null;
  /** What the board shows, and since when. */
  shown: { state: WindowState; since: EventMs } | null;
}

/** The state before the first observation. `expected`: the roster's word until the first `expected` observation. */
export const initialAbsence = (expected: Truth): AbsenceState => ({
  at: null,
  staff: { at: null, value: 'unknown' },
  staffCount: 'unknown',
  citizens: { at: null, value: 'unknown' },
  expected,
  episode: null,
  shown: null,
});

/** A copy that one step may write to without touching the state it came from. */
export function draftOf(state: AbsenceState): AbsenceState {
  const episode = state.episode && {
    ...state.episode,
    comeback: state.episode.comeback && { ...state.episode.comeback },
  };
  return { ...state, staff: { ...state.staff }, citizens: { ...state.citizens }, episode };
}

/** An episode that begins with a look at `start` showing nobody. */
export const episodeFrom = (start: EventMs): Episode => ({
  phase: 'grace',
  start,
  awayMs: 0,
  unknownMs: 0,
  looseMs: 0,
  comeback: null,
  tier: 0,
  priority: 'normal',
  waitMs: 0,
  longestWaitMs: 0,
  waitLooseStaffMs: 0,
  waitLooseCitizensMs: 0,
});
