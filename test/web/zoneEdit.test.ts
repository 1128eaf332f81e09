import { describe, expect, it } from 'vitest';
import type { Polygon } from '../../src/core/geometry.js';
import { clockwise, faultOf, insertPoint, movePolygon, removePoint } from '../../web/src/zones/edit.js';
import { commit, historyOf, redo, undo } from '../../web/src/zones/history.js';
import { snap, straighten } from '../../web/src/zones/snap.js';

const square: Polygon = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];
const targets = { zones: [square], aspect: 16 / 9, within: 0.02 };

describe('a dragged corner', () => {
  it.each([
    ['a near corner', [0.605, 0.205], [0.6, 0.2]],
    ['a near edge', [0.4, 0.21], [0.4, 0.2]],
    ['the border of the picture', [0.004, 0.99], [0, 1]],
    ['where it is', [0.45, 0.44], [0.45, 0.44]],
    ['the inside of the picture', [1.4, -0.2], [1, 0]],
  ] as const)('lands on %s', (_, from, to) => expect(snap(from, targets)).toEqual(to));

  it('is as near sideways as up and down, whatever the shape of the picture', () => {
    expect(snap([0.615, 0.4], targets)).toEqual([0.615, 0.4]);
    expect(snap([0.61, 0.4], targets)).toEqual([0.6, 0.4]);
    expect(snap([0.4, 0.615], targets)).toEqual([0.4, 0.6]);
  });

  it('runs level, upright or diagonal with Shift', () => {
    expect(straighten([0.2, 0.2], [0.5, 0.22], 1)[1]).toBe(0.2);
    const [x, y] = straighten([0.2, 0.2], [0.5, 0.47], 1);
    expect(x - 0.2).toBeCloseTo(y - 0.2, 3);
  });
});

describe('a zone', () => {
  it('takes a corner into its nearest edge and loses one', () => {
    const more = insertPoint(square, [0.61, 0.4], 1);
    expect(more[2]).toEqual([0.61, 0.4]);
    expect(removePoint(more, 2)).toEqual(square);
  });

  it('stops at the border when moved', () => {
    expect(movePolygon(square, [0.9, -0.9])).toEqual([
      [0.6, 0],
      [1, 0],
      [1, 0.4],
      [0.6, 0.4],
    ]);
  });

  it.each([
    ['few', square.slice(0, 2)],
    ['crossed', [square[0]!, square[2]!, square[1]!, square[3]!]],
    ['small', square.map(([x, y]) => [x / 100, y / 100] as const)],
    [undefined, square],
    [undefined, []],
  ])('has the fault %s', (fault, polygon) => expect(faultOf(polygon)).toBe(fault));

  it('is stored clockwise', () => {
    expect(clockwise(square.toReversed())).toEqual(square);
    expect(clockwise(square)).toBe(square);
  });
});

describe('undo', () => {
  it('takes back one step at a time, and a new step forgets what was undone', () => {
    const three = commit(commit(historyOf(1), 2), 3);
    expect(undo(undo(three)).present).toBe(1);
    expect(undo(undo(undo(three))).present).toBe(1);
    expect(redo(undo(three)).present).toBe(3);
    expect(redo(commit(undo(three), 9)).present).toBe(9);
  });
});
