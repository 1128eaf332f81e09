import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf, instantOf, midnightOf, weekdayOf, yearOf } from '../../../src/core/calendar/localDay.js';
import { eventMs, isoOf, parseInstant } from '../../../src/core/time.js';

const at = (iso: string) => parseInstant(iso, 'test');

describe('the day of an instant', () => {
  it.each([
    ['2026-10-08T15:59:59.999Z', 'Asia/Shanghai', '2026-10-08'],
    ['2026-10-08T16:00:00Z', 'Asia/Shanghai', '2026-10-09'],
    ['2024-02-29T00:00:00Z', 'UTC', '2024-02-29'],
    ['2026-12-31T23:30:00Z', 'Asia/Urumqi', '2027-01-01'],
    ['2026-03-08T04:59:00Z', 'America/New_York', '2026-03-07'],
    ['1969-12-31T23:59:59.500Z', 'UTC', '1969-12-31'],
  ])('%s in %s is %s', (instant, zone, day) => {
    expect(dayOf(at(instant), zone)).toBe(day);
  });
});

describe('the instant of a wall clock', () => {
  it.each([
    ['2026-10-08', '09:00', 'Asia/Shanghai', '2026-10-08T01:00:00.000Z'],
    ['2026-10-08', '24:00', 'Asia/Shanghai', '2026-10-08T16:00:00.000Z'],
    ['2026-07-01', '00:00', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['2026-09-06', '00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['1987-07-01', '08:00', 'Asia/Shanghai', '1987-06-30T23:00:00.000Z'],
  ])('%s %s in %s is %s', (day, time, zone, instant) => {
    expect(isoOf(instantOf(day, time, zone))).toBe(instant);
  });

  it('refuses what is no day and no time', () => {
    expect(() => instantOf('2026-1-1', '09:00', 'UTC')).toThrow(/YYYY-MM-DD/);
    expect(() => instantOf('2026-01-01', '9:00', 'UTC')).toThrow(/HH:MM/);
  });
});

describe('days', () => {
  it('counts over months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(yearOf('2026-03-01')).toBe(2026);
  });

  it.each([
    ['2026-10-05', 1],
    ['2026-10-10', 6],
    ['2026-10-11', 7],
    ['1969-12-29', 1],
  ])('%s is weekday %i', (day, weekday) => {
    expect(weekdayOf(day)).toBe(weekday);
  });

  it('a day lies between its own midnights, in every zone, and agrees with the platform', () => {
    const zones = [
      'Asia/Shanghai',
      'UTC',
      'America/New_York',
      'America/Santiago',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    ];
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (ms, zone) => {
        const day = dayOf(eventMs(ms), zone);
        expect(day).toBe(new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(ms));
        expect(midnightOf(day, zone)).toBeLessThanOrEqual(ms);
        expect(midnightOf(addDays(day, 1), zone)).toBeGreaterThan(ms);
        expect(dayOf(midnightOf(day, zone), zone)).toBe(day);
      }),
      { numRuns: 500 },
    );
  });
});
