import type { Picture } from '../persons/picture.js';
import { type Similarity, scaleOf } from './alignment.js';

/** A picture and its halves, quarters, ..., so that a coarse crop needs few samples. Each is made when it is first asked for. */
export interface Pyramid {
  /** 0 is the picture itself, each next level half as large in both directions; beyond the last one, the last one. */
  level(index: number): { picture: Picture; index: number };
}

/** Below this side nothing is halved any more, pixels. */
const SMALLEST = 64;

/** Prepares a picture for many crops. */
export function pyramidOf(picture: Picture): Pyramid {
  const levels = [picture];
  return {
    level(index) {
      while (levels.length <= index) {
        const last = levels.at(-1)!;
        if (Math.min(last.width, last.height) < SMALLEST * 2) break;
        levels.push(halve(last));
      }
      const found = Math.max(0, Math.min(levels.length - 1, index));
      return { picture: levels[found]!, index: found };
    },
  };
}

/** Means of 2x2 blocks; an odd last row or column is left out. */
function halve({ width, height, rgb }: Picture): Picture {
  const half: Picture = {
    width: width >> 1,
    height: height >> 1,
    rgb: new Uint8Array((width >> 1) * (height >> 1) * 3),
  };
  const row = width * 3;
  for (let y = 0, to = 0; y < half.height; y++) {
    for (let x = 0, from = y * 2 * row; x < half.width; x++, from += 6, to += 3) {
      for (let k = 0; k < 3; k++) {
        const upper = rgb[from + k]! + rgb[from + k + 3]!;
        const lower = rgb[from + k + row]! + rgb[from + k + row + 3]!;
        half.rgb[to + k] = (upper + lower + 2) >> 2;
      }
    }
  }
  return half;
}

/** Pixels. */
export interface CropSize {
  width: number;
  height: number;
}

/** Outside the picture. */
const GRAY = 114;

/**
 * Cuts a turned and scaled crop out of a picture: bilinear, from the level whose pixels are at most as large as the
 * crop's, with four samples a pixel where it is finer.
 * @param at takes a point of the crop to the picture, pixels
 * @returns height * width * 3, row-major, R G B, 0-255; gray where the crop leaves the picture
 */
export function cutOut(pyramid: Pyramid, at: Similarity, { width, height }: CropSize): Uint8Array {
  const { picture, index } = pyramid.level(Math.floor(Math.log2(scaleOf(at))));
  const shrink = 2 ** -index;
  const scaledAt = { a: at.a * shrink, b: at.b * shrink, tx: at.tx * shrink, ty: at.ty * shrink };
  const n = scaleOf(scaledAt) > 1.25 ? 2 : 1;
  const rgb = new Uint8Array(width * height * 3);
  const sums = new Float64Array(width * 3);
  const share = 1 / (n * n);
  for (let y = 0, to = 0; y < height; y++) {
    sums.fill(0);
    for (let v = y + 0.5 / n; v < y + 1; v += 1 / n) addRow(sums, picture, { at: scaledAt, v, n });
    for (let i = 0; i < sums.length; i++, to++) rgb[to] = sums[i]! * share + 0.5;
  }
  return rgb;
}

/** One row of samples: `v` in crop pixels, `n` of them to a pixel. */
interface SampleRow {
  at: Similarity;
  v: number;
  n: number;
}

/** Adds the colours along one row; all in one loop and in numbers of its own, as this is where the time goes. */
function addRow(sums: Float64Array, { width, height, rgb }: Picture, { at, v, n }: SampleRow): void {
  const { a, b } = at;
  // Half a pixel: samples count from the centre of the first pixel, points from its corner.
  const [x0, y0] = [at.tx - b * v - 0.5, at.ty + a * v - 0.5];
  const [right, bottom] = [width - 0.5, height - 0.5];
  const stride = width * 3;
  const count = (sums.length / 3) * n;
  for (let i = 0, to = 0; i < count; i++) {
    const along = (i + 0.5) / n;
    const x = x0 + a * along;
    const y = y0 + b * along;
    if (x < -0.5 || y < -0.5 || x > right || y > bottom) {
      sums[to]! += GRAY;
      sums[to + 1]! += GRAY;
      sums[to + 2]! += GRAY;
    } else {
      const left = x | 0;
      const top = y | 0;
      const across = x < 0 ? 0 : x - left;
      const below = y < 0 ? 0 : y - top;
      const p = top * stride + left * 3;
      const q = left + 1 < width ? p + 3 : p;
      const down = top + 1 < height ? stride : 0;
      const se = across * below;
      const ne = across - se;
      const sw = below - se;
      const nw = 1 - across - sw;
      sums[to]! += rgb[p]! * nw + rgb[q]! * ne + rgb[p + down]! * sw + rgb[q + down]! * se;
      sums[to + 1]! += rgb[p + 1]! * nw + rgb[q + 1]! * ne + rgb[p + down + 1]! * sw + rgb[q + down + 1]! * se;
      sums[to + 2]! += rgb[p + 2]! * nw + rgb[q + 2]! * ne + rgb[p + down + 2]! * sw + rgb[q + down + 2]! * se;
    }
    if (n === 1 || (i & 1) === 1) to += 3;
  }
}

/** The mirror image, left and right. */
export function mirrored(rgb: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(rgb.length);
  for (let row = 0; row < rgb.length; row += width * 3) {
    for (let to = row, from = row + (width - 1) * 3; from >= row; to += 3, from -= 3) {
      result[to] = rgb[from]!;
      result[to + 1] = rgb[from + 1]!;
      result[to + 2] = rgb[from + 2]!;
    }
  }
  return result;
}

/** Each value times `factor` plus `offset`, for a network's input. A plain loop: `Float32Array.from` with a function takes 30 times as long. */
export function scaled(values: Uint8Array, factor: number, offset: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i]! * factor + offset;
  return result;
}

/** Brightness of each pixel, 0-255 (ITU-R BT.601). */
export function grayOf(rgb: Uint8Array): Float32Array {
  const gray = new Float32Array(rgb.length / 3);
  for (let i = 0, from = 0; i < gray.length; i++, from += 3) {
    gray[i] = 0.299 * rgb[from]! + 0.587 * rgb[from + 1]! + 0.114 * rgb[from + 2]!;
  }
  return gray;
}
