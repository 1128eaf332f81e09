import { CELL, type CellDistance, cellGrid } from './census.js';
import type { Plane } from './plane.js';

/** A cell is judged with this much around it, plane pixels. */
const MARGIN = 4;
/** Standard deviation that noise alone may give: gray levels, and share of the mean brightness. */
const NOISE = 2.5;
const NOISE_SHARE = 0.02;

/**
 * Normalised cross-correlation of each cell with the same place of the reference (Lewis, "Fast normalized
 * cross-correlation", Vision Interface 1995). Brightness and contrast of a cell drop out, and a slope of the light is taken
 * off by fitting a plane first. The distance is 1 - correlation, where noise counts as something that is alike: two flat
 * cells are the same, a flat one and a structured one are not.
 */
export const correlationDistance: CellDistance = (reference, now) => {
  const { columns, rows } = cellGrid(reference);
  const result = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const window = windowOf(reference, column, row);
      const a = detail(reference, window);
      const b = detail(now, window);
      result[row * columns + column] = Math.min(1, Math.max(0, 1 - alike(a, b)));
    }
  }
  return result;
};

interface Window {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function windowOf({ width, height }: Plane, column: number, row: number): Window {
  return {
    left: Math.max(0, column * CELL - MARGIN),
    top: Math.max(0, row * CELL - MARGIN),
    right: Math.min(width, (column + 1) * CELL + MARGIN),
    bottom: Math.min(height, (row + 1) * CELL + MARGIN),
  };
}

interface Detail {
  /** What is left of the window after its mean and its slope are taken off. */
  values: Float32Array;
  /** Sum of squares of it. */
  energy: number;
  mean: number;
}

/** Least squares of a plane over a rectangle: its axes are uncorrelated, so each slope is one quotient. */
function detail({ gray, width }: Plane, { left, top, right, bottom }: Window): Detail {
  const n = (right - left) * (bottom - top);
  const [mx, my] = [(left + right - 1) / 2, (top + bottom - 1) / 2];
  let [sum, sx, sy, xx, yy] = [0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = gray[y * width + x]!;
      sum += value;
      sx += value * (x - mx);
      sy += value * (y - my);
      xx += (x - mx) ** 2;
      yy += (y - my) ** 2;
    }
  }
  const mean = sum / n;
  const [slopeX, slopeY] = [sx / xx, sy / yy];
  const values = new Float32Array(n);
  let energy = 0;
  let i = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++, i++) {
      const value = gray[y * width + x]! - mean - slopeX * (x - mx) - slopeY * (y - my);
      values[i] = value;
      energy += value * value;
    }
  }
  return { values, energy, mean };
}

function alike(a: Detail, b: Detail): number {
  let dot = 0;
  for (let i = 0; i < a.values.length; i++) dot += a.values[i]! * b.values[i]!;
  const noise = a.values.length * (NOISE + (NOISE_SHARE * (a.mean + b.mean)) / 2) ** 2;
  return (dot + noise) / (Math.sqrt(a.energy * b.energy) + noise + Math.abs(a.energy - b.energy) * FLAT_WEIGHT);
}

/** How much a change of contrast counts: nothing appears or vanishes without it, and exposure alone changes little. */
const FLAT_WEIGHT = 0.25;
