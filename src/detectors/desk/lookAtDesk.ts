import type { Box } from '../../core/geometry.js';
import type { DetectedObject, ObjectFinder } from '../persons/detectObjects.js';
import type { Picture } from '../persons/picture.js';
import { type Clutter, clutterOf } from './clutter.js';
import type { DeskReason, DeskVerdict } from './deskVerdict.js';
import { itemReasons } from './items.js';
import { grayPlane, zoneCells } from './plane.js';
import { type Comparison, compareWith, coveredCells, type DeskReference } from './references.js';
import type { DeskStandard } from './standard.js';
import { beforeDesk, belongsTo, type DeskZone } from './zone.js';

export interface DeskLookOptions {
  zone: DeskZone;
  standard: DeskStandard;
  references: readonly DeskReference[];
  /** `stillFinder(pool)`. */
  find: ObjectFinder;
  /** Covered by more than this share, a desk is unknown, 0-1. */
  coveredShare: number;
}

/** Least score that a thing is looked at with: clutter counts unsure things by their score. */
const LEAST_SCORE = 0.16;
const PERSON_SCORE = 0.3;

/** Boxes of people in front of or behind a desk, fractions of the picture. */
export const peopleOf = (found: readonly DetectedObject[]): Box[] =>
  found.filter(({ label, score }) => label === 'person' && score >= PERSON_SCORE).map(({ box }) => box);
/** A desk darker than this on average, gray levels, shows nothing. */
const DARK = 18;

/** Looks once at a desk: things by class, clutter, and the difference from the references. */
export async function lookAtDesk(
  picture: Picture,
  options: DeskLookOptions,
  signal?: AbortSignal,
): Promise<DeskVerdict> {
  const { zone, find } = options;
  const found = await find(picture, { minScore: LEAST_SCORE, region: zone.region }, signal);
  const people = await peopleAround(picture, { zone, find }, signal);
  return judgeDesk(picture, [...found, ...people], options);
}

/** People in front of or behind a desk: looked for in a wider part of the picture than the things on it. */
export const peopleAround = (
  picture: Picture,
  { zone, find }: Pick<DeskLookOptions, 'zone' | 'find'>,
  signal?: AbortSignal,
): Promise<DetectedObject[]> =>
  find(picture, { minScore: PERSON_SCORE, labels: ['person'], region: zone.surroundings }, signal);

/** The verdict over what the network found. Pure. */
export function judgeDesk(
  picture: Picture,
  found: readonly DetectedObject[],
  options: Omit<DeskLookOptions, 'find'>,
): DeskVerdict {
  const { zone, standard, references, coveredShare } = options;
  const people = peopleOf(found);
  const hidden = people.map((box) => beforeDesk(zone, box));
  const objects = found.filter(({ box, label }) => label !== 'person' && belongsTo(zone, box));
  const covered = shareCovered(hidden, zone);
  const clutter = clutterOf(picture, zone.bounds, { zone: zone.polygon, objects: [...objects, ...persons(found)] });
  const compared = compareWith(references, picture, { zone, hidden, limits: standard.difference });
  const facts = { clutter: Math.round(clutter.amount * 100) / 100, references: compared.use, covered, people };
  if (covered > coveredShare) return { verdict: 'unknown', why: 'covered', reasons: [], ...facts };
  if (brightness(picture, zone) < DARK) return { verdict: 'unknown', why: 'dark', reasons: [], ...facts };
  const items = itemReasons(objects, standard, { zone, coveredShare: covered });
  const reasons = [...items, ...clutterReasons(clutter, items, standard), ...comparedReasons(compared)];
  if (reasons.some(({ kind }) => kind !== 'moved')) return { verdict: 'disorder', reasons, ...facts };
  return compared.use === 'moved'
    ? { verdict: 'unknown', why: 'moved', reasons, ...facts }
    : { verdict: 'tidy', reasons, ...facts };
}

const persons = (found: readonly DetectedObject[]): DetectedObject[] => found.filter(({ label }) => label === 'person');

const GRID = { columns: 32, rows: 24 };

function shareCovered(people: readonly Box[], zone: DeskZone): number {
  if (people.length === 0) return 0;
  const inside = zoneCells(zone.polygon, zone.bounds, GRID);
  const covered = coveredCells(people, zone.bounds, GRID);
  const cells = inside.reduce((sum, value) => sum + value, 0);
  const hidden = inside.reduce((sum, value, i) => sum + (value && covered[i] ? 1 : 0), 0);
  return Math.round((1000 * hidden) / Math.max(1, cells)) / 1000;
}

function brightness(picture: Picture, { bounds }: DeskZone): number {
  const { gray } = grayPlane(picture, bounds, { width: 16, height: 12 });
  return gray.reduce((sum, value) => sum + value, 0) / gray.length;
}

/** Too much clutter is told with its things and its crowded parts; what an item rule has told already is not told twice. */
function clutterReasons(
  clutter: Clutter,
  items: readonly DeskReason[],
  { clutter: limits }: DeskStandard,
): DeskReason[] {
  if (!limits.enabled || clutter.amount < limits.limit) return [];
  const things = clutter.things
    .filter(({ box }) => !items.some((item) => item.box === box))
    .map(({ label, box, score }): DeskReason => ({ kind: 'item', label, box, score: Math.round(score * 100) / 100 }));
  const parts = clutter.parts
    .slice(0, 3)
    .map(({ box, area }): DeskReason => ({ kind: 'item', label: 'clutter', box, area }));
  const told = [...things, ...parts];
  return told.length > 0 ? told : [{ kind: 'item', label: 'clutter' }];
}

function comparedReasons({ use, regions }: Comparison): DeskReason[] {
  if (use === 'moved') return [{ kind: 'moved', label: 'camera' }];
  return regions.map(({ box, area }) => ({ kind: 'difference', label: 'difference', box, area }));
}
