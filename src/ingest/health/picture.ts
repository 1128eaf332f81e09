import { AppError } from '../../core/errors.js';

/** Size of the gray picture that health looks at, pixels. */
export const WIDTH = 160;
export const HEIGHT = 90;
/** The picture is judged in square cells of this many pixels a side. */
export const CELL = 10;
export const COLUMNS = WIDTH / CELL;
export const ROWS = HEIGHT / CELL;
export const CELLS = COLUMNS * ROWS;
/** The picture at half size, for what needs less detail. */
export const HALF_WIDTH = WIDTH / 2;
export const HALF_HEIGHT = HEIGHT / 2;

/** What one picture says of itself. Arrays of `CELLS` are row-major, top left first. */
export interface PictureFacts {
  /** HEIGHT * WIDTH, row-major, 0-255. */
  gray: Uint8Array;
  /** HALF_HEIGHT * HALF_WIDTH, row-major, 0-255. */
  half: Uint8Array;
  /** Mean luma, 0-255. */
  mean: number;
  /** CELLS: mean luma of each cell, 0-255. */
  cellMean: Float32Array;
  /** CELLS: brightest minus darkest pixel of each cell, 0-255. */
  cellRange: Uint8Array;
  /** CELLS: mean absolute Laplacian at full size: detail of one to two pixels, which defocus takes first. */
  fine: Float32Array;
  /** CELLS: mean absolute Laplacian at half size: detail of two to four pixels. */
  coarse: Float32Array;
}

/**
 * Measures a gray picture of WIDTH * HEIGHT (row-major, 0-255). The two Laplacian bands are the modified-Laplacian
 * focus measure of Nayar and Nakagawa, "Shape from Focus", IEEE TPAMI 16(8), 1994, at two scales.
 * @throws AppError `bad-input` where the picture has another size
 */
export function measure(gray: Uint8Array): PictureFacts {
  if (gray.length !== WIDTH * HEIGHT) {
    throw new AppError(
      'bad-input',
      `health picture: ${gray.length} bytes: ${WIDTH}x${HEIGHT} gray needs ${WIDTH * HEIGHT}`,
    );
  }
  const half = halve(gray);
  const cellMean = new Float32Array(CELLS);
  const cellRange = new Uint8Array(CELLS);
  let sum = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const { total, range } = levels(gray, originOf(cell));
    cellMean[cell] = total / (CELL * CELL);
    cellRange[cell] = range;
    sum += total;
  }
  return {
    gray,
    half,
    mean: sum / (WIDTH * HEIGHT),
    cellMean,
    cellRange,
    fine: laplacian(gray, WIDTH, { cell: CELL, everyRow: 2 }),
    coarse: laplacian(half, HALF_WIDTH, { cell: CELL / 2, everyRow: 1 }),
  };
}

/** Index of a cell's top left pixel. */
export const originOf = (cell: number): number => Math.floor(cell / COLUMNS) * CELL * WIDTH + (cell % COLUMNS) * CELL;

function levels(gray: Uint8Array, origin: number): { total: number; range: number } {
  let total = 0;
  let low = 255;
  let high = 0;
  for (let y = 0, row = origin; y < CELL; y++, row += WIDTH) {
    for (let i = row; i < row + CELL; i++) {
      const value = gray[i]!;
      total += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { total, range: high - low };
}

function halve(gray: Uint8Array): Uint8Array {
  const half = new Uint8Array(HALF_WIDTH * HALF_HEIGHT);
  for (let y = 0; y < HALF_HEIGHT; y++) {
    let from = y * 2 * WIDTH;
    for (let i = y * HALF_WIDTH; i < (y + 1) * HALF_WIDTH; i++, from += 2) {
      half[i] = (gray[from]! + gray[from + 1]! + gray[from + WIDTH]! + gray[from + WIDTH + 1]! + 2) >> 2;
    }
  }
  return half;
}

/** Mean absolute 4-neighbour Laplacian of each cell, from every n-th row; the outermost pixels count as flat. */
function laplacian(
  picture: Uint8Array,
  width: number,
  { cell, everyRow }: { cell: number; everyRow: number },
): Float32Array {
  const energy = new Float32Array(CELLS);
  const height = picture.length / width;
  for (let y = 1; y < height - 1; y += everyRow) {
    const row = Math.floor(y / cell) * COLUMNS;
    for (let column = 0; column < COLUMNS; column++) {
      const end = y * width + Math.min(width - 1, (column + 1) * cell);
      let sum = 0;
      for (let i = y * width + Math.max(1, column * cell); i < end; i++) {
        const value = 4 * picture[i]! - picture[i - 1]! - picture[i + 1]! - picture[i - width]! - picture[i + width]!;
        sum += value < 0 ? -value : value;
      }
      energy[row + column]! += sum;
    }
  }
  const pixels = (cell * cell) / everyRow;
  for (let cell = 0; cell < CELLS; cell++) energy[cell]! /= pixels;
  return energy;
}
