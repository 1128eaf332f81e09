import type { EventMs } from '../../core/time.js';

/** Whether looks at one camera come too late for its pictures. */
export interface BehindState {
  dropped: number;
  /** When pictures were dropped, the newest last; only those of the last half minute. */
  drops: EventMs[];
  raised: boolean;
}

export const notBehind: BehindState = { dropped: 0, drops: [], raised: false };

const OVER_MS = 30_000;
/** One picture may be dropped by a hiccup of the network. */
const FROM = 3;

/**
 * A camera is behind when three pictures in half a minute were replaced by newer ones before anybody looked, and no longer
 * when half a minute has passed without one. Pure.
 * @param dropped pictures dropped since the camera was opened
 * @returns the next state, and whether the finding changed
 */
export function stepBehind(
  state: BehindState,
  { at, dropped }: { at: EventMs; dropped: number },
): [BehindState, boolean | undefined] {
  const fresh = Array.from({ length: Math.min(FROM, Math.max(0, dropped - state.dropped)) }, () => at);
  const drops = [...state.drops, ...fresh].filter((then) => at - then < OVER_MS).slice(-FROM);
  const raised = state.raised ? drops.length > 0 : drops.length >= FROM;
  return [{ dropped, drops, raised }, raised === state.raised ? undefined : raised];
}
