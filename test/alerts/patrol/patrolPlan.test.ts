import { describe, expect, it } from 'vitest';
import { dueTasks, nextRound, roundAt, roundsBetween, roundsSince } from '../../../src/alerts/patrol/patrolPlan.js';
import { parseConfig } from '../../../src/core/config/load.js';
import type { PatrolConfig } from '../../../src/core/config/schema.js';
import { type EventMs, eventMs } from '../../../src/core/time.js';

const SHANGHAI = 'Asia/Shanghai';
const planOf = (text: string): PatrolConfig =>
  parseConfig(
    `site: { id: t, name: t }\ncameras: [{ id: c1, source: "sim:room" }]\npatrols:\n  - { id: p1, name: 巡逻, ${text}, points: [{ id: a, name: 甲, camera: c1 }, { id: b, name: 乙, camera: c1 }] }\n`,
    'hall.yaml',
  ).patrols[0]!;
/** The hall's own time on a day of October 2026; the 8th is a Thursday. */
const at = (day: number, clock: string): EventMs =>
  eventMs(Date.parse(`2026-10-${String(day).padStart(2, '0')}T${clock}:00+08:00`));
const shown = (ms: EventMs): string => new Date(ms + 8 * 3_600_000).toISOString().slice(8, 16);

describe('rounds', () => {
  const EVERY_TWO = 'between: { from: "09:00", to: "17:00" }, every: 2h, within: 15m';
  it.each([
    [
      'a working day',
      EVERY_TWO,
      at(8, '00:00'),
      at(8, '23:59'),
      ['08T09:00', '08T11:00', '08T13:00', '08T15:00', '08T17:00'],
    ],
    ['a weekend between', EVERY_TWO, at(9, '16:00'), at(12, '09:00'), ['09T17:00', '12T09:00']],
    [
      'chosen weekdays',
      `${EVERY_TWO}, days: [6]`,
      at(8, '00:00'),
      at(11, '00:00'),
      ['10T09:00', '10T11:00', '10T13:00', '10T15:00', '10T17:00'],
    ],
    ['from just after one up to the next', EVERY_TWO, at(8, '09:00'), at(8, '11:00'), ['08T11:00']],
    ['an interval longer than the part of the day', 'every: 12h', at(8, '00:00'), at(8, '23:00'), ['08T09:00']],
  ])('of %s', (_, text, from, to, expected) => {
    expect(roundsBetween(planOf(text), from, to, SHANGHAI).map(({ begin }) => shown(begin))).toEqual(expected);
  });

  it('name the next one, over the weekend too', () => {
    expect(shown(nextRound(planOf(EVERY_TWO), at(9, '17:30'), SHANGHAI)!)).toBe('12T09:00');
  });

  it('count from when the plan was first seen, and never more than a day back', () => {
    expect(roundsSince(at(8, '12:00'), at(8, '11:00'))).toBe(at(8, '11:00'));
    expect(roundsSince(at(8, '12:00'), at(1, '11:00'))).toBe(at(7, '12:00'));
  });
});

describe('what is to be done now', () => {
  const plan = planOf('within: 15m');
  const round = roundAt(plan, at(8, '09:00'));
  const tasks = (now: EventMs, recorded: string[]) =>
    dueTasks([round], now, () => recorded).map(({ type, point }) => `${type} ${point.id}`);

  it.each([
    ['before it begins', at(8, '08:59'), [], []],
    ['at its begin', at(8, '09:00'), [], ['visit a', 'visit b']],
    ['with one point done', at(8, '09:05'), ['a'], ['visit b']],
    ['just before the deadline', eventMs(at(8, '09:15') - 1), ['a'], ['visit b']],
    ['at the deadline', at(8, '09:15'), ['a'], ['miss b']],
    ['with nothing left', at(8, '10:00'), ['a', 'b'], []],
  ])('%s', (_, now, recorded, expected) => {
    expect(tasks(now, recorded)).toEqual(expected);
  });

  it('what was missed is written down before the next visit', () => {
    const later = roundAt(plan, at(8, '11:00'));
    const due = dueTasks([round, later], at(8, '11:01'), () => ['b']);
    expect(due.map(({ type, round: { begin } }) => `${type} ${shown(begin)}`)).toEqual([
      'miss 08T09:00',
      'visit 08T11:00',
    ]);
  });
});
