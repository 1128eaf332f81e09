import { addDays, instantOf, type LocalDay } from '../../core/calendar/localDay.js';
import type { OpeningHours } from '../../core/calendar/openingHours.js';
import type { AbsenceParameters, WindowConfig } from '../../core/config/schema.js';
import { windowId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { MonthSpan } from '../month/month.js';
import type { JudgedIncident, MonthSource } from '../month/source.js';
import { LEAST_COVERAGE } from './rates.js';
import { scheduledSpans } from './schedule.js';
import { bucketSums, intersect, lengthOf, type Span, union } from './spans.js';
import { addTime, type DayCounts, noTime, type TimeSums } from './timeFigures.js';
import { type DividedTime, divideTime, seenTime } from './windowTime.js';

/** Kinds of register entries that are no reason for an absence: a window on standby is exempt, it has none. */
const STANDBY = 'standby';

/** Divided time, summed in every way a report needs. */
export interface Summed {
  sums: TimeSums;
  days: DayCounts;
  /** By local day of the month, in order. */
  byDay: TimeSums[];
  /** By hour of the local day, 0-23. */
  byHour: TimeSums[];
}

/** What a window's month comes to, before it is printed. */
export interface WindowMonth extends Summed {
  window: WindowConfig;
  /** The part of the month that is reported: from the first look there ever was, or the whole where nobody ever looked. */
  watched: Span;
  seenEver: boolean;
  divided: DividedTime;
  incidents: readonly JudgedIncident[];
  /** Absent time within each incident, and what of it a registered leave covers, ms. */
  absentMsOf: ReadonlyMap<string, { absentMs: number; leaveMs: number }>;
}

export interface WindowMonthOptions {
  source: MonthSource;
  span: MonthSpan;
  hours: OpeningHours;
  /** Hour edges of the month: `hourEdges(span)`. */
  edges: readonly EventMs[];
  /** Of this window, with their start in the month. */
  incidents: readonly JudgedIncident[];
}

/** The beginning of every local hour of the month and its end: 24 edges a day, also where the clock skips an hour. */
export function hourEdges(days: readonly LocalDay[], timeZone: string): EventMs[] {
  const edges = days.flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => instantOf(day, `${String(hour).padStart(2, '0')}:00`, timeZone)),
  );
  return [...edges, instantOf(addDays(days.at(-1)!, 1), '00:00', timeZone)];
}

/** Parameters of a window: the hall's, with what is written at the window itself. */
const parametersOf = (source: MonthSource, window: WindowConfig): AbsenceParameters => ({
  ...source.config.rules.absence,
  ...window.rules.absence,
});

/** Divides a window's month. Reads the ledger; the arithmetic is in pure functions. */
export function windowMonth(window: WindowConfig, options: WindowMonthOptions): WindowMonth {
  const { source, span, edges, incidents } = options;
  const id = windowId(window.id);
  const { minStaff, staleAfter } = parametersOf(source, window);
  const firstLook = source.firstLookOf(id, 'staff');
  const until = eventMs(Math.max(span.from, Math.min(span.to, source.asOf)));
  const from = eventMs(Math.min(until, Math.max(span.from, firstLook ?? span.from)));
  const registered = source.leavesOf(id, span.from, span.to);
  const scheduled = scheduledSpans(options.hours, id, { from, to: until, registered });
  const leaves = registered.filter((leave) => leave.kind !== STANDBY);
  const runs = source.runsOf(id, 'staff', eventMs(span.from - staleAfter), eventMs(span.to + staleAfter));
  const judged = (verdict: string): Span[] =>
    incidents
      .filter((incident) => incident.rule === 'absence' && incident.verdict === verdict)
      .map(({ start, end }) => ({ from: start, to: end }));
  const divided = divideTime(scheduled, seenTime(runs, { minStaff, staleAfterMs: staleAfter }), {
    leaves,
    excused: judged('excused'),
    confirmed: judged('confirmed'),
  });
  const summed = sumUp(divided, incidents, edges);
  summed.sums.exemptMs = until - from - summed.sums.scheduledMs;
  return {
    window,
    watched: { from, to: until },
    seenEver: firstLook !== undefined,
    divided,
    ...summed,
    incidents,
    absentMsOf: new Map(
      incidents.map(({ id: key, start, end }) => {
        const absent = intersect([{ from: start, to: Math.max(start, end) }], divided.absent);
        return [key, { absentMs: lengthOf(absent), leaveMs: lengthOf(intersect(absent, union(leaves))) }];
      }),
    ),
  };
}

/** Sums divided time by day and hour, and judges its days. `exemptMs` is left 0: it needs the watched span. */
export function sumUp(divided: DividedTime, incidents: readonly JudgedIncident[], edges: readonly EventMs[]): Summed {
  const hours = hourlySums(divided, edges);
  const byDay = Array.from({ length: hours.length / 24 }, (_, day) => sumOf(hours.slice(day * 24, day * 24 + 24)));
  return {
    sums: sumOf(hours),
    days: daysOf(byDay, incidents, edges),
    byDay,
    byHour: Array.from({ length: 24 }, (_, hour) => sumOf(hours.filter((_, i) => i % 24 === hour))),
  };
}

function hourlySums(divided: DividedTime, edges: readonly EventMs[]): TimeSums[] {
  const [scheduled, present, absent, excused, unexcused] = [
    bucketSums(divided.scheduled, edges),
    bucketSums(divided.present, edges),
    bucketSums(divided.absent, edges),
    bucketSums(divided.excused, edges),
    bucketSums(divided.unexcused, edges),
  ];
  return scheduled.map((scheduledMs, i) => ({
    scheduledMs,
    presentMs: present[i]!,
    absentMs: absent[i]!,
    excusedMs: excused[i]!,
    unexcusedMs: unexcused[i]!,
    exemptMs: 0,
  }));
}

function sumOf(list: readonly TimeSums[]): TimeSums {
  const sum = noTime();
  for (const one of list) addTime(sum, one);
  return sum;
}

/** A day is clean only where it was seen for at least 90 % and nothing on it was confirmed or still waits for a verdict. */
function daysOf(
  byDay: readonly TimeSums[],
  incidents: readonly JudgedIncident[],
  edges: readonly EventMs[],
): DayCounts {
  const counts: DayCounts = { clean: 0, unclean: 0, undecided: 0 };
  for (const [day, { scheduledMs, presentMs, absentMs }] of byDay.entries()) {
    if (scheduledMs === 0) continue;
    const begin = edges[day * 24]!;
    const end = edges[day * 24 + 24]!;
    const here = incidents.filter(({ start }) => begin <= start && start < end);
    const seen = (presentMs + absentMs) / scheduledMs >= LEAST_COVERAGE;
    if (here.some(({ verdict }) => verdict === 'confirmed')) counts.unclean += 1;
    else if (seen && here.every(({ verdict }) => verdict !== null)) counts.clean += 1;
    else counts.undecided += 1;
  }
  return counts;
}
