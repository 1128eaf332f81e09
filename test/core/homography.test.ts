import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/core/geometry.js';
import { distanceOnPlane, homographyOf, type PlanePair, project } from '../../src/core/homography.js';

/** A pinhole camera 3 m up, looking down at 35 degrees: the truth that the map has to find again from four points. */
const camera = ([x, y]: Point): Point => {
  const [cos, sin] = [Math.cos(0.61), Math.sin(0.61)];
  const [depth, down] = [y * cos + 3 * sin, 3 * cos - y * sin];
  return [0.5 + (0.9 * x) / depth, 0.5 + (1.2 * down) / depth];
};
const seen = (floor: Point): PlanePair => ({ from: camera(floor), to: floor });
const FOUR: Point[] = [
  [-1, 2],
  [1.5, 2.2],
  [1.8, 6],
  [-1.4, 5.5],
];

describe('homographyOf', () => {
  it('finds the floor of a camera again, also away from the four points', () => {
    const map = homographyOf(FOUR.map(seen))!;
    for (const floor of [...FOUR, [0, 3], [-2, 8], [3, 1.5]] as Point[]) {
      const [x, y] = project(map, camera(floor))!;
      expect(x).toBeCloseTo(floor[0], 8);
      expect(y).toBeCloseTo(floor[1], 8);
    }
    expect(distanceOnPlane(map, camera([0, 3]), camera([0.6, 3.8]))).toBeCloseTo(1, 8);
  });

  it('measures the same metre wider near the camera than far from it', () => {
    const map = homographyOf(FOUR.map(seen))!;
    const near = Math.abs(camera([0, 2])[0] - camera([1, 2])[0]);
    const far = Math.abs(camera([0, 6])[0] - camera([1, 6])[0]);
    expect(near).toBeGreaterThan(far * 1.5);
    expect(distanceOnPlane(map, camera([0, 2]), camera([1, 2]))).toBeCloseTo(1, 8);
    expect(distanceOnPlane(map, camera([0, 6]), camera([1, 6]))).toBeCloseTo(1, 8);
  });

  it('takes more than four points and evens out how badly they were clicked', () => {
    const more: Point[] = [...FOUR, [0, 4], [1, 3], [-1, 4.5], [1.2, 5]];
    const clicked = more.map((floor, i) => {
      const [x, y] = camera(floor);
      return { from: [x + (i % 2 ? 0.002 : -0.002), y + (i % 3 ? 0.001 : -0.001)] as Point, to: floor };
    });
    const map = homographyOf(clicked)!;
    expect(distanceOnPlane(map, camera([0, 3]), camera([1, 3]))).toBeGreaterThan(0.97);
    expect(distanceOnPlane(map, camera([0, 3]), camera([1, 3]))).toBeLessThan(1.03);
  });

  it.each<[string, PlanePair[]]>([
    ['three points', FOUR.slice(0, 3).map(seen)],
    [
      'three of the four on one line',
      (
        [
          [0, 2],
          [0, 3],
          [0, 5],
          [1, 4],
        ] as Point[]
      ).map(seen),
    ],
    ['one point four times', [FOUR[0]!, FOUR[0]!, FOUR[0]!, FOUR[0]!].map(seen)],
    ['two corners changed over', FOUR.map((floor, i) => ({ from: camera(floor), to: FOUR[[1, 0, 2, 3][i]!]! }))],
  ])('fixes nothing from %s', (_, pairs) => {
    expect(homographyOf(pairs)).toBeUndefined();
  });

  it('has no floor at the horizon and above it', () => {
    const map = homographyOf(FOUR.map(seen))!;
    const horizon = 0.5 - 1.2 * Math.tan(0.61);
    expect(project(map, [0.4, horizon - 0.01])).toBeUndefined();
    expect(distanceOnPlane(map, camera([0, 3]), [0.4, horizon - 0.1])).toBeUndefined();
  });
});
