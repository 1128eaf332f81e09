import { describe, expect, it } from 'vitest';
import type { MonthFigures } from '../../src/reports/figures/figuresTypes.js';
import { monthFigures } from '../../src/reports/figures/monthFigures.js';
import { monthSource } from '../../src/reports/month/source.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import {
  endOf,
  fillLedger,
  openAt,
  type RawLook,
  type SimulatedMonth,
  type SimulationOptions,
  simulateMonth,
  verdictOf,
} from '../support/simulatedMonth.js';

async function simulated(options: SimulationOptions): Promise<{ month: SimulatedMonth; figures: MonthFigures }> {
  const month = simulateMonth(options);
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  const source = monthSource({ ledger, config: month.config, asOf: endOf(month) });
  return { month, figures: await monthFigures(source, new Date(month.from + 8 * 3_600_000).toISOString().slice(0, 7)) };
}

type Cell = 'present' | 'absent' | 'unknown';

/** What each stretch of `cellMs` shows, told from pairs of raw looks: no runs, no spans, none of the product's arithmetic. */
function cellsOf(
  looks: Iterable<RawLook>,
  { cellMs, staleMs }: { cellMs: number; staleMs: number },
): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  let before: RawLook | undefined;
  for (const look of looks) {
    if (before && look.at - before.at <= staleMs && before.value !== 'unknown' && look.value !== 'unknown') {
      for (let at = before.at; at < look.at; at += cellMs) cells.set(at, before.value > 0 ? 'present' : 'absent');
    }
    before = look;
  }
  return cells;
}

interface Recount {
  scheduledS: number;
  presentS: number;
  absentS: number;
  excusedS: number;
  unexcusedS: number;
  unknownS: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Asia/Shanghai. */
const AHEAD = 8 * HOUR;
const nothing = (): Recount => ({
  ...{ scheduledS: 0, presentS: 0, absentS: 0, excusedS: 0, unexcusedS: 0, unknownS: 0 },
});
const plus = (into: Recount, more: Recount): void => {
  for (const key of Object.keys(into) as Array<keyof Recount>) into[key] += more[key];
};
const dayIn = (month: SimulatedMonth, at: number): number => Math.floor((at - month.from) / DAY);

/** A window's month, second by second or minute by minute: in all, by day of the month, by hour of the day. */
function recount(month: SimulatedMonth, index: number, cellMs: number) {
  const { id } = month.config.windows[index]!;
  const cells = cellsOf(month.looksAt(index), { cellMs, staleMs: month.lookEveryMs });
  const within = (spans: ReadonlyArray<{ from: number; to: number }>, at: number): boolean =>
    spans.some(({ from, to }) => from <= at && at < to);
  const leaves = month.leaves.filter(({ subject, kind }) => subject === id && kind === 'leave');
  const standbys = month.leaves.filter(({ subject, kind }) => subject === id && kind === 'standby');
  const ofVerdict = (verdict: string) =>
    month.incidents
      .filter((incident) => incident.subject === id && verdictOf(incident) === verdict)
      .map(({ start, end }) => ({ from: start, to: end }));
  const [excused, confirmed] = [ofVerdict('excused'), ofVerdict('confirmed')];
  const first = month.looksAt(index).next().value as RawLook;
  const sum = nothing();
  const byDay = Array.from({ length: Math.round((month.to - month.from) / DAY) }, nothing);
  const byHour = Array.from({ length: 24 }, nothing);
  const seconds = cellMs / 1000;
  for (let at = first.at; at < month.to; at += cellMs) {
    if (!openAt(at, month.from) || within(standbys, at)) continue;
    const add = { ...nothing(), scheduledS: seconds };
    const cell = cells.get(at) ?? 'unknown';
    add[`${cell}S`] = seconds;
    if (cell === 'absent' && (within(leaves, at) || within(excused, at))) add.excusedS = seconds;
    else if (cell === 'absent' && within(confirmed, at)) add.unexcusedS = seconds;
    for (const into of [sum, byDay[dayIn(month, at)]!, byHour[Math.floor(((at + AHEAD) % DAY) / HOUR)]!])
      plus(into, add);
  }
  return { sum, byDay, byHour };
}

/** Days of a window by what may be said of them: seen for 90 % and nothing against it, something confirmed, or neither. */
function recountDays(month: SimulatedMonth, id: string, byDay: readonly Recount[]) {
  const days = { clean: 0, unclean: 0, undecided: 0 };
  byDay.forEach(({ scheduledS, presentS, absentS }, day) => {
    if (scheduledS === 0) return;
    const verdicts = month.incidents
      .filter(({ subject, start }) => subject === id && dayIn(month, start) === day)
      .map(verdictOf);
    const seen = presentS + absentS >= 0.9 * scheduledS;
    if (verdicts.includes('confirmed')) days.unclean += 1;
    else if (seen && !verdicts.includes(null)) days.clean += 1;
    else days.undecided += 1;
  });
  return days;
}

/** Seconds from a raised alert to its end, from what the simulated people do and how long each act takes them. */
function handlingOf({ start, end, verdict, appeal }: SimulatedMonth['incidents'][number]): number[] {
  if (verdict === null) return [];
  const acts =
    verdict === 'false-alarm'
      ? 2
      : verdict !== 'confirmed'
        ? 3
        : appeal === 'overturned'
          ? 4
          : appeal === 'upheld'
            ? 9
            : 7;
  const raised = start + 15 * 60_000;
  const perAct = (3 + ((start / 60_000) % 50)) * 60_000;
  return [(Math.max(end, raised) + acts * perAct - raised) / 1000];
}

/** Halfway between the two middle values, and the like for the ninth decile. */
function quantileOf(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}

const NAMES = {
  confirmed: 'confirmed',
  excused: 'excused',
  'false-alarm': 'falseAlarm',
  'cannot-tell': 'cannotTell',
} as const;

function countsOf(incidents: SimulatedMonth['incidents']): Record<string, number> {
  const counts: Record<string, number> = { confirmed: 0, excused: 0, falseAlarm: 0, cannotTell: 0, pending: 0 };
  for (const incident of incidents) {
    const verdict = verdictOf(incident);
    counts[verdict === null ? 'pending' : NAMES[verdict]]! += 1;
  }
  return counts;
}

/** Holds every window, department, day and hour of the report against the recount. Returns the windows whose rates are withheld. */
function expectEqual(month: SimulatedMonth, figures: MonthFigures, cellMs: number): string[] {
  const total = nothing();
  const byDay = figures.trend.map(nothing);
  const departments = new Map<string, { sum: Recount; days: ReturnType<typeof recountDays>; windows: number }>();
  const withheld: string[] = [];
  figures.windows.forEach((window, i) => {
    const { id, department } = month.config.windows[i]!;
    const counted = recount(month, i, cellMs);
    const days = recountDays(month, id, counted.byDay);
    expect([window.key, window.time, window.days]).toMatchObject([id, counted.sum, days]);
    const { scheduledS, presentS, absentS, unexcusedS } = counted.sum;
    const coverage = (presentS + absentS) / scheduledS;
    expect(window.time.coverage).toBeCloseTo(coverage, 5);
    if (coverage < 0.9) {
      withheld.push(id);
      expect([window.time.presence.value, window.time.unexcused.value, window.clean.value]).toEqual([null, null, null]);
      expect([window.time.presence.withheld, window.clean.withheld]).toEqual(['coverage', 'coverage']);
      expect(figures.ranking.windows.find(({ key }) => key === id)).toMatchObject({
        place: null,
        unranked: 'coverage',
      });
    } else {
      expect(window.time.presence.value).toBeCloseTo(presentS / (presentS + absentS), 5);
      expect(window.time.unexcused.value).toBeCloseTo(unexcusedS / (presentS + absentS), 5);
      expect(window.clean.value).toBeCloseTo(days.clean / (days.clean + days.unclean), 5);
    }
    expect(window.incidents.counts).toEqual(countsOf(month.incidents.filter(({ subject }) => subject === id)));
    expect(figures.heat[i]).toEqual({
      window: id,
      scheduledS: counted.byHour.map((hour) => hour.scheduledS),
      observedS: counted.byHour.map((hour) => hour.presentS + hour.absentS),
      unexcusedS: counted.byHour.map((hour) => hour.unexcusedS),
    });
    plus(total, counted.sum);
    for (const [j, day] of counted.byDay.entries()) plus(byDay[j]!, day);
    const own = departments.get(department) ?? {
      sum: nothing(),
      days: { clean: 0, unclean: 0, undecided: 0 },
      windows: 0,
    };
    departments.set(department, own);
    plus(own.sum, counted.sum);
    own.windows += 1;
    for (const key of ['clean', 'unclean', 'undecided'] as const) own.days[key] += days[key];
  });
  expect(figures.hall.time).toMatchObject(total);
  expect(figures.departments).toHaveLength(departments.size);
  for (const { key, time, days, windows } of figures.departments) {
    expect({ sum: time, days, windows }).toMatchObject(departments.get(key)!);
  }
  figures.trend.forEach((day, i) => {
    const { scheduledS, presentS, absentS, unexcusedS } = byDay[i]!;
    expect([day.day, day]).toMatchObject([
      day.day,
      { scheduledS, presentS, observedS: presentS + absentS, unexcusedS },
    ]);
    const confirmed = month.incidents.filter((one) => dayIn(month, one.start) === i && verdictOf(one) === 'confirmed');
    expect(day.confirmed).toBe(confirmed.length);
  });
  expect(figures.hall.incidents.counts).toEqual(countsOf(month.incidents));
  expectHandling(month, figures);
  return withheld;
}

function expectHandling(month: SimulatedMonth, { hall }: MonthFigures): void {
  const seconds = month.incidents.flatMap(handlingOf);
  const { handling, appeals, falseAlarmRate, appealRate, overturnRate, counts } = hall.incidents;
  expect(handling).toMatchObject({ finished: seconds.length, unfinished: month.incidents.length - seconds.length });
  expect(handling.medianS).toBeCloseTo(quantileOf(seconds, 0.5), 3);
  expect(handling.p90S).toBeCloseTo(quantileOf(seconds, 0.9), 3);
  const filed = month.incidents.filter(({ appeal }) => appeal !== null);
  const overturned = filed.filter(({ appeal }) => appeal === 'overturned').length;
  expect(appeals).toEqual({
    filed: filed.length,
    open: 0,
    upheld: filed.length - overturned,
    overturned,
    corrected: 0,
  });
  const judged = counts.confirmed + counts.excused + counts.falseAlarm;
  expect([falseAlarmRate.part, falseAlarmRate.whole]).toEqual([counts.falseAlarm, judged]);
  expect([appealRate.part, appealRate.whole]).toEqual([filed.length, judged + counts.cannotTell]);
  expect([overturnRate.part, overturnRate.whole]).toEqual([overturned, filed.length]);
}

describe('the month, recounted from raw looks', () => {
  it('agrees with a count of every second of a small hall whose looks fall on odd seconds', async () => {
    const days = [8, 9, 10, 11, 12, 13];
    const { month, figures } = await simulated({ windows: 5, rooms: 1, lookEveryMs: 8000, seed: 7, days });
    expectEqual(month, figures, 1000);
    expect(figures.hall.time.absentS).toBeGreaterThan(0);
    expect(figures.hall.time.unknownS).toBeGreaterThan(0);
  });

  it('agrees with a count of every minute of a month of 200 windows and 24 rooms', async () => {
    const { month, figures } = await simulated({ windows: 200, rooms: 24, seed: 3 });
    expect(expectEqual(month, figures, 60_000)).toEqual(['W040', 'W080', 'W120', 'W160', 'W200']);
    for (const kind of ['leave', 'standby'])
      expect(month.leaves.filter((one) => one.kind === kind).length).toBeGreaterThan(10);
    expect(figures).toMatchObject({ days: 31, workingDays: 18, complete: true });
    expect(figures.evaluations).toHaveLength(month.sessions.length);
    for (const { room, start, scheduledS, occupiedS, unknownS } of figures.evaluations) {
      const session = month.sessions.find((one) => one.room === room && new Date(one.from).toISOString() === start)!;
      const looks = [...month.looksIn(month.config.rooms.findIndex(({ id }) => id === room))].filter(
        ({ at }) => session.from <= at && at <= session.to,
      );
      const cells = cellsOf(looks, { cellMs: 10_000, staleMs: 10_000 });
      const occupied = [...cells.values()].filter((cell) => cell === 'present').length * 10;
      expect([room, scheduledS, occupiedS]).toEqual([room, (session.to - session.from) / 1000, occupied]);
      expect(unknownS).toBe(scheduledS - [...cells.values()].length * 10);
    }
    const persons = figures.persons.reduce((sum, person) => sum + person.time.unexcusedS, 0);
    expect(persons).toBe(figures.hall.time.unexcusedS);
  });
});
