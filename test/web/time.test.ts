import { describe, expect, it } from 'vitest';
import { clockSpan, dateTimeOf, dayAfter, dayStart, spanParts, timeOf } from '../../web/src/text/time.js';

const at = Date.UTC(2026, 9, 8, 17, 5, 9);

describe('times on the board', () => {
  it('are those of the hall, whatever zone the reader sits in', () => {
    expect(timeOf(at, 'Asia/Shanghai')).toBe('01:05:09');
    expect(dateTimeOf(at, 'Asia/Shanghai')).toBe('2026-10-09 01:05:09');
    expect(dateTimeOf(at, 'Asia/Shanghai', at + 1000)).toBe('10-09 01:05:09');
    expect(timeOf(Date.UTC(2026, 9, 8, 16, 0, 0), 'Asia/Shanghai')).toBe('00:00:00');
  });

  it.each([
    ['2026-10-08', 'Asia/Shanghai', '2026-10-07T16:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-10-08', 'America/Los_Angeles', '2026-10-08T07:00:00.000Z'],
  ])('the day %s begins in %s at %s', (day, zone, instant) => {
    expect(new Date(dayStart(day, zone)).toISOString()).toBe(instant);
  });

  it.each([
    ['2026-12-31', '2027-01-01'],
    ['2028-02-28', '2028-02-29'],
  ])('after %s comes %s', (day, next) => expect(dayAfter(day)).toBe(next));

  it.each([
    [-500, '0:00'],
    [42_999, '0:42'],
    [920_000, '15:20'],
    [3_727_000, '1:02:07'],
  ])('%i ms tick as %s', (ms, text) => expect(clockSpan(ms)).toBe(text));

  it('spell a span without empty units', () => {
    expect(spanParts(920_000)).toEqual([
      [15, 'm'],
      [20, 's'],
    ]);
    expect(spanParts(0)).toEqual([[0, 's']]);
    expect(spanParts(90_000_000)).toEqual([
      [1, 'd'],
      [1, 'h'],
    ]);
  });
});
