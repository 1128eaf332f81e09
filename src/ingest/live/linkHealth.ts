import { CAMERA_LADDER, waitMs } from '../../core/retry.js';

/** Why no picture comes, as far as ffmpeg's words tell. */
export type Blackout = 'offline' | 'auth-failed' | 'garbage';

const AUTH = /unauthorized|forbidden|authorization failed|access denied/i;
const LINK =
  /impossible to open|refused|timed out|no route|unreachable|not known|resolve|reset by peer|broken pipe|input\/output error|server returned|method \w+ failed|not found|immediate exit/i;
const DAMAGED =
  /invalid data|error while decoding|decode_slice|non-existing|no frame|invalid nal|missing picture|out of range|corrupt|could not find codec|illegal|error submitting/i;

/**
 * Reads the last lines of standard error. A refused password comes first, damage last: a broken link causes both, and
 * what never could be opened is not a damaged stream.
 */
export function blackoutOf(stderr: readonly string[]): Blackout {
  const all = stderr.join('\n');
  if (AUTH.test(all)) return 'auth-failed';
  if (LINK.test(all)) return 'offline';
  return DAMAGED.test(all) ? 'garbage' : 'offline';
}

/** Three evenly in five minutes, and a little: cameras lock an account after some wrong passwords. */
const AUTH_RETRY_MS = 105_000;

/** The wait before the next connection. `random` in [0, 1). */
export function reconnectWaitMs(cause: Blackout, attempt: number, random: number): number {
  if (cause === 'auth-failed') return Math.round(AUTH_RETRY_MS * (1 + 0.1 * random));
  return waitMs(CAMERA_LADDER, attempt, random);
}

const FLAPPING_OVER_MS = 10 * 60_000;
const FLAPPING_FROM = 3;

/** Connections lost in the last ten minutes, out of `lostMs` (any monotonic milliseconds, ascending). */
export const recentLosses = (lostMs: readonly number[], nowMs: number): number[] =>
  lostMs.filter((ms) => nowMs - ms < FLAPPING_OVER_MS);

/** Flapping begins with the third loss in ten minutes and ends when ten minutes have passed without one. */
export function isFlapping(recent: readonly number[], before: boolean): boolean {
  return before ? recent.length > 0 : recent.length >= FLAPPING_FROM;
}

/** Median of the last distances, seconds; undefined below `least` of them. */
export function usualS(distancesMs: readonly number[], least: number): number | undefined {
  if (distancesMs.length < least) return undefined;
  const sorted = [...distancesMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]! / 1000;
}
