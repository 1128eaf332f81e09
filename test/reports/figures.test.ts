import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservationRun } from '../../src/alerts/ledger/runs.js';
import { parseConfig } from '../../src/core/config/load.js';
import { subjectId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type Candidate, rank } from '../../src/reports/figures/ranking.js';
import { LEAST_COVERAGE, quantile, rateOf, shareOf, wilson } from '../../src/reports/figures/rates.js';
import { isWorkingDay } from '../../src/reports/figures/schedule.js';
import { bucketSums, intersect, lengthOf, subtract, union } from '../../src/reports/figures/spans.js';
import { hourEdges } from '../../src/reports/figures/windowFigures.js';
import { divideTime, seenTime } from '../../src/reports/figures/windowTime.js';
import { addMonths, monthOf, monthSpan } from '../../src/reports/month/month.js';

const DAY = 86_400_000;

describe('a month', () => {
  it.each([
    ['2026-02', 28],
    ['2028-02', 29],
    ['2026-04', 30],
    ['2026-10', 31],
    // The last leap second so far was the end of this one: UTC milliseconds know none, and no second is lost or doubled.
    ['2016-12', 31],
  ])('%s has %i whole days of Shanghai', (name, days) => {
    const span = monthSpan(name, 'Asia/Shanghai');
    expect(span.days).toHaveLength(days);
    expect(span.to - span.from).toBe(days * DAY);
    expect(new Date(span.from).toISOString().slice(11)).toBe('16:00:00.000Z');
    const edges = hourEdges(span.days, 'Asia/Shanghai');
    expect(edges).toHaveLength(days * 24 + 1);
    expect(bucketSums([span], edges)).toEqual(new Array(days * 24).fill(3_600_000));
  });

  it('begins at midnight of the hall, not of the server', () => {
    expect(monthOf(eventMs(Date.UTC(2026, 8, 30, 16, 0)), 'Asia/Shanghai')).toBe('2026-10');
    expect(monthOf(eventMs(Date.UTC(2026, 8, 30, 15, 59, 59, 999)), 'Asia/Shanghai')).toBe('2026-09');
  });

  it('has an hour less where the clock is put forward, and its hours still add up', () => {
    const span = monthSpan('2026-03', 'Europe/Berlin');
    const edges = hourEdges(span.days, 'Europe/Berlin');
    expect(bucketSums([span], edges).reduce((a, b) => a + b)).toBe(31 * DAY - 3_600_000);
  });

  it.each([
    ['2026-01', -1, '2025-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-03', -12, '2025-03'],
  ])('%s and %i months is %s', (name, count, wanted) => expect(addMonths(name, count)).toBe(wanted));

  it.each(['2026-13', '2026-1', '26-10', '2026-10-01', ''])('refuses %j', (name) =>
    expect(() => monthSpan(name, 'Asia/Shanghai')).toThrow('not of the form YYYY-MM'),
  );

  it('knows working days: holidays, make-up days and the hall', () => {
    const yaml =
      'site: { id: x, name: x }\ncalendar: { overlay: [{ date: 2026-10-12, open: false }, { date: 2026-10-18, open: true }] }';
    const config = parseConfig(yaml, 'test');
    const works = ['2026-10-01', '2026-10-08', '2026-10-10', '2026-10-11', '2026-10-12', '2026-10-18'].filter((day) =>
      isWorkingDay(config, day),
    );
    expect(works).toEqual(['2026-10-08', '2026-10-10', '2026-10-18']);
  });
});

describe('spans', () => {
  const spans = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 30 })), { maxLength: 12 })
    .map((list) => union(list.map(([from, length]) => ({ from, to: from + length }))));
  const cells = (list: ReturnType<typeof union>): Set<number> =>
    new Set(list.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));

  it('mean what sets of their cells mean', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [left, right] = [cells(a), cells(b)];
        expect(cells(intersect(a, b))).toEqual(new Set([...left].filter((cell) => right.has(cell))));
        expect(cells(subtract(a, b))).toEqual(new Set([...left].filter((cell) => !right.has(cell))));
        expect(lengthOf(intersect(a, b)) + lengthOf(subtract(a, b))).toBe(lengthOf(a));
        const edges = [0, 17, 60, 61, 230];
        expect(bucketSums(a, edges).reduce((x, y) => x + y)).toBe(lengthOf(a));
      }),
    );
  });
});

const runs = (...list: Array<[number, number, number | 'unknown']>): ObservationRun[] =>
  list.map(([first, last, value]) => ({
    ...{ subject: subjectId('W'), kind: 'staff', value, looks: 2 },
    ...{ firstAt: eventMs(first * 1000), lastAt: eventMs(last * 1000) },
  }));
const options = { minStaff: 1, staleAfterMs: 10_000 };
const s = (spans: Array<{ from: number; to: number }>) => spans.map(({ from, to }) => [from / 1000, to / 1000]);

describe('seen time', () => {
  it('gives a short gap to the earlier run and nobody a long one', () => {
    const seen = seenTime(runs([0, 20, 1], [30, 40, 0], [51, 60, 0]), options);
    expect([s(seen.present), s(seen.absent)]).toEqual([
      [[0, 30]],
      [
        [30, 40],
        [51, 60],
      ],
    ]);
  });

  it('takes nothing from a gap beside an unknown look', () => {
    const seen = seenTime(runs([0, 20, 1], [22, 40, 'unknown'], [42, 60, 1]), options);
    expect(s(seen.present)).toEqual([
      [0, 20],
      [42, 60],
    ]);
  });

  it('counts no second twice where the clock stepped back', () => {
    const seen = seenTime(runs([0, 60, 1], [30, 90, 0]), options);
    expect([s(seen.present), s(seen.absent)]).toEqual([[[0, 60]], [[60, 90]]]);
  });

  it('needs as many as the window needs', () => {
    expect(s(seenTime(runs([0, 60, 1]), { ...options, minStaff: 2 }).absent)).toEqual([[0, 60]]);
  });

  it('always divides scheduled time into parts that add up', () => {
    const list = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom<number | 'unknown'>(0, 1, 'unknown')),
    );
    fc.assert(
      fc.property(list, (parts) => {
        let at = 0;
        const made = runs(
          ...parts.map(([length, value]): [number, number, number | 'unknown'] => {
            at += 3 + length;
            return [at - length, at, value];
          }),
        );
        const scheduled = [
          { from: 5000, to: 90_000 },
          { from: 100_000, to: 300_000 },
        ];
        const divided = divideTime(scheduled, seenTime(made, options), {
          leaves: [{ from: 20_000, to: 60_000 }],
          excused: [{ from: 50_000, to: 80_000 }],
          confirmed: [{ from: 40_000, to: 200_000 }],
        });
        const total = lengthOf(divided.present) + lengthOf(divided.absent);
        expect(total).toBeLessThanOrEqual(lengthOf(scheduled));
        expect(lengthOf(intersect(divided.excused, divided.unexcused))).toBe(0);
        expect(lengthOf(intersect(divided.present, divided.absent))).toBe(0);
        expect(lengthOf(subtract([...divided.unexcused], divided.absent))).toBe(0);
      }),
    );
  });
});

describe('rates', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson of %i in %i is %f to %f', (part, whole, low, high) => {
    const interval = wilson(part, whole);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('are withheld below 90 % coverage, and where there is nothing to divide by', () => {
    expect(rateOf(3, 10, 0.899_999)).toMatchObject({
      value: null,
      low: null,
      withheld: 'coverage',
      part: 3,
      whole: 10,
    });
    expect(rateOf(3, 10, LEAST_COVERAGE)).toMatchObject({ value: 0.3, withheld: null });
    expect(rateOf(0, 0, 1)).toMatchObject({ value: null, withheld: 'nothing' });
    expect(shareOf(1, 2, 0.5)).toEqual({ value: null, coverage: 0.5, withheld: 'coverage' });
  });

  it.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[4, 1, 3, 2], 0.9, 3.7],
    [[7], 0.9, 7],
  ])('the quantile of %j at %f is %f', (values, p, wanted) => expect(quantile(values, p)).toBeCloseTo(wanted, 9));
});

describe('places', () => {
  const candidate = (key: string, part: number, whole: number, changes: Partial<Candidate> = {}): Candidate => ({
    ...{ key, name: key, rate: rateOf(part, whole, 1), coverage: 1, exposureS: 400_000 },
    ...changes,
  });
  const shown = (list: Candidate[]) => rank(list).map(({ key, place, unranked }) => [key, place ?? unranked]);

  it('are shared by equal rates, and the next one is skipped', () => {
    const list = [candidate('c', 18, 20), candidate('b', 19, 20), candidate('a', 19, 20), candidate('d', 20, 20)];
    expect(shown(list)).toEqual([
      ['d', 1],
      ['a', 2],
      ['b', 2],
      ['c', 4],
    ]);
  });

  it('are given only to those with enough coverage, enough days and equal exposure, with the reason beside the rest', () => {
    const list = [
      candidate('whole', 20, 20),
      candidate('also', 18, 20),
      candidate('third', 17, 20),
      candidate('dark', 20, 20, { coverage: 0.89, rate: rateOf(20, 20, 0.89) }),
      candidate('new', 9, 9),
      candidate('half', 12, 12, { exposureS: 200_000 }),
      candidate('unseen', 0, 0, { coverage: null, rate: rateOf(0, 0, null) }),
    ];
    expect(shown(list)).toEqual([
      ['whole', 1],
      ['also', 2],
      ['third', 3],
      ['dark', 'coverage'],
      ['half', 'exposure'],
      ['new', 'few'],
      ['unseen', 'coverage'],
    ]);
  });

  it('say where the difference to the best may be chance', () => {
    const [best, near, far] = rank([candidate('a', 20, 20), candidate('b', 19, 20), candidate('c', 5, 20)]);
    expect([best!.likeBest, near!.likeBest, far!.likeBest]).toEqual([true, true, false]);
  });
});
