import { type Box, boxArea, boxHeight, boxWidth, intersectionArea, type Polygon } from '../../core/geometry.js';
import type { DetectedObject } from '../persons/detectObjects.js';
import type { Picture } from '../persons/picture.js';
import { EQUIPMENT, LOOSE } from './deskKinds.js';
import { type DifferenceRegion, differenceRegions } from './difference.js';
import { grayPlane, zoneCells } from './plane.js';

/** How much lies about on a desk. */
export interface Clutter {
  /** 1 is the limit that parts tidy desks from cluttered ones best; 0 an empty desk. */
  amount: number;
  /** Expected number of loose things: the sum of the network's scores. */
  loose: number;
  /** Share of the free desk that is crowded with corners, 0-1. */
  crowded: number;
  things: DetectedObject[];
  /** Where it is crowded, largest first. */
  parts: DifferenceRegion[];
}

/** A thing counts from this score on, and equipment hides what is behind it from this one. */
const LOOSE_SCORE = 0.16;
const EQUIPMENT_SCORE = 0.22;
/** Books count together as at most this many things: a row of them on a shelf behind the desk is no clutter. */
const MOST_BOOKS = 0.6;
/** What a desk crowded all over counts, in things; and how many things are the limit. Both measured, see the README. */
const CROWDED_WEIGHT = 7;
const LIMIT = 2.32;

/**
 * How cluttered a desk is, from what the network sees and from how crowded it is with corners: piles of paper and small
 * things which no class knows show in the second alone.
 * @param objects everything found in the zone, persons included
 */
export function clutterOf(
  picture: Picture,
  region: Box,
  facts: { zone: Polygon; objects: readonly DetectedObject[] },
): Clutter {
  const { zone, objects } = facts;
  const equipment = objects.filter(
    ({ label, score }) => (EQUIPMENT.includes(label) || label === 'person') && score >= EQUIPMENT_SCORE,
  );
  const things = looseThings(objects, equipment);
  const weight = (books: boolean): number =>
    things.reduce((sum, { label, score }) => ((label === 'book') === books ? sum + score : sum), 0);
  const loose = weight(false) + Math.min(MOST_BOOKS, weight(true));
  const { share: crowded, parts } = crowdedParts(picture, region, { zone, hidden: equipment.map(({ box }) => box) });
  return { amount: (loose + CROWDED_WEIGHT * crowded) / LIMIT, loose, crowded, things, parts };
}

/** One box a thing, whatever its classes; nothing that a screen shows. */
function looseThings(objects: readonly DetectedObject[], equipment: readonly DetectedObject[]): DetectedObject[] {
  const screens = equipment.filter(({ label }) => label === 'tv');
  const kept: DetectedObject[] = [];
  for (const object of [...objects].sort((a, b) => b.score - a.score)) {
    if (object.score < LOOSE_SCORE) continue;
    if (!LOOSE.includes(object.label) && !EQUIPMENT.includes(object.label)) continue;
    if (!kept.some((better) => isSame(better.box, object.box))) kept.push(object);
  }
  const onScreen = ({ box }: DetectedObject): boolean =>
    screens.some((screen) => intersectionArea(screen.box, box) > 0.7 * boxArea(box));
  return kept.filter((object) => LOOSE.includes(object.label) && !onScreen(object));
}

function isSame(a: Box, b: Box): boolean {
  const shared = intersectionArea(a, b);
  const [one, two] = [boxArea(a), boxArea(b)];
  if (shared > 0.45 * (one + two - shared)) return true;
  return shared > 0.8 * Math.min(one, two) && one < 4 * two && two < 4 * one;
}

/** Width at which a desk is searched for corners, pixels: a pen is then a corner at each end, grain is none. */
const WIDTH = 112;
const MOST_HEIGHT = 224;
const CELL = 8;
/** Least smaller eigenvalue of the structure tensor for a corner, of gradients relative to the brightness around. */
const CORNER = 0.6;
/** A cell is crowded where this share of it are corners. */
const CROWDED_CELL = 0.3;

/**
 * Corners by the smaller eigenvalue of the structure tensor (Shi and Tomasi, "Good features to track", CVPR 1994) on
 * gradients divided by the local brightness, so that a dark desk is judged like a bright one.
 */
function crowdedParts(
  picture: Picture,
  region: Box,
  { zone, hidden }: { zone: Polygon; hidden: readonly Box[] },
): { share: number; parts: DifferenceRegion[] } {
  const tall = (WIDTH * boxHeight(region) * picture.height) / (boxWidth(region) * picture.width);
  const size = { width: WIDTH, height: Math.max(2 * CELL, Math.min(MOST_HEIGHT, Math.round(tall))) };
  const { gray, width, height } = grayPlane(picture, region, size);
  const free = zoneCells(zone, region, { columns: width, rows: height });
  for (const box of hidden) hide(free, box, { region, width, height });
  const corners = cornersOf(gray, width, height);
  const grid = { columns: Math.floor(width / CELL), rows: Math.floor(height / CELL) };
  const shares = new Float32Array(grid.columns * grid.rows);
  let [seen, found] = [0, 0];
  for (let y = EDGE; y < height - EDGE; y++) {
    for (let x = EDGE; x < width - EDGE; x++) {
      const at = y * width + x;
      if (!free[at]) continue;
      seen += 1;
      if (!corners[at]) continue;
      found += 1;
      const cell = Math.floor(y / CELL) * grid.columns + Math.floor(x / CELL);
      if (x < grid.columns * CELL && y < grid.rows * CELL) shares[cell]! += 1 / (CELL * CELL);
    }
  }
  const inside = zoneCells(zone, region, grid);
  const covered = new Uint8Array(inside.length);
  const parts = differenceRegions(shares, { grid, region, inside, covered, limit: CROWDED_CELL, minArea: 1 });
  return { share: seen > 0 ? found / seen : 0, parts };
}

const EDGE = 3;

function hide(free: Uint8Array, box: Box, view: { region: Box; width: number; height: number }): void {
  const { region, width, height } = view;
  const x = (value: number): number => ((value - region[0]) / (region[2] - region[0])) * width;
  const y = (value: number): number => ((value - region[1]) / (region[3] - region[1])) * height;
  for (let row = Math.max(0, Math.floor(y(box[1]))); row < Math.min(height, y(box[3])); row++) {
    free.fill(
      0,
      row * width + Math.max(0, Math.floor(x(box[0]))),
      row * width + Math.min(width, Math.max(0, Math.ceil(x(box[2])))),
    );
  }
}

function cornersOf(gray: Float32Array, width: number, height: number): Uint8Array {
  const gx = new Float32Array(gray.length);
  const gy = new Float32Array(gray.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const [left, right, up, down] = [gray[i - 1]!, gray[i + 1]!, gray[i - width]!, gray[i + width]!];
      const light = 20 + (gray[i]! + left + right + up + down) / 5;
      gx[i] = (right - left) / light;
      gy[i] = (down - up) / light;
    }
  }
  const corners = new Uint8Array(gray.length);
  for (let y = EDGE; y < height - EDGE; y++) {
    for (let x = EDGE; x < width - EDGE; x++)
      corners[y * width + x] = smallerEigenvalue(gx, gy, y * width + x, width) > CORNER ? 1 : 0;
  }
  return corners;
}

/** Of the structure tensor over 5x5 pixels. */
function smallerEigenvalue(gx: Float32Array, gy: Float32Array, at: number, width: number): number {
  let [a, b, c] = [0, 0, 0];
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      const i = at + dy * width + dx;
      a += gx[i]! * gx[i]!;
      b += gx[i]! * gy[i]!;
      c += gy[i]! * gy[i]!;
    }
  }
  return (a + c) / 2 - Math.sqrt(((a - c) / 2) ** 2 + b * b);
}
