import { CELL, cellGrid } from './census.js';
import { correlationDistance } from './correlation.js';
import type { ColourPlane } from './plane.js';

/** Around a cell as far as its correlation looks, plane pixels. */
const MARGIN = 4;
/** Added to each channel, gray levels: the gain of a dark pixel is mostly noise. */
const FLOOR = 6;
/** A shadow takes at least this much of the light and leaves at least that much, natural logarithms of the gain. */
const SHADOW = { least: Math.log(0.96), most: Math.log(0.4) } as const;
/** What is not in the shadow has the gain of the desk, within this. */
const LIT_WITHIN = 0.2;
/** Channels of one pixel lose the same share of light, within this; sky light is a little bluer than the sun. */
const COLOUR_WITHIN = 0.12;
/** Pixels of one side of the edge lose the same share, within this. */
const SIDE_WITHIN = 0.1;
/** So many of a cell's pixels must fit; the others are the edge itself, which is mixed. */
const FITTING = 0.8;

/**
 * `correlationDistance`, where a cell that is only darker behind a hard edge is no difference: there every channel loses the
 * same share of its light (brightness without chromaticity distortion: Horprasert, Harwood and Davis, "A statistical
 * approach for real-time robust background subtraction and shadow detection", ICCV FRAME-RATE workshop 1999), and the
 * whole cell shows the old picture under at most two gains. A gray thing on a desk of one colour looks the same.
 * @param limit cells below it are not looked at again
 */
export function distanceWithoutShadow(reference: ColourPlane, now: ColourPlane, limit: number): Float32Array {
  const distances = correlationDistance(reference, now);
  if (!distances.some((distance) => distance >= limit)) return distances;
  const usual = medianGain(reference, now);
  const { columns } = cellGrid(reference);
  return distances.map((distance, i) => {
    if (distance < limit) return distance;
    const at = { left: (i % columns) * CELL, top: Math.floor(i / columns) * CELL };
    return isShaded(reference, now, { ...at, usual }) ? 0 : distance;
  });
}

const gainOf = (reference: ColourPlane, now: ColourPlane, channel: number): number =>
  Math.log((now.rgb[channel]! + FLOOR) / (reference.rgb[channel]! + FLOOR));

/** Of a sixteenth of all pixels. */
function medianGain(reference: ColourPlane, now: ColourPlane): number {
  const gains: number[] = [];
  for (let i = 0; i < reference.gray.length; i += 16) gains.push(gainOf(reference, now, i * 3 + 1));
  gains.sort((a, b) => a - b);
  return gains[gains.length >> 1] ?? 0;
}

function isShaded(
  reference: ColourPlane,
  now: ColourPlane,
  { left, top, usual }: { left: number; top: number; usual: number },
): boolean {
  const gains: number[] = [];
  let coloured = 0;
  for (let y = Math.max(0, top - MARGIN); y < Math.min(now.height, top + CELL + MARGIN); y++) {
    for (let x = Math.max(0, left - MARGIN); x < Math.min(now.width, left + CELL + MARGIN); x++) {
      const at = (y * now.width + x) * 3;
      const each = [gainOf(reference, now, at), gainOf(reference, now, at + 1), gainOf(reference, now, at + 2)];
      const mean = (each[0]! + each[1]! + each[2]!) / 3;
      if (each.some((gain) => Math.abs(gain - mean) > COLOUR_WITHIN)) coloured += 1;
      gains.push(mean - usual);
    }
  }
  if (coloured > gains.length * (1 - FITTING)) return false;
  const { low, high } = twoSides(gains);
  const fits = gains.filter((gain) => Math.abs(gain - low) < SIDE_WITHIN || Math.abs(gain - high) < SIDE_WITHIN).length;
  const isShadow = low <= SHADOW.least && low >= SHADOW.most;
  const isLit = Math.abs(high) <= LIT_WITHIN || high - low < SIDE_WITHIN;
  return fits >= gains.length * FITTING && isShadow && isLit;
}

/** Means of the two halves into which values part best: two means (Lloyd, 1982), begun near the extremes: a corner may be small. */
function twoSides(values: readonly number[]): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  let [low, high] = [sorted[Math.floor(sorted.length * 0.02)]!, sorted[Math.floor(sorted.length * 0.98)]!];
  for (let round = 0; round < 6; round++) {
    const middle = (low + high) / 2;
    const [below, above] = [values.filter((value) => value <= middle), values.filter((value) => value > middle)];
    if (below.length === 0 || above.length === 0) break;
    low = below.reduce((sum, value) => sum + value, 0) / below.length;
    high = above.reduce((sum, value) => sum + value, 0) / above.length;
  }
  return { low, high };
}
