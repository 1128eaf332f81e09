import type { Box } from '../../core/geometry.js';
import type { Picture } from '../persons/picture.js';
import { CELL, cellGrid } from './census.js';
import type { ReferenceUse } from './deskVerdict.js';
import { type DifferenceRegion, differenceRegions } from './difference.js';
import { type ColourPlane, colourPlane, planeSize, zoneCells } from './plane.js';
import { register, type ViewPlane, viewPlane } from './register.js';
import { distanceWithoutShadow } from './shadow.js';
import type { DeskStandard } from './standard.js';
import type { DeskZone } from './zone.js';

/** A picture of the tidy desk, ready to compare with. */
export interface DeskReference {
  /** The whole view, to find how the camera moved. */
  view: ViewPlane;
  /** The desk. */
  desk: ColourPlane;
  /** Width over height of the picture it came from. */
  aspect: number;
  /** Cells of the desk that were behind people when it was taken: they have no say. */
  hidden: Uint8Array;
}

/** Longer side of a desk as it is compared, pixels: a cup on a counter is then 3 cells wide. */
const LONGEST = 192;
/** Pictures whose proportions differ by more than this share are not of one camera. */
const SAME_ASPECT = 0.02;

const sizeOf = (picture: Picture, bounds: Box) => planeSize(picture, bounds, { longest: LONGEST, step: CELL });

/** Prepares a reference for one desk. `people`: boxes of those who were in front of it. */
export function deskReference(picture: Picture, zone: DeskZone, people: readonly Box[] = []): DeskReference {
  const desk = colourPlane(picture, zone.bounds, sizeOf(picture, zone.bounds));
  const hidden = coveredCells(people, zone.bounds, cellGrid(desk));
  return { view: viewPlane(picture), desk, aspect: picture.width / picture.height, hidden };
}

export interface Comparison {
  use: ReferenceUse;
  regions: DifferenceRegion[];
}

/**
 * What differs from every reference. Most desks are as they were, so they are compared as they lie; only where something
 * differs is the view registered, and compared again with the slide made good. A reference of another view is left out; where
 * the camera was moved further than can be made good, nothing is compared at all.
 * @param hidden boxes of people, fractions of the picture
 */
export function compareWith(
  references: readonly DeskReference[],
  picture: Picture,
  facts: { zone: DeskZone; hidden: readonly Box[]; limits: DeskStandard['difference'] },
): Comparison {
  if (!facts.limits.enabled) return { use: 'off', regions: [] };
  if (references.length === 0) return { use: 'none', regions: [] };
  const { zone } = facts;
  const size = sizeOf(picture, zone.bounds);
  const alike = references.filter(
    ({ aspect, desk }) =>
      Math.abs(aspect * (picture.height / picture.width) - 1) < SAME_ASPECT &&
      desk.width === size.width &&
      desk.height === size.height,
  );
  if (alike.length === 0) return { use: 'other-view', regions: [] };
  const now = colourPlane(picture, zone.bounds, size);
  const straight = alike.map((reference) => distanceTo(reference, now, facts.limits.limit));
  const regions = regionsOf(least(straight), { ...facts, size, shift: [0, 0] });
  if (regions.length === 0) return { use: 'compared', regions };
  return compareRegistered(alike, picture, { ...facts, size });
}

type Facts = Parameters<typeof compareWith>[2] & { size: { width: number; height: number } };

function compareRegistered(references: readonly DeskReference[], picture: Picture, facts: Facts): Comparison {
  const view = viewPlane(picture);
  const { bounds } = facts.zone;
  const distances: Float32Array[] = [];
  let moved = false;
  let shift: readonly [number, number] = [0, 0];
  for (const reference of references) {
    const found = register(reference.view, view);
    if (found.view === 'moved') moved = true;
    if (found.view !== 'same') continue;
    const { shiftX, shiftY } = found;
    const there: Box = [bounds[0] + shiftX, bounds[1] + shiftY, bounds[2] + shiftX, bounds[3] + shiftY];
    distances.push(distanceTo(reference, colourPlane(picture, there, facts.size), facts.limits.limit));
    shift = [shiftX, shiftY];
  }
  if (distances.length > 0) return { use: 'compared', regions: regionsOf(least(distances), { ...facts, shift }) };
  return { use: moved ? 'moved' : 'other-view', regions: [] };
}

/** How unlike each cell is; one that a reference does not show is unlike nothing. */
const distanceTo = ({ desk, hidden }: DeskReference, now: ColourPlane, limit: number): Float32Array =>
  distanceWithoutShadow(desk, now, limit).map((distance, i) => (hidden[i] ? Number.POSITIVE_INFINITY : distance));

/**
 * The least distance of each cell over all references: a lamp that one of them knows is no difference. Where no reference
 * shows a cell, nobody knows how it should look.
 */
const least = (distances: readonly Float32Array[]): Float32Array =>
  distances[0]!.map((_, i) => {
    const distance = Math.min(...distances.map((each) => each[i]!));
    return Number.isFinite(distance) ? distance : 0;
  });

function regionsOf(distances: Float32Array, facts: Facts & { shift: readonly [number, number] }): DifferenceRegion[] {
  const { zone, hidden, limits, size, shift } = facts;
  const grid = cellGrid(size);
  const { bounds } = zone;
  const region: Box = [bounds[0] + shift[0], bounds[1] + shift[1], bounds[2] + shift[0], bounds[3] + shift[1]];
  const covered = coveredCells(hidden, region, grid);
  const inside = zoneCells(zone.polygon, bounds, grid);
  return differenceRegions(distances, { grid, region, inside, covered, limit: limits.limit, minArea: limits.minArea });
}

/** Cells behind people, and those that lie outside the picture after a slide. A hand reaches a little beyond its box. */
export function coveredCells(hidden: readonly Box[], region: Box, grid: { columns: number; rows: number }): Uint8Array {
  const covered = new Uint8Array(grid.columns * grid.rows);
  const [w, h] = [(region[2] - region[0]) / grid.columns, (region[3] - region[1]) / grid.rows];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const [x, y] = [region[0] + w * (column + 0.5), region[1] + h * (row + 0.5)];
      const outside = x < 0 || y < 0 || x > 1 || y > 1;
      const behind = hidden.some((box) => x > box[0] - w && x < box[2] + w && y > box[1] - h && y < box[3] + h);
      if (outside || behind) covered[row * grid.columns + column] = 1;
    }
  }
  return covered;
}
