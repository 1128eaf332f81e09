import type { Picture } from '../persons/picture.js';
import { type Similarity, scaleOf } from './alignment.js';

/** A picture and its halves, quarters, ..., so that a coarse crop needs few samples. Made once a picture. */
export interface Pyramid {
  /** The picture itself first; each next one is half as large in both directions, at least 1x1. */
  levels: readonly Picture[];
}

/** Below this side nothing is halved any more, pixels. */
const SMALLEST = 64;

/** Prepares a picture for many crops. */
export function pyramidOf(picture: Picture): Pyramid {
  const levels = [picture];
  for (let last = picture; Math.min(last.width, last.height) >= SMALLEST * 2; ) {
    last = halve(last);
    levels.push(last);
  }
  return { levels };
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
export function cutOut({ levels }: Pyramid, at: Similarity, { width, height }: CropSize): Uint8Array {
  const level = Math.max(0, Math.min(levels.length - 1, Math.floor(Math.log2(scaleOf(at)))));
  const picture = levels[level]!;
  const shrink = 2 ** -level;
  const [a, b, tx, ty] = [at.a * shrink, at.b * shrink, at.tx * shrink, at.ty * shrink];
  const n = scaleOf(at) * shrink > 1.25 ? 2 : 1;
  const rgb = new Uint8Array(width * height * 3);
  const sample: Sample = { red: 0, green: 0, blue: 0 };
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      sample.red = sample.green = sample.blue = 0;
      for (let v = y + 0.5 / n; v < y + 1; v += 1 / n) {
        // Half a pixel: samples count from the centre of the first pixel, points from its corner.
        for (let u = x + 0.5 / n; u < x + 1; u += 1 / n) {
          addSample(picture, a * u - b * v + tx - 0.5, b * u + a * v + ty - 0.5, sample);
        }
      }
      rgb[to] = sample.red / (n * n) + 0.5;
      rgb[to + 1] = sample.green / (n * n) + 0.5;
      rgb[to + 2] = sample.blue / (n * n) + 0.5;
    }
  }
  return rgb;
}

interface Sample {
  red: number;
  green: number;
  blue: number;
}

/** Adds the colour at a place; written out channel by channel, as this is where the time goes. */
function addSample({ width, height, rgb }: Picture, x: number, y: number, sample: Sample): void {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) {
    sample.red += GRAY;
    sample.green += GRAY;
    sample.blue += GRAY;
    return;
  }
  const left = x < 0 ? 0 : Math.floor(x);
  const top = y < 0 ? 0 : Math.floor(y);
  const u = x < 0 ? 0 : x - left;
  const v = y < 0 ? 0 : y - top;
  const p = (top * width + left) * 3;
  const q = left + 1 < width ? p + 3 : p;
  const down = top + 1 < height ? width * 3 : 0;
  const nw = (1 - u) * (1 - v);
  const ne = u * (1 - v);
  const sw = (1 - u) * v;
  const se = u * v;
  sample.red += rgb[p]! * nw + rgb[q]! * ne + rgb[p + down]! * sw + rgb[q + down]! * se;
  sample.green += rgb[p + 1]! * nw + rgb[q + 1]! * ne + rgb[p + down + 1]! * sw + rgb[q + down + 1]! * se;
  sample.blue += rgb[p + 2]! * nw + rgb[q + 2]! * ne + rgb[p + down + 2]! * sw + rgb[q + down + 2]! * se;
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
