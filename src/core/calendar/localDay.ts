import { AppError } from '../errors.js';
import { type EventMs, eventMs } from '../time.js';

/** A day on the hall's own clock, `YYYY-MM-DD`. */
export type LocalDay = string;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formatters.set(timeZone, made);
  return made;
}

/** What the wall clock shows at an instant, read as if it were UTC, ms. Whole seconds. */
function wallClockOf(at: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year, month, day, hour, minute, second } = parts;
  return daysBefore(year!, month!, day!) * DAY_MS + ((hour! * 60 + minute!) * 60 + second!) * 1000;
}

/** How far the wall clock is ahead of UTC at an instant, ms. */
const offsetOf = (at: number, timeZone: string): number => wallClockOf(at, timeZone) - Math.floor(at / 1000) * 1000;

/**
 * Days from 1970-01-01 to a date of the Gregorian calendar; `month` 1-12.
 * Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
 */
function daysBefore(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date `days` after 1970-01-01. Same source, `civil_from_days`. */
function dayAfter(days: number): LocalDay {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function numberOf(day: LocalDay): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  if (!match) throw new AppError('bad-input', `day ${JSON.stringify(day)}: not of the form YYYY-MM-DD`);
  return daysBefore(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** The day on which an instant falls, on the clock of a time zone (IANA name). */
export const dayOf = (at: EventMs, timeZone: string): LocalDay =>
  dayAfter(Math.floor(wallClockOf(at, timeZone) / DAY_MS));

/** The day `count` days later; negative for earlier. */
export const addDays = (day: LocalDay, count: number): LocalDay => dayAfter(numberOf(day) + count);

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: LocalDay): number => ((((numberOf(day) + 3) % 7) + 7) % 7) + 1;

export const yearOf = (day: LocalDay): number => Number(day.slice(0, 4));

/**
 * The instant at which the wall clock shows `time` (`HH:MM`; `24:00` is the next midnight) on a day. A time that the
 * clock shows twice is the first of the two; one that it skips is as far after the gap as it lies inside it.
 * @throws AppError `bad-input`
 */
export function instantOf(day: LocalDay, time: string, timeZone: string): EventMs {
  const match = /^(\d\d):(\d\d)$/.exec(time);
  if (!match) throw new AppError('bad-input', `time of day ${JSON.stringify(time)}: not of the form HH:MM`);
  const wall = numberOf(day) * DAY_MS + (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
  // The offsets a day before and after: no zone changes its clock twice in between.
  const before = offsetOf(wall - DAY_MS, timeZone);
  const after = offsetOf(wall + DAY_MS, timeZone);
  const fits = [wall - before, wall - after].filter((at) => wallClockOf(at, timeZone) === wall);
  return eventMs(fits.length > 0 ? Math.min(...fits) : wall - before);
}

/** The midnight last asked for in each zone: observations come in time order, so nearly all ask for the same one. */
const lastMidnight = new Map<string, { day: LocalDay; at: EventMs }>();

/** The first instant of a day. Where the clock skips midnight it is the end of the gap. */
export function midnightOf(day: LocalDay, timeZone: string): EventMs {
  const known = lastMidnight.get(timeZone);
  if (known?.day === day) return known.at;
  const at = instantOf(day, '00:00', timeZone);
  lastMidnight.set(timeZone, { day, at });
  return at;
}
