import type { Picture } from '../persons/picture.js';
import { type Displacement, phaseCorrelate } from './phaseCorrelation.js';
import { grayPlane, type Plane, planeSize } from './plane.js';

/** The whole picture at the size at which views are registered. */
export type ViewPlane = Plane;

/** Longer side of a view, pixels. It keeps the picture's proportions, so that a turn stays a turn. */
const LONGEST = 256;
const WHOLE = [0, 0, 1, 1] as const;
/** Blocks of the view that are registered each for themselves: people and objects fill some of them, never most. */
const BLOCK = 64;
const STRIDE = 48;
/** Least standard deviation of a block that has anything to register, gray levels. */
const TEXTURE = 6;
/** Least peak of a block that is believed; unlike blocks of 64x64 give 0.01 to 0.04. */
const BLOCK_PEAK = 0.075;
/** Least number of believed blocks, and their least share of those with texture, to call it the same view. */
const FEWEST_BLOCKS = 4;
const LEAST_SHARE = 0.4;
/** Believed blocks agree when they lie this near to what a small slide and turn would give, view pixels. */
const AGREE = 2.5;
/** A camera that was pushed still sees most of what it saw: a longer slide is chance, view pixels. */
const FURTHEST = 48;
/** A slide up to this share of the width is made good; more, or a turn that moves the corners more, is a moved camera. */
const MADE_GOOD = 0.02;

/** How a picture lies against a reference. Shares are of the picture's width and height, right and down positive. */
export type Registration =
  | { view: 'same'; shiftX: number; shiftY: number }
  /** The same scene, but further off than can be made good. */
  | { view: 'moved'; shiftX: number; shiftY: number; turnDeg: number }
  /** Nothing of the reference is recognised: another camera, another desk, or another picture size altogether. */
  | { view: 'other' };

/** The view of a picture, for `register`. */
export const viewPlane = (picture: Picture): ViewPlane =>
  grayPlane(picture, WHOLE, planeSize(picture, WHOLE, { longest: LONGEST, step: 2 }));

/**
 * Finds how the camera moved between a reference and now: phase correlation of the whole for the slide, then of blocks
 * around it. Blocks vote, so that things on the desk, people and chairs do not move the camera.
 */
export function register(reference: ViewPlane, now: ViewPlane): Registration {
  const { width, height } = reference;
  if (now.width !== width || now.height !== height) return { view: 'other' };
  const asItLies = vote(reference, now, { dx: 0, dy: 0 });
  // The search over the whole costs the most and is only needed where the view does not lie as it did.
  const best = isBelieved(asItLies) ? asItLies : vote(reference, now, coarseSlide(reference, now));
  if (!isBelieved(best)) return { view: 'other' };
  const { slide, turn } = best;
  const [shiftX, shiftY] = [slide.dx / width, slide.dy / height];
  const cornerShare = (Math.hypot(slide.dx, slide.dy) + (Math.abs(turn) * Math.hypot(width, height)) / 2) / width;
  if (cornerShare <= MADE_GOOD) return { view: 'same', shiftX, shiftY };
  return { view: 'moved', shiftX, shiftY, turnDeg: (turn * 180) / Math.PI };
}

const isBelieved = ({ agreed, textured, slide }: Vote): boolean =>
  agreed >= FEWEST_BLOCKS && agreed >= textured * LEAST_SHARE && Math.hypot(slide.dx, slide.dy) <= FURTHEST;

function coarseSlide(reference: ViewPlane, now: ViewPlane): Pick<Displacement, 'dx' | 'dy'> {
  const { dx, dy } = phaseCorrelate(half(reference), half(now));
  return { dx: dx * 2, dy: dy * 2 };
}

function half({ gray, width, height }: Plane): Plane {
  const small = { width: width >> 1, height: height >> 1, gray: new Float32Array((width >> 1) * (height >> 1)) };
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = 2 * (y * width + x);
      small.gray[y * small.width + x] = (gray[at]! + gray[at + 1]! + gray[at + width]! + gray[at + width + 1]!) / 4;
    }
  }
  return small;
}

interface Believed {
  /** Middle of the block from the middle of the view, view pixels. */
  x: number;
  y: number;
  dx: number;
  dy: number;
}

interface Vote {
  agreed: number;
  textured: number;
  slide: Pick<Displacement, 'dx' | 'dy'>;
  /** Radians, clockwise on screen. */
  turn: number;
}

function vote(reference: ViewPlane, now: ViewPlane, from: Pick<Displacement, 'dx' | 'dy'>): Vote {
  const believed: Believed[] = [];
  let textured = 0;
  for (let top = 0; top + BLOCK <= reference.height; top += STRIDE) {
    for (let left = 0; left + BLOCK <= reference.width; left += STRIDE) {
      const before = cut(reference, left, top);
      const [nowLeft, nowTop] = [left + from.dx, top + from.dy];
      if (nowLeft < 0 || nowTop < 0 || nowLeft + BLOCK > reference.width || nowTop + BLOCK > reference.height) continue;
      if (deviation(before) < TEXTURE) continue;
      textured += 1;
      const { dx, dy, peak } = phaseCorrelate(before, cut(now, nowLeft, nowTop));
      if (peak < BLOCK_PEAK) continue;
      const middle = { x: left + BLOCK / 2 - reference.width / 2, y: top + BLOCK / 2 - reference.height / 2 };
      believed.push({ ...middle, dx: dx + from.dx, dy: dy + from.dy });
    }
  }
  return { textured, ...agreement(believed) };
}

/**
 * The slide and turn that most blocks agree on: each pair of believed blocks proposes one (a turn by t moves a block at
 * (x, y) by (-t y, t x), aspect taken out), and the proposal with the most followers wins.
 */
function agreement(believed: readonly Believed[]): Omit<Vote, 'textured'> {
  let best: Omit<Vote, 'textured'> = { agreed: 0, slide: { dx: 0, dy: 0 }, turn: 0 };
  const consider = (slide: Pick<Displacement, 'dx' | 'dy'>, turn: number): void => {
    const agreed = believed.filter(
      (b) => Math.hypot(b.dx - slide.dx + turn * b.y, b.dy - slide.dy - turn * b.x) <= AGREE,
    ).length;
    if (agreed > best.agreed) best = { agreed, slide, turn };
  };
  for (const one of believed) consider(one, 0);
  for (const [i, one] of believed.entries()) {
    for (const other of believed.slice(i + 1)) {
      const [x, y] = [other.x - one.x, other.y - one.y];
      const [dx, dy] = [other.dx - one.dx, other.dy - one.dy];
      const turn = (dy * x - dx * y) / (x * x + y * y);
      if (Math.abs(turn) > 0.2) continue;
      consider({ dx: one.dx + turn * one.y, dy: one.dy - turn * one.x }, turn);
    }
  }
  return best;
}

function cut(plane: Plane, left: number, top: number): Plane {
  const gray = new Float32Array(BLOCK * BLOCK);
  for (let y = 0; y < BLOCK; y++) {
    const from = (top + y) * plane.width + left;
    gray.set(plane.gray.subarray(from, from + BLOCK), y * BLOCK);
  }
  return { width: BLOCK, height: BLOCK, gray };
}

function deviation({ gray }: Plane): number {
  let sum = 0;
  let squares = 0;
  for (const value of gray) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / gray.length - (sum / gray.length) ** 2));
}
