import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Box,
  clampBox,
  clipToBox,
  containsPoint,
  iou,
  type Polygon,
  polygonArea,
  selfIntersects,
  shareInside,
} from '../../src/core/geometry.js';

const square: Polygon = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const box = fc
  .tuple(fraction, fraction, fraction, fraction)
  .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)])
  .filter((candidate) => candidate[2] - candidate[0] > 1e-3 && candidate[3] - candidate[1] > 1e-3);

describe('geometry', () => {
  it('clips a square to a box that overlaps a quarter of it', () => {
    expect(polygonArea(clipToBox(square, [0.4, 0.4, 1, 1]))).toBeCloseTo(0.04);
    expect(shareInside([0.4, 0.4, 0.8, 0.8], square)).toBeCloseTo(0.25);
  });

  it('gives the area of a concave zone', () => {
    const ell: Polygon = [
      [0, 0],
      [1, 0],
      [1, 0.5],
      [0.5, 0.5],
      [0.5, 1],
      [0, 1],
    ];
    expect(polygonArea(ell)).toBeCloseTo(0.75);
    expect(shareInside([0.5, 0.5, 1, 1], ell)).toBeCloseTo(0);
    expect(shareInside([0, 0, 1, 1], ell)).toBeCloseTo(0.75);
  });

  it('knows inside from outside, and crossing edges', () => {
    expect(containsPoint(square, [0.3, 0.3])).toBe(true);
    expect(containsPoint(square, [0.7, 0.3])).toBe(false);
    expect(selfIntersects(square)).toBe(false);
    expect(
      selfIntersects([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ]),
    ).toBe(true);
  });

  it('keeps iou and shares between 0 and 1 and iou symmetric', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(iou(a, b)).toBeCloseTo(iou(b, a), 9);
        expect(iou(a, b)).toBeGreaterThanOrEqual(0);
        expect(iou(a, b)).toBeLessThanOrEqual(1 + 1e-9);
        const asPolygon: Polygon = [
          [b[0], b[1]],
          [b[2], b[1]],
          [b[2], b[3]],
          [b[0], b[3]],
        ];
        const share = shareInside(a, asPolygon);
        expect(share).toBeGreaterThanOrEqual(-1e-9);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
    expect(clampBox([-0.2, 0.1, 1.4, 0.5])).toEqual([0, 0.1, 1, 0.5]);
  });
});
