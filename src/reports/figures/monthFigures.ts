import { setImmediate as nextTurn } from 'node:timers/promises';
import { calendarWarnings } from '../../core/calendar/holidays.js';
import { yearOf } from '../../core/calendar/localDay.js';
import { openingHours } from '../../core/calendar/openingHours.js';
import { eventMs, isoOf } from '../../core/time.js';
import { type MonthName, monthSpan } from '../month/month.js';
import type { JudgedIncident, MonthSource } from '../month/source.js';
import { evaluationFigures } from './evaluationFigures.js';
import type { DayFigures, HeatRow, IncidentRow, MonthFigures, WindowFigures } from './figuresTypes.js';
import { type GroupFigures, groupFigures, type Summand } from './groupFigures.js';
import { incidentFigures } from './incidentFigures.js';
import { personBook } from './personFigures.js';
import { type Candidate, rank } from './ranking.js';
import { rounded } from './rates.js';
import { isWorkingDay } from './schedule.js';
import { addTime, coverageOfTime, noTime, type TimeSums } from './timeFigures.js';
import { hourEdges, type WindowMonth, windowMonth } from './windowFigures.js';

/** What is kept of a window once its spans are summed. */
type Kept = Pick<
  WindowMonth,
  'window' | 'sums' | 'days' | 'byDay' | 'byHour' | 'incidents' | 'absentMsOf' | 'seenEver'
> & {
  watchedFrom: number;
};

/**
 * All figures of a month, from the ledger's read models alone: runs of looks, incidents with people's verdicts, leaves,
 * posts, evaluations. Gives other work a turn after each window, so that the live hall is not held up.
 * @throws AppError `usage` for a text that is no month, `storage` where the ledger cannot be read
 */
export async function monthFigures(source: MonthSource, name: MonthName): Promise<MonthFigures> {
  const { config } = source;
  const { timeZone } = config.site;
  const span = monthSpan(name, timeZone);
  const edges = hourEdges(span.days, timeZone);
  const hours = openingHours(config);
  const incidents = await source.incidents(span.from, span.to);
  const bySubject = groupBy(incidents, ({ subject }) => subject);
  const people = personBook(source);
  const windows: Kept[] = [];
  for (const window of config.windows) {
    const own = bySubject.get(window.id) ?? [];
    const month = windowMonth(window, { source, span, hours, edges, incidents: own });
    people.add(month, edges);
    const { sums, days, byDay, byHour, absentMsOf, seenEver, watched } = month;
    windows.push({
      window,
      sums,
      days,
      byDay,
      byHour,
      incidents: own,
      absentMsOf,
      seenEver,
      watchedFrom: watched.from,
    });
    await nextTurn();
  }
  const configured = new Set<string>(config.windows.map(({ id }) => id));
  const rooms = new Set<string>(config.rooms.map(({ id }) => id));
  const elsewhere = incidents.filter(({ subject }) => !configured.has(subject) && !rooms.has(subject));
  const ofRooms = incidents.filter(({ subject }) => rooms.has(subject));
  const evaluations = evaluationFigures(source, span, ofRooms);
  const rows = windows.map((kept) => windowFigures(kept));
  const departments = groups(windows, ({ window }) => window.department);
  const until = Math.min(span.to, source.asOf);
  const absentMs = new Map(windows.flatMap(({ absentMsOf }) => [...absentMsOf]));
  return {
    schema: 1,
    month: span.name,
    site: { id: config.site.id, name: config.site.name, district: config.site.district, timeZone },
    from: isoOf(span.from),
    to: isoOf(span.to),
    complete: until === span.to,
    until: until === span.to ? isoOf(span.to) : isoOf(source.asOf),
    days: span.days.length,
    workingDays: span.days.filter((day) => isWorkingDay(config, day)).length,
    calendarKnown: calendarWarnings(config.calendar, yearOf(span.days[0]!)).length === 0,
    hall: groupFigures(config.site.id, config.site.name, windows),
    windows: rows,
    departments,
    areas: groups(windows, ({ window }) => window.area),
    persons: people.figures(),
    ranking: { windows: rank(rows.map(candidateOf)), departments: rank(departments.map(candidateOf)) },
    rooms: {
      ...{ incidents: incidentFigures(ofRooms, roomCoverage(evaluations)), sessions: evaluations.length },
      ...demoHits(ofRooms),
    },
    evaluations,
    elsewhere: incidentFigures(elsewhere, null).counts,
    trend: trendOf(windows, span.days, edges),
    heat: windows.map(heatOf),
    incidents: incidents.map((incident) => incidentRow(incident, absentMs)),
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(keyOf(item));
    if (list) list.push(item);
    else found.set(keyOf(item), [item]);
  }
  return found;
}

const groups = (windows: readonly Kept[], nameOf: (kept: Kept) => string): GroupFigures[] =>
  [
    ...groupBy(
      windows.filter((kept) => nameOf(kept) !== ''),
      nameOf,
    ),
  ]
    .map(([name, members]) => groupFigures(name, name, members as Summand[]))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const windowFigures = (kept: Kept): WindowFigures => ({
  ...groupFigures(kept.window.id, kept.window.name ?? kept.window.id, [kept]),
  department: kept.window.department,
  area: kept.window.area,
  watchedFrom: kept.seenEver ? isoOf(eventMs(kept.watchedFrom)) : null,
});

/** Said of a month only where it is so: the figures of others stay as they are. */
function demoHits(incidents: readonly JudgedIncident[]): { demoHits?: number } {
  const count = incidents.filter(({ demo }) => demo).length;
  return count > 0 ? { demoHits: count } : {};
}

/** The exposure of a group is the mean of its windows, so that a large department is compared with a small one. */
const candidateOf = ({ key, name, clean, time, windows }: GroupFigures): Candidate => ({
  ...{ key, name, rate: clean, coverage: time.coverage },
  exposureS: rounded(time.observedS / Math.max(1, windows)),
});

function roomCoverage(evaluations: MonthFigures['evaluations']): number | null {
  const scheduledS = evaluations.reduce((sum, one) => sum + one.scheduledS, 0);
  const observedS = evaluations.reduce((sum, one) => sum + one.observedS, 0);
  return scheduledS > 0 ? rounded(observedS / scheduledS) : null;
}

function trendOf(windows: readonly Kept[], days: readonly string[], edges: readonly number[]): DayFigures[] {
  return days.map((day, i) => {
    const sums: TimeSums = noTime();
    let confirmed = 0;
    for (const { byDay, incidents } of windows) {
      addTime(sums, byDay[i]!);
      for (const { verdict, start } of incidents) {
        if (verdict === 'confirmed' && edges[i * 24]! <= start && start < edges[i * 24 + 24]!) confirmed += 1;
      }
    }
    const observedMs = sums.presentMs + sums.absentMs;
    return {
      day,
      scheduledS: sums.scheduledMs / 1000,
      observedS: observedMs / 1000,
      presentS: sums.presentMs / 1000,
      unexcusedS: sums.unexcusedMs / 1000,
      coverage: coverageOfTime(sums),
      confirmed,
    };
  });
}

const heatOf = ({ window, byHour }: Kept): HeatRow => ({
  window: window.id,
  observedS: byHour.map(({ presentMs, absentMs }) => (presentMs + absentMs) / 1000),
  scheduledS: byHour.map(({ scheduledMs }) => scheduledMs / 1000),
  unexcusedS: byHour.map(({ unexcusedMs }) => unexcusedMs / 1000),
});

function incidentRow(incident: JudgedIncident, within: Kept['absentMsOf']): IncidentRow {
  const { id, rule, tier, subject, start, verdict } = incident;
  const { absentMs, leaveMs } = within.get(id) ?? { absentMs: 0, leaveMs: 0 };
  return { id, rule, tier, subject, start: isoOf(start), verdict, absentS: absentMs / 1000, leaveS: leaveMs / 1000 };
}
