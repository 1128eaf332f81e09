import { describe, expect, it } from 'vitest';
import { eventMs } from '../../../src/core/time.js';
import { type BehindState, notBehind, stepBehind } from '../../../src/pipeline/looks/behind.js';
import { idle, type LoadLevel, stepLoad } from '../../../src/pipeline/looks/load.js';

/** Minutes of a share of busy time each; gives the levels as they change. */
function levels(...minutes: Array<[busy: number, delayMs?: number]>): LoadLevel[] {
  let state = idle;
  const seen: LoadLevel[] = [];
  for (const [busy, worstDelayMs = 50] of minutes) {
    for (let i = 0; i < 30; i++) {
      state = stepLoad(state, { spanMs: 2000, busyMs: busy * 2000, workers: 1, worstDelayMs });
      if (seen.at(-1) !== state.level) seen.push(state.level);
    }
  }
  return seen;
}

describe('load of the network', () => {
  it.each<[string, Array<[number, number?]>, LoadLevel[]]>([
    ['little to do', [[0.3], [0.5]], ['ok']],
    ['is told before it is too much', [[0.5], [0.85], [1], [1]], ['ok', 'tight', 'over']],
    ['a peak of some seconds is no overload', [[0.4], [0.65], [0.4]], ['ok']],
    ['goes back with room to spare', [[1], [1], [0.85], [0.65], [0.65], [0.2]], ['ok', 'tight', 'over', 'tight', 'ok']],
    [
      'late results are too much, however busy',
      [
        [0.4, 6000],
        [0.4, 6000],
      ],
      ['ok', 'over'],
    ],
  ])('%s', (_what, minutes, expected) => {
    expect(levels(...minutes)).toEqual(expected);
  });

  it('counts all workers', () => {
    const sample = { spanMs: 600_000, busyMs: 600_000, workers: 2, worstDelayMs: 0 };
    expect(stepLoad(idle, sample).busy).toBeCloseTo(0.5, 3);
  });
});

describe('a camera that is behind', () => {
  const play = (dropped: number[]): string[] => {
    let state: BehindState = notBehind;
    return dropped.flatMap((count, second) => {
      const [next, changed] = stepBehind(state, { at: eventMs(second * 1000), dropped: count });
      state = next;
      return changed === undefined ? [] : [`${second} ${changed ? 'raised' : 'cleared'}`];
    });
  };
  it.each<[string, number[], string[]]>([
    ['no drop', Array(60).fill(0), []],
    ['two drops are a hiccup', [0, 1, 2, ...Array(60).fill(2)], []],
    ['three in half a minute', [0, 1, 1, 2, 3, ...Array(40).fill(3)], ['4 raised', '34 cleared']],
    ['three, but far apart', [0, 1, ...Array(40).fill(1), 2, ...Array(40).fill(2), 3, 3], []],
  ])('%s', (_what, dropped, expected) => {
    expect(play(dropped)).toEqual(expected);
  });
});
