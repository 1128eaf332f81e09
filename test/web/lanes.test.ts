import { describe, expect, it } from 'vitest';
import { lanesOf, ticksOf } from '../../web/src/alerts/lanes.js';

const run = (kind: string, first: number, last: number, value: boolean | number | 'unknown') => ({
  kind,
  first: first * 1000,
  last: last * 1000,
  value,
});
const span = [0, 600_000] as const;
const shades = (runs: ReturnType<typeof run>[], minStaff = 1) =>
  lanesOf(runs, span, minStaff).map((lane) => lane.stretches.map((s) => `${s.from / 1000}-${s.to / 1000} ${s.shade}`));

describe('lanes of observations', () => {
  it('hold a value up to the next look', () => {
    expect(shades([run('staff', 0, 298, 1), run('staff', 300, 596, 0)])).toEqual([['0-300 good', '300-600 bad']]);
  });

  it('call a desk bad where it is in disorder', () => {
    expect(shades([run('desk', 0, 298, false), run('desk', 300, 600, true)])).toEqual([['0-300 good', '300-600 bad']]);
  });

  it('show a stretch nobody looked at as a gap, never as empty', () => {
    expect(shades([run('staff', 60, 120, 0), run('staff', 400, 590, 0)])).toEqual([
      ['0-60 gap', '60-120 bad', '120-400 gap', '400-600 bad'],
    ]);
  });

  it('keep unknown apart from absent, and count up to the staff needed', () => {
    expect(shades([run('staff', 0, 300, 'unknown'), run('staff', 302, 600, 1)], 2)).toEqual([
      ['0-302 unknown', '302-600 bad'],
    ]);
  });

  it('let the roster hold until it changes', () => {
    expect(shades([run('expected', 0, 0, true), run('expected', 400, 400, false)])).toEqual([
      ['0-400 good', '400-600 quiet'],
    ]);
  });

  it('come in one order: roster, staff, citizens', () => {
    const lanes = lanesOf([run('citizens', 0, 600, 0), run('expected', 0, 0, true), run('staff', 0, 600, 1)], span);
    expect(lanes.map((lane) => lane.kind)).toEqual(['expected', 'staff', 'citizens']);
  });
});

describe('the axis', () => {
  it('has round instants and not too many', () => {
    const ticks = ticksOf([61_000, 1_900_000], 7);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(ticks.every((at) => at % 300_000 === 0)).toBe(true);
  });
});
