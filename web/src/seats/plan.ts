import type { AnswerOf, BodyIn } from '../../../src/board/api/contract.js';
import { boundsOf, type Point, type Polygon } from '../../../src/core/geometry.js';
import { distanceOnPlane, homographyOf } from '../../../src/core/homography.js';

export interface EditedSeat {
  id: string;
  zone: Polygon;
  beside: string[];
}
/** The floor as the editor draws it: a rectangle of known size. */
export interface EditedFloor {
  corners: Polygon;
  widthM: number;
  depthM: number;
}
export interface SeatPlan {
  seats: EditedSeat[];
  floor: EditedFloor;
}
export interface SeatDistance {
  a: string;
  b: string;
  metres: number;
}

const DEFAULT_M = 2;
const hypot = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1]);
const centimetres = (metres: number): number => Math.round(metres * 100) / 100;

/** What the server keeps, as the editor handles it. */
export function planOf({ seats, floor }: Pick<AnswerOf<'getSeats'>, 'seats' | 'floor'>): SeatPlan {
  const [a, b, c] = floor.map(({ metres }) => metres);
  return {
    seats: seats.map(({ id, zone, beside }) => ({ id, zone, beside: [...beside] })),
    floor: {
      corners: floor.map(({ at }) => at),
      widthM: a && b ? centimetres(hypot(a, b)) : DEFAULT_M,
      depthM: b && c ? centimetres(hypot(b, c)) : DEFAULT_M,
    },
  };
}

const placesOf = ({ widthM, depthM }: EditedFloor): Point[] => [
  [0, 0],
  [widthM, 0],
  [widthM, depthM],
  [0, depthM],
];

/** What goes to the server. A rectangle that has not exactly four corners is no floor. */
export function bodyOf({ seats, floor }: SeatPlan): Omit<BodyIn<'putSeats'>, 'etag'> {
  const places = placesOf(floor);
  return {
    seats: seats
      .filter(({ zone }) => zone.length > 2)
      .map(({ id, zone, beside }) => ({ id, zone: zone.map(([x, y]) => [x, y] as [number, number]), beside })),
    floor:
      floor.corners.length === 4
        ? floor.corners.map(([x, y], i) => ({ at: [x, y], metres: [places[i]![0], places[i]![1]] }))
        : [],
  };
}

/** Why the floor cannot be used; undefined where it can, or is not drawn. */
export function floorFault(floor: EditedFloor): 'corners' | 'wrong' | undefined {
  if (floor.corners.length === 0) return undefined;
  if (floor.corners.length !== 4) return 'corners';
  return homographyOfFloor(floor) ? undefined : 'wrong';
}

const homographyOfFloor = (floor: EditedFloor) =>
  homographyOf(floor.corners.map((from, i) => ({ from, to: placesOf(floor)[i] ?? [0, 0] })));

/** Distances between all seats, nearest first; undefined without a floor. */
export function distancesOf({ seats, floor }: SeatPlan): SeatDistance[] | undefined {
  const map = floor.corners.length === 4 ? homographyOfFloor(floor) : undefined;
  if (!map) return undefined;
  const drawn = seats.filter(({ zone }) => zone.length > 2);
  const foot = (zone: Polygon): Point => {
    const [x1, , x2, y2] = boundsOf(zone);
    return [(x1 + x2) / 2, y2];
  };
  return drawn
    .flatMap((one, i) =>
      drawn.slice(i + 1).flatMap((two): SeatDistance[] => {
        const metres = distanceOnPlane(map, foot(one.zone), foot(two.zone));
        return metres === undefined ? [] : [{ a: one.id, b: two.id, metres }];
      }),
    )
    .sort((x, y) => x.metres - y.metres);
}

/** Marks two seats as neighbours, or no longer: the relation goes both ways. */
export function toggleBeside(seats: readonly EditedSeat[], a: string, b: string): EditedSeat[] {
  const linked =
    seats.find(({ id }) => id === a)?.beside.includes(b) || seats.find(({ id }) => id === b)?.beside.includes(a);
  return seats.map((seat) => {
    if (seat.id !== a && seat.id !== b) return seat;
    const other = seat.id === a ? b : a;
    const without = seat.beside.filter((id) => id !== other);
    return { ...seat, beside: linked ? without : [...without, other] };
  });
}

/** The first free id `S1`, `S2`, ... */
export function freeSeatId(seats: readonly EditedSeat[]): string {
  let n = 1;
  while (seats.some(({ id }) => id === `S${n}`)) n += 1;
  return `S${n}`;
}
