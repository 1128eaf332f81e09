import type { Truth } from '../../core/truth.js';
import { CELLS, type PictureFacts } from './picture.js';
import type { View } from './view.js';

/** Mean luma (0-255) below which nobody can be told from the background, and above which it is light again. */
const DARK_BELOW = 22;
const LIGHT_ABOVE = 30;

/** Is there too little light to see by? Between the two levels it stays as it was. */
export function isDark({ mean }: PictureFacts): Truth {
  if (mean < DARK_BELOW) return true;
  return mean > LIGHT_ABOVE ? false : 'unknown';
}

/** Least detail (mean absolute Laplacian) of a cell that counts as having any. */
const DETAIL = 4;
const FEWEST_CELLS = 12;

/**
 * Is something in front of the lens? Most cells that have detail have lost it, and the large shapes are gone, too: that
 * tells a cover from a lens out of focus. Without a view to compare with, only a picture without any detail and nearly
 * of one tone is called covered.
 */
export function isCovered(facts: PictureFacts, view: View | undefined): Truth {
  const spread = deviation(facts.cellMean);
  const lost = view === undefined ? undefined : lostShare(view.coarse, facts.coarse);
  if (lost === undefined || view === undefined) {
    const detailed = facts.coarse.filter((detail) => detail >= DETAIL).length;
    return spread < 10 && detailed < CELLS * 0.08;
  }
  if (lost < 0.4) return false;
  const shapesGone = spread < 8 || correlation(view.cellMean, facts.cellMean) < 0.5;
  return lost >= 0.6 && shapesGone ? true : 'unknown';
}

/** Share of the detailed cells of a view that have lost three quarters of it; undefined where too few had any. */
function lostShare(before: Float32Array, now: Float32Array): number | undefined {
  let detailed = 0;
  let lost = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (before[cell]! < DETAIL) continue;
    detailed += 1;
    if (now[cell]! < before[cell]! / 4) lost += 1;
  }
  return detailed < FEWEST_CELLS ? undefined : lost / detailed;
}

/**
 * Sharpness of each cell: fine detail against coarse, so that light and contrast cancel out. Noise is fine detail, too,
 * and no lens blurs it: what the plainest fifth of the cells shows is taken off.
 */
function sharpness({ fine, coarse }: { fine: Float32Array; coarse: Float32Array }): Float32Array {
  const noise = fine.slice().sort()[Math.floor(CELLS / 5)]!;
  return fine.map((detail, cell) => Math.sqrt(Math.max(0, detail * detail - noise * noise)) / (coarse[cell]! + 2));
}

/** Defocus takes at least this share of a cell's sharpness. */
const SHARPNESS_LEFT = 0.65;
const BLURRED_SHARE = 0.65;
/** A cell whose own view is softer than this cannot lose more. */
const LEAST_SHARPNESS = 0.15;

/**
 * Is the lens out of focus? The finest detail is gone in most cells, measured against the coarser detail of the same
 * cell (Pertuz, Puig, Garcia, "Analysis of focus measure operators for shape-from-focus", Pattern Recognition 46(5),
 * 2013: Laplacian measures), while the large shapes stand where they were.
 */
export function isOutOfFocus(facts: PictureFacts, view: View): Truth {
  const usual = sharpness(view);
  const now = sharpness(facts);
  let judged = 0;
  let blurred = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (view.coarse[cell]! < DETAIL || usual[cell]! < LEAST_SHARPNESS) continue;
    judged += 1;
    if (now[cell]! < usual[cell]! * SHARPNESS_LEFT) blurred += 1;
  }
  if (judged < FEWEST_CELLS) return 'unknown';
  if (blurred < judged * 0.5) return false;
  return blurred >= judged * BLURRED_SHARE && correlation(view.cellMean, facts.cellMean) >= 0.7 ? true : 'unknown';
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Pearson's correlation of two rows of equal length, -1 to 1; 0 where one of them does not vary. */
function correlation(a: Float32Array, b: Float32Array): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - meanA;
    const y = b[i]! - meanB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
