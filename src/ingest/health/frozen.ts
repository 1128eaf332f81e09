import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { isOverlay } from './overlay.js';
import { CELL, CELLS, originOf, type PictureFacts, WIDTH } from './picture.js';

/**
 * Frozen or merely still? An empty hall is still, too, but its sensor is not: noise, however weak, makes each new key
 * frame fall differently through the encoder's quantiser, so that no cell of a living picture comes back bit for bit. A
 * frozen one does, also where a clock ticks over it and the rate control breathes. So each picture is compared with
 * those taken 2/3 to 3/3 of `frozenAfterMs` before it (further apart than the longest usual key-frame distance, so that
 * skipped blocks between two key frames prove nothing), and two signs count:
 * - a good share of the cells returns exactly (found again among any of those pictures), or
 * - nearly all cells with texture stay within one level of one of those pictures.
 * Measured with x264 and x265, 16 kbit/s to 1 Mbit/s: the README of this folder has the figures and the limits.
 */
export interface FrozenState {
  /** Pictures of the last `frozenAfterMs`, oldest first, at least `KEEP_EVERY_MS` apart. */
  past: Array<{ at: EventMs; gray: Uint8Array }>;
  /** Verdicts of the last third of `frozenAfterMs`, oldest first. */
  looks: Array<{ at: EventMs; same: boolean }>;
  /** The picture last looked at. */
  last: { at: EventMs; gray: Uint8Array } | undefined;
}

export const freshFrozen: FrozenState = { past: [], looks: [], last: undefined };

/** 12 pictures of 14 kB a camera are kept at 45 s. */
const KEEP_EVERY_MS = 3900;
const LOOK_EVERY_MS = 1900;
/** Cells that carry anything: a flat one (a privacy mask, a white wall, clipped black) returns in a living picture too. */
const NOT_FLAT = 3;
const TEXTURED = 16;
const FEWEST_CELLS = 24;
/** Least share of exactly returning cells; where too little texture is in view, the share that is asked instead. */
const EXACT_SHARE = 0.25;
const EXACT_SHARE_PLAIN = 0.7;
/** Least share of textured cells within one level. */
const NEAR_SHARE = 0.8;
/** Pixels of a cell that differ by more than this many levels are a change in the scene or the overlay. */
const CHANGED_BY = 12;
const CHANGED_PIXELS = 4;
/** Looks within the last third that must agree; a breathing rate control hides some. */
const AGREEING_SHARE = 0.3;
const FEWEST_LOOKS = 3;

/** One look. `true` frozen, `false` alive, `unknown` where the past is too short or the picture too plain to tell. */
export function stepFrozen(
  state: FrozenState,
  picture: { facts: PictureFacts; at: EventMs },
  frozenAfterMs: number,
): [FrozenState, Truth] {
  const { facts, at } = picture;
  const { last } = state;
  if (last && at <= last.at) return [freshFrozen, 'unknown'];
  if (last && at - last.at < LOOK_EVERY_MS) return [state, 'unknown'];
  const past = state.past.filter((entry) => at - entry.at <= frozenAfterMs);
  const references = past.filter((entry) => at - entry.at >= (frozenAfterMs * 2) / 3).map((entry) => entry.gray);
  const look = last && lookAt(facts, references, last.gray);
  const looks = look === 'moves' ? [] : state.looks.filter((entry) => at - entry.at <= frozenAfterMs / 3);
  if (look !== undefined) looks.push({ at, same: look === 'same' });
  const now = { at, gray: facts.gray };
  const newest = past.at(-1);
  if (newest === undefined || at - newest.at >= KEEP_EVERY_MS) past.push(now);
  return [{ past, looks, last: now }, verdict(looks, look, frozenAfterMs)];
}

function verdict(looks: FrozenState['looks'], look: Look | undefined, frozenAfterMs: number): Truth {
  if (look === undefined) return 'unknown';
  if (look === 'moves') return false;
  const same = looks.filter((entry) => entry.same);
  if (same.length === 0) return looks.at(-1)!.at - looks[0]!.at >= frozenAfterMs / 4 ? false : 'unknown';
  const spanMs = looks.at(-1)!.at - same[0]!.at;
  const enough = same.length >= Math.max(2, Math.min(FEWEST_LOOKS, looks.length));
  return enough && spanMs >= frozenAfterMs / 6 && same.length >= looks.length * AGREEING_SHARE ? true : 'unknown';
}

/**
 * Where no picture is old enough yet (the first ones, or after an outage), the last one can show life, but no freeze:
 * two key frames in a row may be alike by chance.
 */
function lookAt(facts: PictureFacts, references: Uint8Array[], last: Uint8Array): Look | undefined {
  if (references.length > 0) return compare(facts, references, last);
  const look = compare(facts, [last], last);
  return look === 'same' ? undefined : look;
}

/** `moves`: something changed that is no overlay; `new`: the same scene, newly seen; `same`: the same picture again. */
type Look = 'same' | 'new' | 'moves';

function compare(facts: PictureFacts, references: Uint8Array[], last: Uint8Array): Look {
  // A film that runs in a loop returns exactly, too, but moves in between.
  if (!isOverlay(changedCells(facts.gray, last))) return 'moves';
  const exact = new Uint8Array(CELLS);
  let best = { near: -1, reference: facts.gray };
  for (const reference of references) {
    let near = 0;
    for (let cell = 0; cell < CELLS; cell++) {
      const range = facts.cellRange[cell]!;
      // A flat cell tells nothing, and neither does one of little texture a second time: most of a picture, and the dearest to compare.
      if (range < NOT_FLAT || (range < TEXTURED && exact[cell] === 1)) continue;
      const difference = difference01(facts.gray, reference, originOf(cell));
      if (difference === 0) exact[cell] = 1;
      if (difference < 2 && range >= TEXTURED) near += 1;
    }
    if (near > best.near) best = { near, reference };
  }
  const changed = changedCells(facts.gray, best.reference);
  if (!isOverlay(changed)) return 'moves';
  return isSame(facts.cellRange, exact, { near: best.near, changed }) ? 'same' : 'new';
}

function isSame(range: Uint8Array, exact: Uint8Array, best: { near: number; changed: Uint8Array }): boolean {
  let plain = 0;
  let textured = 0;
  let returned = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (best.changed[cell] === 1) continue;
    if (range[cell]! >= TEXTURED) textured += 1;
    if (range[cell]! < NOT_FLAT) continue;
    plain += 1;
    returned += exact[cell]!;
  }
  if (textured >= FEWEST_CELLS) return returned >= plain * EXACT_SHARE || best.near >= textured * NEAR_SHARE;
  return plain >= FEWEST_CELLS && returned >= plain * EXACT_SHARE_PLAIN;
}

/** Greatest difference in a cell: 0, 1, or 2 for anything more, where the search stops. */
function difference01(a: Uint8Array, b: Uint8Array, origin: number): 0 | 1 | 2 {
  let most: 0 | 1 = 0;
  for (let y = 0, row = origin; y < CELL; y++, row += WIDTH) {
    for (let i = row; i < row + CELL; i++) {
      const difference = a[i]! - b[i]!;
      if (difference === 0) continue;
      if (difference > 1 || difference < -1) return 2;
      most = 1;
    }
  }
  return most;
}

/** Cells in which at least CHANGED_PIXELS differ by more than noise and quantiser explain: 1 changed, 0 not. */
function changedCells(a: Uint8Array, b: Uint8Array): Uint8Array {
  const changed = new Uint8Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    let pixels = 0;
    for (let y = 0, row = originOf(cell); y < CELL; y++, row += WIDTH) {
      for (let i = row; i < row + CELL; i++) if (Math.abs(a[i]! - b[i]!) > CHANGED_BY) pixels += 1;
    }
    if (pixels >= CHANGED_PIXELS) changed[cell] = 1;
  }
  return changed;
}
