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

function recount(month: SimulatedMonth, index: number, cellMs: number): Recount {
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
  const sum: Recount = { scheduledS: 0, presentS: 0, absentS: 0, excusedS: 0, unexcusedS: 0, unknownS: 0 };
  const seconds = cellMs / 1000;
  for (let at = first.at; at < month.to; at += cellMs) {
    if (!openAt(at, month.from) || within(standbys, at)) continue;
    sum.scheduledS += seconds;
    const cell = cells.get(at) ?? 'unknown';
    sum[`${cell}S`] += seconds;
    if (cell !== 'absent') continue;
    if (within(leaves, at) || within(excused, at)) sum.excusedS += seconds;
    else if (within(confirmed, at)) sum.unexcusedS += seconds;
  }
  return sum;
}

function expectEqual(month: SimulatedMonth, figures: MonthFigures, cellMs: number): void {
  const total: Recount = { scheduledS: 0, presentS: 0, absentS: 0, excusedS: 0, unexcusedS: 0, unknownS: 0 };
  figures.windows.forEach((window, i) => {
    const counted = recount(month, i, cellMs);
    expect([window.key, window.time]).toMatchObject([month.config.windows[i]!.id, counted]);
    for (const key of Object.keys(total) as Array<keyof Recount>) total[key] += counted[key];
  });
  expect(figures.hall.time).toMatchObject(total);
  const named = {
    confirmed: 'confirmed',
    excused: 'excused',
    'false-alarm': 'falseAlarm',
    'cannot-tell': 'cannotTell',
  };
  const counts: Record<string, number> = { confirmed: 0, excused: 0, falseAlarm: 0, cannotTell: 0, pending: 0 };
  for (const incident of month.incidents) {
    const verdict = verdictOf(incident);
    counts[verdict === null ? 'pending' : named[verdict]]! += 1;
  }
  expect(figures.hall.incidents.counts).toEqual(counts);
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
    expectEqual(month, figures, 60_000);
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
    const appealed = month.incidents.filter(({ appeal }) => appeal !== null);
    const overturned = appealed.filter(({ appeal }) => appeal === 'overturned');
    expect(figures.hall.incidents.appeals).toMatchObject({ filed: appealed.length, overturned: overturned.length });
    const persons = figures.persons.reduce((sum, person) => sum + person.time.unexcusedS, 0);
    expect(persons).toBe(figures.hall.time.unexcusedS);
  });
});
