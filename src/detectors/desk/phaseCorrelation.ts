import { fft } from '../speech/fft.js';
import type { Plane } from './plane.js';

/** Where the content of one plane lies in another. */
export interface Displacement {
  /** Whole pixels, right and down positive: what stood at (x, y) now stands at (x + dx, y + dy). */
  dx: number;
  dy: number;
  /** Height of the peak over the noise around it, 0-1: 1 for a pure shift, under 0.05 for two unlike pictures. */
  peak: number;
}

/**
 * Phase correlation (Kuglin and Hines, "The phase correlation image alignment method", 1975): the normalised cross-power
 * spectrum of two planes of one size is a peak at their displacement, whatever the light. Sides that are no power of two
 * are filled up. Content is taken with a Hann window, so that the edges of the cut do not correlate.
 */
export function phaseCorrelate(before: Plane, after: Plane): Displacement {
  const width = powerOfTwo(before.width);
  const height = powerOfTwo(before.height);
  const a = spectrum(before, width, height);
  const b = spectrum(after, width, height);
  for (let i = 0; i < a.re.length; i++) {
    const re = b.re[i]! * a.re[i]! + b.im[i]! * a.im[i]!;
    const im = b.im[i]! * a.re[i]! - b.re[i]! * a.im[i]!;
    const length = Math.hypot(re, im) + 1e-9;
    // The lowest frequencies are the light's, not the scene's.
    a.re[i] = i === 0 ? 0 : re / length;
    a.im[i] = i === 0 ? 0 : -im / length;
  }
  transform(a, width, height);
  return peakOf(a.re, width, height);
}

interface Complex {
  re: Float64Array;
  im: Float64Array;
}

const powerOfTwo = (side: number): number => 2 ** Math.ceil(Math.log2(side));

function spectrum(plane: Plane, width: number, height: number): Complex {
  const { gray } = plane;
  let mean = 0;
  for (const value of gray) mean += value / gray.length;
  const re = new Float64Array(width * height);
  const im = new Float64Array(width * height);
  for (let y = 0; y < plane.height; y++) {
    const v = 0.5 - 0.5 * Math.cos((2 * Math.PI * (y + 0.5)) / plane.height);
    for (let x = 0; x < plane.width; x++) {
      const u = 0.5 - 0.5 * Math.cos((2 * Math.PI * (x + 0.5)) / plane.width);
      re[y * width + x] = (gray[y * plane.width + x]! - mean) * u * v;
    }
  }
  const result = { re, im };
  transform(result, width, height);
  return result;
}

/** Two-dimensional transform in place: rows, then columns. */
function transform({ re, im }: Complex, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    fft(re.subarray(y * width, (y + 1) * width), im.subarray(y * width, (y + 1) * width));
  }
  const columnRe = new Float64Array(height);
  const columnIm = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      columnRe[y] = re[y * width + x]!;
      columnIm[y] = im[y * width + x]!;
    }
    fft(columnRe, columnIm);
    for (let y = 0; y < height; y++) {
      re[y * width + x] = columnRe[y]!;
      im[y * width + x] = columnIm[y]!;
    }
  }
}

/** The highest point with its four neighbours: a shift by half a pixel spreads the peak over two. */
function peakOf(surface: Float64Array, width: number, height: number): Displacement {
  let best = 0;
  for (let i = 1; i < surface.length; i++) if (surface[i]! > surface[best]!) best = i;
  const x = best % width;
  const y = Math.floor(best / width);
  const at = (dx: number, dy: number): number =>
    Math.max(0, surface[((y + dy + height) % height) * width + ((x + dx + width) % width)]!);
  const energy = at(0, 0) + at(1, 0) + at(-1, 0) + at(0, 1) + at(0, -1);
  return {
    dx: x > width / 2 ? x - width : x,
    dy: y > height / 2 ? y - height : y,
    peak: Math.min(1, energy / (width * height)),
  };
}
