import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { type EdgeList, edgesOf, matchEdges } from './edges.js';
import type { PictureFacts } from './picture.js';
import { findShift, type Shift } from './shift.js';
import { halfOf, type View } from './view.js';

export interface MovedState {
  /** The new view that a moved camera would have, while it is only suspected. */
  candidate: EdgeList | undefined;
  /** The last search over shifts and what it gave: searching each picture would cost too much. */
  searched: { at: EventMs; shift: Shift } | undefined;
}

export const freshMoved: MovedState = { candidate: undefined, searched: undefined };

/** Edges are asked for in at least this many cells, or a plain wall would move with every picture. */
const FEWEST_STRUCTURED = 12;
/** From this share of matching cells on, the view is the old one. */
const SAME_VIEW = 0.6;
/** Below it, nothing of the old view is left: not even a crowd hides that much. */
const OTHER_VIEW = 0.25;
const SEARCH_EVERY_MS = 3900;

export interface MovedLook {
  truth: Truth;
  /** Where to, for the operator. */
  detail?: string;
}

/**
 * Does the camera look elsewhere? Two proofs count: the old view is found shifted (or turned, or zoomed), or nothing of
 * it is left and what is seen instead keeps still. People who cover a part of the picture, and light that changes, give
 * neither. `false` only where the old view is there; in between the answer is `unknown`.
 */
export function lookForMove(
  state: MovedState,
  picture: { facts: PictureFacts; at: EventMs },
  view: View,
): [MovedState, MovedLook] {
  const { facts } = picture;
  if (view.edges.structured < FEWEST_STRUCTURED) return [freshMoved, { truth: 'unknown' }];
  const { share } = matchEdges(view.edges, facts.gray);
  if (share >= SAME_VIEW) return [freshMoved, { truth: false }];
  const searched = search(state, picture, view);
  const { verdict } = searched.shift;
  const rest: MovedState = { candidate: undefined, searched };
  if (verdict === 'moved') return [rest, { truth: true, detail: shiftText(searched.shift) }];
  if (verdict === 'still') return [rest, { truth: false }];
  if (share >= OTHER_VIEW) return [rest, { truth: 'unknown' }];
  const { candidate } = state;
  if (candidate && matchEdges(candidate, facts.gray).share >= SAME_VIEW) {
    return [
      { candidate, searched },
      { truth: true, detail: 'another view' },
    ];
  }
  return [{ candidate: edgesOf(Float32Array.from(facts.gray)), searched }, { truth: 'unknown' }];
}

function search(
  state: MovedState,
  { facts, at }: { facts: PictureFacts; at: EventMs },
  view: View,
): NonNullable<MovedState['searched']> {
  if (state.searched && at - state.searched.at < SEARCH_EVERY_MS) return state.searched;
  return { at, shift: findShift(halfOf(view.picture), facts.half) };
}

function shiftText({ shareX, shareY }: Shift): string {
  const percent = (share: number): string => `${Math.abs(share * 100).toFixed(1)} %`;
  return `picture ${percent(shareX)} ${shareX < 0 ? 'left' : 'right'}, ${percent(shareY)} ${shareY < 0 ? 'up' : 'down'}`;
}
