import type { Box } from '../../core/geometry.js';

/** Size of the small gray picture of a frame, pixels. */
const WIDTH = 160;
const HEIGHT = 90;

/** What is known of one view: the picture it is compared with, and how much each pixel of it flickers by itself. */
export interface MotionState {
  /** HEIGHT * WIDTH, row-major, 0-255. */
  background: Uint8Array;
  /** HEIGHT * WIDTH: running mean of the absolute difference of two pictures where nothing moved, levels. */
  noise: Float32Array;
}

/** Least difference that counts, levels: above what a key frame's quantiser leaves. */
const LEAST_LEVELS = 12;
/** A pixel has changed when it differs by this many times its own noise. */
const TIMES_NOISE = 4;
/** How fast the noise is learnt, a share of each new difference. */
const LEARN = 0.1;
const FIRST_NOISE = 2;
/** More than this is no noise: what changes slowly must not be learnt as if it were. */
const MOST_NOISE = 5;
/** Fewer changed pixels than this, or than this share of the region, are no person who came or went. */
const FEWEST_PIXELS = 8;
/** Of the region of a seat, which is a few times a person. */
const LEAST_SHARE = 0.008;

/**
 * Which pixels of the picture in hand have changed. Memory of its own for each picture, a hundred a second, keeps the garbage collector
 * busier than the comparison keeps this thread.
 */
const changed = new Uint8Array(HEIGHT * WIDTH);

/** The view as it was when somebody looked at it: everything after is compared with this picture. */
export function viewLookedAt(gray: Uint8Array, before?: MotionState): MotionState {
  return { background: gray, noise: before?.noise ?? new Float32Array(gray.length).fill(FIRST_NOISE) };
}

/**
 * Whether something in the region differs from the picture that was looked at last. Background difference with a running
 * estimate of each pixel's noise, after Wren, Azarbayejani, Darrell and Pentland, "Pfinder: Real-Time Tracking of the Human
 * Body", IEEE TPAMI 19(7), 1997 (a pixel is foreground when it lies several deviations from the background). Unlike there the
 * background is not blended into: it is the picture of the last look, so that slow changes add up instead of being learnt away.
 * A pixel counts only with a changed neighbour to its right or below: single ones are noise.
 * @param state used up: what it learnt about noise is written on in the state that is returned
 * @param gray HEIGHT * WIDTH, row-major, 0-255
 * @param region fractions of the picture
 * @param leastShare of the region's pixels have changed where somebody came, went or moved
 * @returns the state to go on with, and whether something moved
 */
export function stepMotion(
  state: MotionState,
  gray: Uint8Array,
  region: Box,
  leastShare = LEAST_SHARE,
): [MotionState, boolean] {
  const left = Math.max(0, Math.floor(region[0] * WIDTH));
  const top = Math.max(0, Math.floor(region[1] * HEIGHT));
  const right = Math.min(WIDTH, Math.ceil(region[2] * WIDTH));
  const bottom = Math.min(HEIGHT, Math.ceil(region[3] * HEIGHT));
  const { background, noise } = state;
  changed.fill(0);
  for (let y = top; y < bottom; y++) {
    for (let i = y * WIDTH + left; i < y * WIDTH + right; i++) {
      const difference = Math.abs(gray[i]! - background[i]!);
      if (difference > Math.max(LEAST_LEVELS, TIMES_NOISE * noise[i]!)) changed[i] = 1;
      else noise[i] = Math.min(MOST_NOISE, noise[i]! + LEARN * (difference - noise[i]!));
    }
  }
  const pixels = pairs({ left, top, right, bottom });
  const least = Math.max(FEWEST_PIXELS, leastShare * (right - left) * (bottom - top));
  return [{ background, noise }, pixels >= least];
}

/** Changed pixels with a changed neighbour. */
function pairs(part: { left: number; top: number; right: number; bottom: number }): number {
  let count = 0;
  for (let y = part.top; y < part.bottom - 1; y++) {
    for (let i = y * WIDTH + part.left; i < y * WIDTH + part.right - 1; i++) {
      if (changed[i] === 1 && (changed[i + 1] === 1 || changed[i + WIDTH] === 1)) count += 1;
    }
  }
  return count;
}
