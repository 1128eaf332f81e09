import type { Config, ScheduleConfig, WindowConfig } from '../config/schema.js';
import { AppError } from '../errors.js';
import type { EventMs } from '../time.js';
import type { HolidayCalendar } from './holidays.js';
import { addDays, instantOf, type LocalDay, midnightOf, weekdayOf, yearOf } from './localDay.js';

/** Why a window is expected to be staffed, or not. Stable codes; their texts are `expected.<code>`. */
export type ExpectationReason =
  | 'always'
  | 'shift'
  /** A shift on a weekday of a year whose holidays are not known. */
  | 'workday-unverified'
  | 'lunch'
  | 'off-shift'
  | 'weekend'
  /** Not among the weekdays of the schedule. */
  | 'off-day'
  | 'holiday'
  /** Closed by the hall's own calendar. */
  | 'closed-day'
  | 'standby';

/** A stretch of a day, `from <= t < to`, in which one reason holds. */
export interface PlannedSpan {
  from: EventMs;
  to: EventMs;
  expected: boolean;
  reason: ExpectationReason;
  /** The holiday's name or the hall's own note. */
  note?: string;
}

/** The parts of the configuration that the plan of a day depends on. */
export type CalendarConfig = Pick<Config, 'site' | 'schedules' | 'calendar'>;

interface DayVerdict {
  shifts: ReadonlyArray<{ from: string; to: string }>;
  /** The reason inside a shift, or of the whole day where there is none. */
  reason: ExpectationReason;
  note?: string;
}

const ALL_DAY = [{ from: '00:00', to: '24:00' }];

/**
 * The spans of one day at one window, in order and without gaps, from midnight to midnight. The hall's own calendar
 * comes first, then national holidays and make-up days, then weekdays; the lunch rota cuts into the shifts.
 */
export function planOf(
  window: WindowConfig,
  day: LocalDay,
  { config, holidays }: { config: CalendarConfig; holidays: HolidayCalendar },
): PlannedSpan[] {
  const { timeZone } = config.site;
  const verdict = judgeDay(window, day, { config, holidays });
  const edges = new Set<EventMs>([midnightOf(day, timeZone), midnightOf(addDays(day, 1), timeZone)]);
  const spans = (list: DayVerdict['shifts']) =>
    list.map(({ from, to }) => ({ from: instantOf(day, from, timeZone), to: instantOf(day, to, timeZone) }));
  const shifts = spans(verdict.shifts);
  const lunches = spans(window.lunch);
  for (const span of [...shifts, ...lunches]) edges.add(span.from).add(span.to);
  const within = (list: typeof shifts, at: EventMs): boolean => list.some(({ from, to }) => from <= at && at < to);

  const plan: PlannedSpan[] = [];
  const sorted = [...edges].sort((a, b) => a - b);
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1];
    if (to === undefined) break;
    const inShift = within(shifts, from);
    const lunch = inShift && within(lunches, from);
    const closed = verdict.shifts.length === 0;
    const reason = lunch ? 'lunch' : inShift || closed ? verdict.reason : 'off-shift';
    const note = verdict.note === undefined || verdict.note === '' ? {} : { note: verdict.note };
    const last = plan.at(-1);
    if (last?.reason === reason) last.to = to;
    else plan.push({ from, to, expected: inShift && !lunch, reason, ...note });
  }
  return plan;
}

function judgeDay(
  window: WindowConfig,
  day: LocalDay,
  { config, holidays }: { config: CalendarConfig; holidays: HolidayCalendar },
): DayVerdict {
  const own = config.calendar.overlay.find((entry) => entry.date === day);
  if (own && !own.open) return { shifts: [], reason: 'closed-day', note: own.note };
  if (window.hours === 'always') return { shifts: ALL_DAY, reason: 'always' };
  const schedule = config.schedules[window.hours];
  if (!schedule) {
    throw new AppError('config', `window ${window.id}: hours ${window.hours}: no such schedule`, {
      hint: 'write `always`, or the name of an entry under schedules',
    });
  }
  if (own) return { shifts: own.shifts ?? schedule.shifts, reason: 'shift', note: own.note };
  return judgeScheduled(schedule, day, config.calendar.holidays === 'cn' ? holidays : undefined);
}

function judgeScheduled(schedule: ScheduleConfig, day: LocalDay, holidays: HolidayCalendar | undefined): DayVerdict {
  const { days, shifts } = schedule;
  if (days === 'every-day') return { shifts, reason: 'shift' };
  const weekday = weekdayOf(day);
  if (days !== 'workdays') {
    return days.includes(weekday) ? { shifts, reason: 'shift' } : { shifts: [], reason: 'off-day' };
  }
  const special = holidays?.special(day);
  if (special?.work) return { shifts, reason: 'shift', note: special.name.zh };
  if (special) return { shifts: [], reason: 'holiday', note: special.name.zh };
  if (weekday > 5) return { shifts: [], reason: 'weekend' };
  const unverified = holidays !== undefined && !holidays.knows(yearOf(day));
  return { shifts, reason: unverified ? 'workday-unverified' : 'shift' };
}
