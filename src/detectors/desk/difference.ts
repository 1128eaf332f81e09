import type { Box } from '../../core/geometry.js';
import { boxHeight, boxWidth } from '../../core/geometry.js';
import type { CellGrid } from './census.js';

/** A part of the desk that differs from every reference. */
export interface DifferenceRegion {
  /** Fractions of the picture. */
  box: Box;
  /** Percent of the zone, 0-100. */
  area: number;
}

export interface RegionOptions {
  grid: CellGrid;
  /** What the grid shows, fractions of the picture. */
  region: Box;
  /** 1 where a cell belongs to the zone. */
  inside: Uint8Array;
  /** 1 where a cell is covered (a person, a hand, outside the picture): it has no say. */
  covered: Uint8Array;
  /** A cell whose distance is at least this differs. */
  limit: number;
  /** Regions below this are left out, percent of the zone. */
  minArea: number;
}

/**
 * Regions of cells that differ, largest first. A cell needs a neighbour that differs too; a part that is enclosed by
 * differing cells belongs to them (a flat thing shows at its edges only).
 * @param distances columns * rows, the least distance to any reference
 */
export function differenceRegions(distances: Float32Array, options: RegionOptions): DifferenceRegion[] {
  const { grid, inside, covered, limit, minArea } = options;
  const differs = Uint8Array.from(distances, (distance, i) => (inside[i] && !covered[i] && distance >= limit ? 1 : 0));
  const filled = fillEnclosed(withCompany(differs, grid), grid);
  const zoneCells = inside.reduce((sum, value) => sum + value, 0);
  return components(filled, grid)
    .map((cells) => ({ cells, area: (100 * cells.length) / Math.max(1, zoneCells) }))
    .filter(({ area }) => area >= minArea)
    .sort((a, b) => b.area - a.area)
    .map(({ cells, area }) => ({ box: boxOf(cells, options), area: Math.round(area * 10) / 10 }));
}

function neighbours(i: number, { columns, rows }: CellGrid): number[] {
  const [x, y] = [i % columns, Math.floor(i / columns)];
  return [
    ...(x > 0 ? [i - 1] : []),
    ...(x < columns - 1 ? [i + 1] : []),
    ...(y > 0 ? [i - columns] : []),
    ...(y < rows - 1 ? [i + columns] : []),
  ];
}

const withCompany = (differs: Uint8Array, grid: CellGrid): Uint8Array =>
  differs.map((value, i) => (value && neighbours(i, grid).some((j) => differs[j]) ? 1 : 0));

/** What cannot be reached from the border without crossing a differing cell is enclosed. */
function fillEnclosed(differs: Uint8Array, grid: CellGrid): Uint8Array {
  const { columns, rows } = grid;
  const open = new Uint8Array(differs.length);
  const queue: number[] = [];
  for (let i = 0; i < differs.length; i++) {
    const x = i % columns;
    const onBorder = x === 0 || x === columns - 1 || i < columns || i >= columns * (rows - 1);
    if (onBorder && !differs[i]) queue.push(i);
  }
  for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
    if (open[i]) continue;
    open[i] = 1;
    queue.push(...neighbours(i, grid).filter((j) => !differs[j] && !open[j]));
  }
  return open.map((reached) => (reached ? 0 : 1));
}

function components(cells: Uint8Array, grid: CellGrid): number[][] {
  const seen = new Uint8Array(cells.length);
  const found: number[][] = [];
  for (let start = 0; start < cells.length; start++) {
    if (!cells[start] || seen[start]) continue;
    const members: number[] = [];
    const queue = [start];
    seen[start] = 1;
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      members.push(i);
      for (const j of neighbours(i, grid)) {
        if (!cells[j] || seen[j]) continue;
        seen[j] = 1;
        queue.push(j);
      }
    }
    found.push(members);
  }
  return found;
}

function boxOf(cells: readonly number[], { grid, region }: RegionOptions): Box {
  const xs = cells.map((i) => i % grid.columns);
  const ys = cells.map((i) => Math.floor(i / grid.columns));
  const x = (column: number): number => region[0] + (boxWidth(region) * column) / grid.columns;
  const y = (row: number): number => region[1] + (boxHeight(region) * row) / grid.rows;
  return [x(Math.min(...xs)), y(Math.min(...ys)), x(Math.max(...xs) + 1), y(Math.max(...ys) + 1)];
}
