import { type Box, boxCentre, containsPoint, type Point, type Polygon } from '../../core/geometry.js';
import { distanceOnPlane, type Homography } from '../../core/homography.js';
import type { EventMs } from '../../core/time.js';
import { upperBody } from '../persons/zones.js';

/** Where people sit in one camera's picture. */
export interface SeatingPlan {
  seats: ReadonlyArray<{ id: string; zone: Polygon; beside: readonly string[] }>;
  /** Takes the picture's fractions to metres on the floor; with it distances decide instead of seats. */
  floor?: Homography | undefined;
  /** Metres. */
  minDistance: number;
}

/** Somebody who is placed. */
export interface Seated {
  track: number;
  box: Box;
}

/** Two persons who sit too near to each other at this moment. */
export interface NearPair {
  /** Names the two places (seats) or persons (metres), so that the same pair is known again at the next look. */
  key: string;
  /** Seat ids; empty with metres. */
  seats: string[];
  /** Metres; undefined with seats. */
  metres?: number;
  boxes: [Box, Box];
}

/** The pairs of one look. */
export function nearPairs(persons: readonly Seated[], plan: SeatingPlan): NearPair[] {
  return plan.floor ? byMetres(persons, plan.floor, plan.minDistance) : bySeats(persons, plan.seats);
}

function bySeats(persons: readonly Seated[], seats: SeatingPlan['seats']): NearPair[] {
  const taken = new Map<string, Seated>();
  for (const seat of seats) {
    const sitter = persons.find((person) => containsPoint(seat.zone, boxCentre(upperBody(person.box))));
    if (sitter) taken.set(seat.id, sitter);
  }
  return seats.flatMap((a, i) =>
    seats.slice(i + 1).flatMap((b): NearPair[] => {
      const [one, two] = [taken.get(a.id), taken.get(b.id)];
      // One person across two seats is one person.
      if (!one || !two || one.track === two.track) return [];
      if (!a.beside.includes(b.id) && !b.beside.includes(a.id)) return [];
      return [{ key: `${a.id}|${b.id}`, seats: [a.id, b.id], boxes: [one.box, two.box] }];
    }),
  );
}

/** A seated person's feet are under the table: the lower end of the box stands for them, and errs by the table's depth. */
const floorPoint = (box: Box): Point => [(box[0] + box[2]) / 2, box[3]];

function byMetres(persons: readonly Seated[], floor: Homography, minDistance: number): NearPair[] {
  return persons.flatMap((a, i) =>
    persons.slice(i + 1).flatMap((b): NearPair[] => {
      const metres = distanceOnPlane(floor, floorPoint(a.box), floorPoint(b.box));
      if (metres === undefined || metres >= minDistance) return [];
      const key = `${Math.min(a.track, b.track)}+${Math.max(a.track, b.track)}`;
      return [{ key, seats: [], metres: Math.round(metres * 100) / 100, boxes: [a.box, b.box] }];
    }),
  );
}

/** Since when each pair has been near. Plain JSON. */
export type PairTimes = Record<string, { since: EventMs; seenAt: EventMs }>;

/**
 * Goes on with the pairs of a look. A pair missed for less than `graceMs` (somebody leaned back) was near all along; after
 * that it begins anew.
 */
export function stepPairs(
  times: PairTimes,
  pairs: readonly NearPair[],
  now: { at: EventMs; graceMs: number },
): PairTimes {
  const { at, graceMs } = now;
  const kept = Object.entries(times).filter(([, { seenAt }]) => at >= seenAt && at - seenAt <= graceMs);
  const result: PairTimes = Object.fromEntries(kept);
  for (const { key } of pairs) result[key] = { since: result[key]?.since ?? at, seenAt: at };
  return result;
}
