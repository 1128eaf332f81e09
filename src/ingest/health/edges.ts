import { CELL, CELLS, COLUMNS, HEIGHT, WIDTH } from './picture.js';

/**
 * The strongest edges of a view. Only their directions are kept: light may change how strong an edge is, not where it
 * runs. That is orientation correlation (Fitch, Kadyrov, Christmas, Kittler, "Orientation Correlation", BMVC 2002).
 */
export interface EdgeList {
  /** Pixel indices into a WIDTH * HEIGHT picture, grouped by cell. */
  at: Uint16Array;
  /** Unit gradient at each of them. */
  gx: Float32Array;
  gy: Float32Array;
  /** CELLS: edges in each cell. */
  perCell: Uint8Array;
  /** Cells with enough edges to be judged. */
  structured: number;
}

const STRONGEST_PER_CELL = 16;
/** A cell is judged from this many edge pixels on. */
const FEWEST_PER_CELL = 6;
/** Central differences (right minus left) below this, in levels, are noise. */
const NOISE_FLOOR = 5;
const CLEAR_EDGE = 12;
/** Least mean cosine between the directions then and now for a cell to count as the same. */
const SAME_DIRECTION = 0.5;

/** Finds the edges of a view (HEIGHT * WIDTH, row-major, 0-255). */
export function edgesOf(view: Float32Array): EdgeList {
  const at: number[] = [];
  const perCell = new Uint8Array(CELLS);
  let structured = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const strongest = strongestIn(view, cell);
    perCell[cell] = strongest.length;
    if (strongest.length >= FEWEST_PER_CELL) structured += 1;
    at.push(...strongest);
  }
  const gx = new Float32Array(at.length);
  const gy = new Float32Array(at.length);
  at.forEach((i, edge) => {
    const x = view[i + 1]! - view[i - 1]!;
    const y = view[i + WIDTH]! - view[i - WIDTH]!;
    const length = Math.hypot(x, y);
    gx[edge] = x / length;
    gy[edge] = y / length;
  });
  return { at: Uint16Array.from(at), gx, gy, perCell, structured };
}

function strongestIn(view: Float32Array, cell: number): number[] {
  const found: Array<{ i: number; strength: number }> = [];
  const top = Math.floor(cell / COLUMNS) * CELL;
  const left = (cell % COLUMNS) * CELL;
  for (let y = Math.max(1, top); y < Math.min(HEIGHT - 1, top + CELL); y++) {
    for (let x = Math.max(1, left); x < Math.min(WIDTH - 1, left + CELL); x++) {
      const i = y * WIDTH + x;
      const strength = Math.abs(view[i + 1]! - view[i - 1]!) + Math.abs(view[i + WIDTH]! - view[i - WIDTH]!);
      if (strength >= CLEAR_EDGE) found.push({ i, strength });
    }
  }
  return found
    .sort((a, b) => b.strength - a.strength || a.i - b.i)
    .slice(0, STRONGEST_PER_CELL)
    .map((pixel) => pixel.i);
}

export interface EdgeMatch {
  /** Share of the structured cells whose edges run as before, 0-1. */
  share: number;
  /** CELLS: 1 where the cell matches, 0 where it does not, 2 where it has too few edges to say. */
  cells: Uint8Array;
}

/** Looks for the edges of a view in a picture (HEIGHT * WIDTH, 0-255). A shift of a pixel still matches. */
export function matchEdges(edges: EdgeList, gray: Uint8Array): EdgeMatch {
  const cells = new Uint8Array(CELLS).fill(2);
  let matching = 0;
  let edge = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const count = edges.perCell[cell]!;
    let sum = 0;
    for (const end = edge + count; edge < end; edge++) {
      const i = edges.at[edge]!;
      const x = gray[i + 1]! - gray[i - 1]!;
      const y = gray[i + WIDTH]! - gray[i - WIDTH]!;
      const squared = x * x + y * y;
      if (squared >= NOISE_FLOOR * NOISE_FLOOR) sum += (x * edges.gx[edge]! + y * edges.gy[edge]!) / Math.sqrt(squared);
    }
    if (count < FEWEST_PER_CELL) continue;
    cells[cell] = sum >= count * SAME_DIRECTION ? 1 : 0;
    matching += cells[cell]!;
  }
  return { share: edges.structured === 0 ? 0 : matching / edges.structured, cells };
}
