import { describe, expect, it } from 'vitest';
import { assign } from '../../../src/detectors/tracking/assignment.js';

/** The cheapest total by trying everything. */
function cheapest(costs: number[][], alone: number, row = 0, taken: ReadonlySet<number> = new Set()): number {
  if (row === costs.length) return 0;
  const choices = costs[row]!.flatMap((cost, column) =>
    taken.has(column) || cost >= alone ? [] : [cost + cheapest(costs, alone, row + 1, new Set([...taken, column]))],
  );
  return Math.min(alone + cheapest(costs, alone, row + 1, taken), ...choices);
}

const totalOf = (costs: number[][], columns: number[], alone: number): number =>
  columns.reduce((sum, column, row) => sum + (column < 0 ? alone : costs[row]![column]!), 0);

/** A small generator of fixed seed (Park and Miller, CACM 31(10), 1988). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('assign', () => {
  it.each([
    ['nobody', [], []],
    ['nothing to take', [[], []], [-1, -1]],
    [
      'the greedy choice is not the best',
      [
        [0.1, 0.2],
        [0.1, 0.9],
      ],
      [1, 0],
    ],
    [
      'a dear pair stays apart',
      [
        [0.2, 1.5],
        [1.5, 1.2],
      ],
      [0, -1],
    ],
    ['a forbidden pair is never made', [[Number.POSITIVE_INFINITY], [0.3]], [-1, 0]],
    ['more rows than columns', [[0.5], [0.4], [0.6]], [-1, 0, -1]],
  ])('%s', (_, costs, expected) => {
    expect(assign(costs, 1)).toEqual(expected);
  });

  it('is as cheap as trying everything, on random costs of any shape', () => {
    const next = random(7);
    for (let round = 0; round < 300; round++) {
      const [rows, columns] = [1 + Math.floor(next() * 5), 1 + Math.floor(next() * 5)];
      const costs = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => (next() < 0.2 ? Number.POSITIVE_INFINITY : next() * 1.3)),
      );
      const columnsOf = assign(costs, 1);
      const used = columnsOf.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(totalOf(costs, columnsOf, 1)).toBeCloseTo(cheapest(costs, 1), 9);
    }
  });
});
