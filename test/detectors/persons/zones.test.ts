import { describe, expect, it } from 'vitest';
import type { Box, Polygon } from '../../../src/core/geometry.js';
import { assignToZones, upperBody, type Zone } from '../../../src/detectors/persons/zones.js';

const square = ([x1, y1, x2, y2]: Box): Polygon => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
];
const zone = (id: string, side: Zone['side'], box: Box): Zone => ({ id, side, polygon: square(box) });

// Two windows side by side, seen from the hall: clerks sit behind the counter (above y = 0.6), citizens stand before it.
const A = zone('A', 'staff', [0.1, 0.2, 0.5, 0.6]);
const B = zone('B', 'staff', [0.5, 0.2, 0.9, 0.6]);
const queueA = zone('queue A', 'citizens', [0.1, 0.6, 0.5, 1]);
const zones = [A, B, queueA];

const zoneOf = (box: Box, among = zones): string | undefined =>
  [...assignToZones([{ box, score: 0.5 }], among)].find(([, persons]) => persons.length > 0)?.[0];

describe('upper body', () => {
  it.each([
    ['the upper half of a person standing', [0.4, 0.1, 0.5, 0.5], 0.3],
    ['all of a person whose box ends at the counter', [0.4, 0.1, 0.8, 0.5], 0.5],
    ['the upper half of a box cut by the side of the picture', [0, 0.1, 0.02, 0.9], 0.5],
  ] as const)('is %s', (_what, box, bottom) => {
    expect(upperBody(box)[3]).toBeCloseTo(bottom, 6);
  });
});

describe('a person counts', () => {
  it.each([
    ['for the window whose counter hides the lower half', [0.2, 0.3, 0.4, 0.6], 'A'],
    ['for the zone that holds most of the upper body', [0.4, 0.25, 0.56, 0.55], 'A'],
    ['for the other one when a little further right', [0.46, 0.25, 0.62, 0.55], 'B'],
    ['for no window when standing between zone and wall', [0.02, 0.3, 0.12, 0.6], undefined],
    ['for the staff although the legs reach out of the zone', [0.6, 0.3, 0.72, 0.75], 'B'],
    ['as a citizen when standing before the counter', [0.2, 0.65, 0.35, 1], 'queue A'],
    ['as a citizen when leaning over the counter', [0.2, 0.4, 0.4, 1], 'queue A'],
    ['for nobody when far behind in the hall', [0.3, 0.25, 0.33, 0.32], undefined],
    ['for nobody when only the feet are in the zone', [0.55, 0, 0.65, 0.3], undefined],
  ] as const)('%s', (_what, box, expected) => {
    expect(zoneOf(box)).toBe(expected);
  });

  it('never for two windows, even where zones overlap', () => {
    const overlapping = [A, zone('A2', 'staff', [0.15, 0.2, 0.55, 0.6])];
    const assigned = assignToZones([{ box: [0.2, 0.3, 0.4, 0.6], score: 0.9 }], overlapping);
    expect([...assigned.values()].flat()).toHaveLength(1);
  });

  it('beside others of the same zone, best first', () => {
    const two = [
      { box: [0.12, 0.3, 0.28, 0.6] as Box, score: 0.3 },
      { box: [0.3, 0.3, 0.46, 0.6] as Box, score: 0.6 },
    ];
    expect(
      assignToZones(two, zones)
        .get('A')!
        .map(({ score }) => score),
    ).toEqual([0.6, 0.3]);
  });
});
