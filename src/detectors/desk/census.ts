import type { Plane } from './plane.js';

/** Cells of a plane, each of `CELL` pixels a side. */
export interface CellGrid {
  columns: number;
  rows: number;
}

/** Side of a cell, plane pixels. */
export const CELL = 8;

/** How unlike two planes are, cell by cell: columns * rows, row-major, 0 the same to 1 nothing in common. */
export type CellDistance = (reference: Plane, now: Plane) => Float32Array;

export const cellGrid = ({ width, height }: Pick<Plane, 'width' | 'height'>): CellGrid => ({
  columns: Math.floor(width / CELL),
  rows: Math.floor(height / CELL),
});

/** Half side of the square around a pixel that is compared with it. */
const REACH = 2;
/** A neighbour is brighter or darker only beyond this: gray levels, and share of the pixel's own brightness. */
const NOISE = 3;
const NOISE_SHARE = 0.05;

/**
 * Census transform (Zabih and Woodfill, "Non-parametric local transforms for computing visual correspondence", ECCV 1994)
 * with a dead zone for noise (Stein, "Efficient computation of optical flow using the census transform", 2004): each
 * neighbour of a pixel is darker, alike or brighter. Only the order of brightness counts, so that light and exposure,
 * which keep the order, change nothing. The distance of a cell is the share of neighbours that changed among those which
 * are not alike in both pictures; a cell with hardly any edge in either is the same.
 * @public the other candidate of scripts/measure-desk-difference.mjs
 */
export const censusDistance: CellDistance = (reference, now) => {
  const { columns, rows } = cellGrid(reference);
  const result = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[row * columns + column] = cellDistance(reference, now, { left: column * CELL, top: row * CELL });
    }
  }
  return result;
};

/** Least share of compared neighbours that must be an edge in one of the pictures, for a cell to have a say. */
const LEAST_STRUCTURE = 0.06;

function cellDistance(a: Plane, b: Plane, { left, top }: { left: number; top: number }): number {
  let compared = 0;
  let structured = 0;
  let changed = 0;
  for (let y = Math.max(REACH, top); y < Math.min(a.height - REACH, top + CELL); y++) {
    for (let x = Math.max(REACH, left); x < Math.min(a.width - REACH, left + CELL); x++) {
      const at = y * a.width + x;
      for (let dy = -REACH; dy <= REACH; dy += 2) {
        for (let dx = -REACH; dx <= REACH; dx += 2) {
          if (dx === 0 && dy === 0) continue;
          const other = at + dy * a.width + dx;
          const one = order(a.gray[at]!, a.gray[other]!);
          const two = order(b.gray[at]!, b.gray[other]!);
          compared += 1;
          if (one !== 0 || two !== 0) structured += 1;
          if (one !== two) changed += one * two < 0 ? 1 : 0.5;
        }
      }
    }
  }
  // A thin edge in a flat cell weighs as much as its share, so that grain never makes a cell of its own.
  return changed / Math.max(structured, compared * LEAST_STRUCTURE * 4);
}

/** -1 darker, 0 alike, 1 brighter. */
function order(middle: number, neighbour: number): -1 | 0 | 1 {
  const dead = NOISE + NOISE_SHARE * middle;
  if (neighbour > middle + dead) return 1;
  return neighbour < middle - dead ? -1 : 0;
}
