import { type Box, boxHeight, boxWidth } from '../../core/geometry.js';
import type { InferencePool } from '../inference/pool.js';
import type { DetectOptions, ObjectFinder } from './detectObjects.js';
import { fuseViews } from './fuse.js';
import { dropParts, suppress } from './nms.js';
import type { Picture } from './picture.js';

/** What finding objects needs of the inference pool. */
export type FinderPool = Pick<InferencePool, 'objectFinder'>;

/** Input widths for live looks, chosen by measurement (see the README): longest side of the input, pixels. */
export const SEAT_LOOK = 384;
const ROOM_LOOK = 416;

/**
 * One quick look for live pictures: the input has the picture's own proportions, `longest` pixels on the longer side, so
 * that nothing is spent on a border. Each shape in use is converted once and kept.
 */
export const liveFinder = (pool: FinderPool, longest: number): ObjectFinder => shapedFinder(pool, () => longest);

/**
 * The same for parts of pictures, which are wide, square or tall: each gets about `pixels` of input. With one longest side for all a tall
 * seat got half the pixels of a square one, and twice as many of its people were missed (docs/density.md).
 */
export const areaFinder = (pool: FinderPool, pixels: number): ObjectFinder =>
  shapedFinder(pool, (part) => longestOf(part, pixels));

/**
 * The look at a room: ROOM_LOOK on the longer side, and for a wider picture than 16:9 as many pixels as that one gets. Without it the
 * persons of a picture 8:3 came out so flat that one was counted as two.
 */
export const roomFinder = (pool: FinderPool): ObjectFinder =>
  shapedFinder(pool, (picture) => Math.max(ROOM_LOOK, longestOf(picture, (ROOM_LOOK * ROOM_LOOK * 9) / 16)));

/** The longer side, a multiple of the step, of about `pixels` in the proportions of a part. */
function longestOf({ width, height }: Size, pixels: number): number {
  const longer = Math.sqrt((pixels * Math.max(width, height)) / Math.min(width, height));
  return Math.max(STEP, Math.round(longer / STEP) * STEP);
}

type Size = Pick<Picture, 'width' | 'height'>;

function shapedFinder(pool: FinderPool, longest: (part: Size) => number): ObjectFinder {
  const finders = new Map<string, ObjectFinder>();
  return async (picture, options, signal) => {
    const part = partOf(picture, options.region);
    const size = inputShape(part, longest(part));
    const key = `${size.width}x${size.height}`;
    const find = finders.get(key) ?? pool.objectFinder(size);
    finders.set(key, find);
    return dropParts(await find(picture, options, signal));
  };
}

/** Size of the part that is looked at, pixels. */
function partOf({ width, height }: Picture, region: Box | undefined): Size {
  return region ? { width: width * boxWidth(region), height: height * boxHeight(region) } : { width, height };
}

/** The network works on multiples of 32; losing up to 8 pixels of scale is cheaper than 24 lines of border. */
const STEP = 32;
const SLACK = 8;

/** The input size for a picture: multiples of 32, `longest` on the longer side. */
export function inputShape({ width, height }: Size, longest: number) {
  const scale = longest / Math.max(width, height);
  const whole = (side: number): number => Math.max(STEP, Math.ceil((side * scale - SLACK) / STEP) * STEP);
  return { width: whole(width), height: whole(height) };
}

const SQUARE = { width: 512, height: 512 };
const WIDE = { width: 640, height: 352 };
/** Boxes of one thing seen in two views overlap by this much; so do boxes of one thing in one view. */
const SAME_THING = 0.6;
/** A view may be less sure than the mean has to be. */
const VIEW_SCORE = 0.4;

/**
 * A thorough look for still pictures: the picture, its mirror image and a second scale, fused. About four times the cost
 * of one look; it finds about a tenth more crowded pictures right.
 */
export function stillFinder(pool: FinderPool): ObjectFinder {
  const square = pool.objectFinder(SQUARE);
  const wide = pool.objectFinder(WIDE);
  return async (picture, options, signal) => {
    const each: DetectOptions = { ...options, minScore: options.minScore * VIEW_SCORE };
    const views = await Promise.all([
      square(picture, each, signal),
      square(picture, { ...each, flip: true }, signal),
      wide(picture, each, signal),
    ]);
    const fused = suppress(fuseViews(views, { minIou: SAME_THING }), { maxIou: SAME_THING });
    return dropParts(fused.filter((object) => object.score >= options.minScore));
  };
}
