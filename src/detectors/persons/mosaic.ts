import { AppError } from '../../core/errors.js';
import { type Box, clampBox } from '../../core/geometry.js';
import { decodeCenternet, type InputBox } from './centernet.js';
import type { DetectedObject, DetectOptions, ObjectNetwork } from './detectObjects.js';
import { type Letterboxed, letterbox, toPicture } from './letterbox.js';
import { suppress } from './nms.js';
import type { Pixels } from './picture.js';

/** One part of one picture, to be looked at together with others. */
export interface Tile {
  picture: Pixels;
  /** Part of the picture, fractions. */
  region: Box;
}

/** How an input is divided: `columns * rows` cells of equal size, pixels. */
export interface MosaicGrid {
  columns: number;
  rows: number;
  cell: number;
}

/**
 * Gray between two tiles, pixels: a network sees beyond the edge of its tile, and somebody cut by one edge must not be
 * continued by somebody of another camera.
 */
const GUTTER = 8;
const GRAY = 114;

/** Finds objects in tiles: what the pool offers. The answer is in the order of the tiles. */
export type MosaicFinder = (
  tiles: readonly Tile[],
  options: Pick<DetectOptions, 'minScore' | 'labels'>,
  signal?: AbortSignal,
) => Promise<DetectedObject[][]>;

/** A tile alone has no neighbour; measured, it is better off without a border. */
const gutterOf = ({ columns, rows }: MosaicGrid): number => (columns * rows > 1 ? GUTTER : 0);

/** Size of the input that a grid needs. */
export const mosaicSize = ({ columns, rows, cell }: MosaicGrid) => ({ width: columns * cell, height: rows * cell });

/**
 * Looks at several tiles in one run of the network. An object belongs to the tile in which its centre lies.
 * @returns for each tile what `detectObjects` would give for its region: boxes as fractions of the tile's whole picture
 * @throws AppError `internal` for more tiles than cells
 */
export async function detectInMosaic(
  tiles: readonly Tile[],
  network: ObjectNetwork,
  grid: MosaicGrid,
  options: Pick<DetectOptions, 'minScore' | 'labels'>,
): Promise<DetectedObject[][]> {
  if (tiles.length > grid.columns * grid.rows) throw new AppError('internal', `mosaic: ${tiles.length} tiles`);
  const { width, height } = mosaicSize(grid);
  const data = new Uint8Array(width * height * 3).fill(GRAY);
  const placed = tiles.map((tile, i) => place(tile, { data, width, grid, i }));
  const outputs = await network.run({ 'tower_0/images': { shape: [1, height, width, 3], data } });
  const boxes = decodeCenternet(outputs, { ...options, classes: network.classes });
  return placed.map((tile) => suppress(boxes.flatMap((box) => objectIn(tile, box, grid))));
}

interface Placed {
  /** Top left of the cell in the input, pixels. */
  left: number;
  top: number;
  content: Letterboxed;
}

function place(
  { picture, region }: Tile,
  { data, width, grid, i }: { data: Uint8Array; width: number; grid: MosaicGrid; i: number },
): Placed {
  const left = (i % grid.columns) * grid.cell;
  const top = Math.floor(i / grid.columns) * grid.cell;
  const border = gutterOf(grid) / 2;
  const side = grid.cell - 2 * border;
  const content = letterbox(picture, { width: side, height: side, region });
  for (let y = 0; y < side; y++) {
    const to = ((top + border + y) * width + left + border) * 3;
    data.set(content.data.subarray(y * side * 3, (y + 1) * side * 3), to);
  }
  return { left, top, content };
}

function objectIn({ left, top, content }: Placed, box: InputBox, grid: MosaicGrid): DetectedObject[] {
  const [x, y] = [(box.x1 + box.x2) / 2 - left, (box.y1 + box.y2) / 2 - top];
  if (x < 0 || x >= grid.cell || y < 0 || y >= grid.cell) return [];
  const inTile = (value: number, from: number): number => value - from - gutterOf(grid) / 2;
  const [x1, y1] = toPicture(content, inTile(box.x1, left), inTile(box.y1, top));
  const [x2, y2] = toPicture(content, inTile(box.x2, left), inTile(box.y2, top));
  const found = clampBox([x1, y1, x2, y2]);
  return found[2] > found[0] && found[3] > found[1] ? [{ label: box.label, score: box.score, box: found }] : [];
}
