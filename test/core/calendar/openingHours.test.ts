import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excuseFor } from '../../../src/core/calendar/excuses.js';
import { calendarWarnings, chineseHolidays } from '../../../src/core/calendar/holidays.js';
import { type DutySpan, openingHours } from '../../../src/core/calendar/openingHours.js';
import { configSchema } from '../../../src/core/config/schema.js';
import { subjectId, windowId } from '../../../src/core/ids.js';
import { type EventMs, eventMs, isoOf, parseInstant } from '../../../src/core/time.js';

const config = configSchema.parse({
  site: { id: 'hall', name: 'Hall' },
  windows: [
    { id: 'always', camera: 'c', staffZone: [] },
    { id: 'night', camera: 'c', staffZone: [], lunch: [{ from: '12:00', to: '12:30' }] },
    { id: 'A01', camera: 'c', staffZone: [], hours: 'office' },
    { id: 'A02', camera: 'c', staffZone: [], hours: 'office', lunch: [{ from: '11:30', to: '12:30' }] },
    { id: 'A03', camera: 'c', staffZone: [], hours: 'office', standby: true },
    { id: 'S01', camera: 'c', staffZone: [], hours: 'saturday' },
    { id: 'E01', camera: 'c', staffZone: [], hours: 'daily' },
  ],
  schedules: {
    office: {
      shifts: [
        { from: '09:00', to: '12:00' },
        { from: '13:30', to: '17:00' },
      ],
    },
    saturday: { days: [6], shifts: [{ from: '09:00', to: '12:00' }] },
    daily: { days: 'every-day', shifts: [{ from: '08:00', to: '24:00' }] },
  },
  calendar: {
    overlay: [
      { date: '2026-10-13', open: false, note: '设备检修' },
      { date: '2026-10-03', open: true, shifts: [{ from: '10:00', to: '11:00' }], note: '节日预约' },
      { date: '2026-10-04', open: true },
    ],
  },
});
const hours = openingHours(config);
const at = (local: string): EventMs => parseInstant(`${local}:00+08:00`, 'test');
const local = (instant: EventMs | undefined): string | undefined =>
  instant === undefined ? undefined : isoOf(eventMs(instant + 8 * 3_600_000)).slice(0, 16);
const ask = (window: string, when: string, registered?: DutySpan[]): [boolean, string, string | undefined] => {
  const { expected, reason, until } = hours.at(windowId(window), at(when), registered);
  return [expected, reason, local(until)];
};

describe('whether a window should be staffed', () => {
  it.each<[string, string, string, [boolean, string, string | undefined]]>([
    ['before the shift', 'A01', '2026-10-14T08:59', [false, 'off-shift', '2026-10-14T09:00']],
    ['as the shift begins', 'A01', '2026-10-14T09:00', [true, 'shift', '2026-10-14T12:00']],
    ['as it ends', 'A01', '2026-10-14T12:00', [false, 'off-shift', '2026-10-14T13:30']],
    ['in the evening, until the next morning', 'A01', '2026-10-14T17:00', [false, 'off-shift', '2026-10-15T09:00']],
    ['on Friday evening, until the weekend', 'A01', '2026-10-16T18:00', [false, 'off-shift', '2026-10-17T00:00']],
    ['at the weekend', 'A01', '2026-10-17T10:00', [false, 'weekend', '2026-10-19T00:00']],
    ['lunch rota', 'A02', '2026-10-14T11:30', [false, 'lunch', '2026-10-14T12:00']],
    ['before the lunch rota', 'A02', '2026-10-14T11:29', [true, 'shift', '2026-10-14T11:30']],
    [
      'lunch outside a shift is nothing of its own',
      'A02',
      '2026-10-14T12:10',
      [false, 'off-shift', '2026-10-14T13:30'],
    ],
    ['lunch of a window that is always open', 'night', '2026-10-14T12:10', [false, 'lunch', '2026-10-14T12:30']],
    ['National Day', 'A01', '2026-10-01T10:00', [false, 'holiday', '2026-10-03T00:00']],
    ['a holiday appointment of the hall comes first', 'A01', '2026-10-03T10:30', [true, 'shift', '2026-10-03T11:00']],
    ['outside the hours of that appointment', 'A01', '2026-10-03T11:00', [false, 'off-shift', '2026-10-04T09:00']],
    [
      'an open day without hours of its own has the usual ones',
      'A01',
      '2026-10-04T14:00',
      [true, 'shift', '2026-10-04T17:00'],
    ],
    ['a make-up Saturday is a working day', 'A01', '2026-10-10T10:00', [true, 'shift', '2026-10-10T12:00']],
    ['closed by the hall on a working day', 'A01', '2026-10-13T10:00', [false, 'closed-day', '2026-10-14T00:00']],
    [
      'closed by the hall although always open',
      'always',
      '2026-10-13T10:00',
      [false, 'closed-day', '2026-10-14T00:00'],
    ],
    ['always', 'always', '2026-10-01T03:00', [true, 'always', '2026-10-13T00:00']],
    ['always, and no change in sight', 'always', '2026-11-01T03:00', [true, 'always', undefined]],
    ['not in use', 'A03', '2026-10-14T10:00', [false, 'standby', undefined]],
    ['a schedule of Saturdays knows no holidays', 'S01', '2026-05-02T10:00', [true, 'shift', '2026-05-02T12:00']],
    ['and no other weekday', 'S01', '2026-05-04T10:00', [false, 'off-day', '2026-05-09T00:00']],
    ['every day, to midnight', 'E01', '2026-10-01T23:00', [true, 'shift', '2026-10-02T00:00']],
    [
      'a year without data: weekdays, marked',
      'A01',
      '2031-10-01T10:00',
      [true, 'workday-unverified', '2031-10-01T12:00'],
    ],
  ])('%s', (_, window, when, expected) => {
    expect(ask(window, when)).toEqual(expected);
  });

  it('tells the name of a holiday and the note of a day of the hall', () => {
    expect(hours.at(windowId('A01'), at('2026-10-01T10:00')).note).toBe('国庆节');
    expect(hours.at(windowId('A01'), at('2026-10-13T10:00')).note).toBe('设备检修');
  });

  it('refuses a window it does not know, and hours that no schedule has', () => {
    expect(() => hours.at(windowId('Z99'), at('2026-10-14T10:00'))).toThrow(/no such window/);
    const broken = configSchema.parse({
      site: config.site,
      windows: [{ id: 'A01', camera: 'c', staffZone: [], hours: 'x' }],
    });
    expect(() => openingHours(broken).at(windowId('A01'), at('2026-10-14T10:00'))).toThrow(/no such schedule/);
  });

  it('`until` is the next change and nothing changes before it', () => {
    const start = at('2026-09-15T00:00');
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 60 });
    fc.assert(
      fc.property(
        minutes,
        fc.constantFrom('A01', 'A02', 'S01', 'E01', 'night'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (minute, id, part) => {
          const when = eventMs(start + minute * 60_000);
          const now = hours.at(windowId(id), when);
          if (now.until === undefined) return;
          expect(now.until).toBeGreaterThan(when);
          const between = eventMs(Math.floor(when + (now.until - when - 1) * part));
          expect(hours.at(windowId(id), between)).toMatchObject({ expected: now.expected, reason: now.reason });
          const next = hours.at(windowId(id), now.until);
          expect([next.expected, next.reason]).not.toEqual([now.expected, now.reason]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what was registered for a window', () => {
  const span = (kind: string, from: string, to?: string, subject = 'A01'): DutySpan => ({
    ...{ kind, from: at(from), subject: subjectId(subject) },
    ...(to === undefined ? {} : { to: at(to) }),
  });

  it('standby makes it exempt for that time', () => {
    const standby = [span('standby', '2026-10-14T10:00', '2026-10-14T11:00')];
    expect(ask('A01', '2026-10-14T09:30', standby)).toEqual([true, 'shift', '2026-10-14T10:00']);
    expect(ask('A01', '2026-10-14T10:00', standby)).toEqual([false, 'standby', '2026-10-14T11:00']);
    expect(ask('A01', '2026-10-14T11:00', standby)).toEqual([true, 'shift', '2026-10-14T12:00']);
  });

  it('standby without an end lasts, and one that follows at once is the same stretch', () => {
    expect(ask('A01', '2026-10-14T10:30', [span('standby', '2026-10-14T10:00')])).toEqual([
      false,
      'standby',
      undefined,
    ]);
    const two = [
      span('standby', '2026-10-14T10:30', '2026-10-14T11:00'),
      span('standby', '2026-10-14T10:00', '2026-10-14T10:30'),
    ];
    expect(ask('A01', '2026-10-14T10:00', two)).toEqual([false, 'standby', '2026-10-14T11:00']);
  });

  it('a leave silences nothing, and neither does the standby of a neighbour', () => {
    const others = [
      span('leave', '2026-10-14T09:00', '2026-10-14T12:00'),
      span('standby', '2026-10-14T09:00', '2026-10-14T12:00', 'A02'),
    ];
    expect(ask('A01', '2026-10-14T10:00', others)).toEqual([true, 'shift', '2026-10-14T12:00']);
  });

  const incident = { subject: subjectId('A01'), from: at('2026-10-14T10:00'), to: at('2026-10-14T10:30') };

  it('a leave over the whole incident excuses it, overlapping leaves count once', () => {
    const excuse = excuseFor(incident, [
      span('leave', '2026-10-14T09:00', '2026-10-14T10:20'),
      span('cover', '2026-10-14T10:10'),
    ]);
    expect(excuse).toMatchObject({ kinds: ['leave', 'cover'], excusedMs: 30 * 60_000, unexcusedMs: 0, whole: true });
    expect(excuse!.spans[0]).toEqual({ kind: 'leave', from: incident.from, to: at('2026-10-14T10:20') });
  });

  it('a leave over a part of it leaves the rest', () => {
    const excuse = excuseFor(incident, [span('outing', '2026-10-14T10:05', '2026-10-14T10:15')]);
    expect(excuse).toMatchObject({ excusedMs: 10 * 60_000, unexcusedMs: 20 * 60_000, whole: false });
  });

  it.each([
    ['nothing registered', []],
    ['another window', [span('leave', '2026-10-14T09:00', '2026-10-14T12:00', 'A02')]],
    ['another time', [span('leave', '2026-10-14T10:30', '2026-10-14T12:00')]],
    ['standby', [span('standby', '2026-10-14T10:00', '2026-10-14T12:00')]],
  ])('%s is no excuse', (_, registered) => {
    expect(excuseFor(incident, registered)).toBeUndefined();
  });
});

describe('the national calendar', () => {
  it('knows holidays and make-up days by name', () => {
    expect(chineseHolidays.special('2026-10-01')).toEqual({ work: false, name: { zh: '国庆节', en: 'National Day' } });
    expect(chineseHolidays.special('2026-10-10')).toMatchObject({ work: true });
    expect(chineseHolidays.special('2026-10-14')).toBeUndefined();
  });

  it('warns of a year without data unless the hall does without', () => {
    expect(calendarWarnings(config.calendar, 2026)).toEqual([]);
    expect(calendarWarnings(config.calendar, 2031)).toEqual([{ code: 'no-holiday-data', year: 2031 }]);
    expect(calendarWarnings({ ...config.calendar, holidays: 'none' }, 2031)).toEqual([]);
  });
});
