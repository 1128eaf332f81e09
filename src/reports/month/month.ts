import { addDays, dayOf, type LocalDay, midnightOf } from '../../core/calendar/localDay.js';
import { AppError } from '../../core/errors.js';
import type { EventMs } from '../../core/time.js';

/** A month on the hall's own clock, `YYYY-MM`. */
export type MonthName = string;

/** A month as a stretch of event time, `from <= t < to`, with its local days in order. */
export interface MonthSpan {
  name: MonthName;
  from: EventMs;
  to: EventMs;
  days: LocalDay[];
}

const FORM = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** The first and last instant of a month in a time zone. @throws AppError `usage` for a text that is no month */
export function monthSpan(name: string, timeZone: string): MonthSpan {
  if (!FORM.test(name)) {
    throw new AppError('usage', `month ${JSON.stringify(name)}: not of the form YYYY-MM`, {
      hint: 'write it as 2026-10',
    });
  }
  const days: LocalDay[] = [];
  for (let day: LocalDay = `${name}-01`; day.startsWith(name); day = addDays(day, 1)) days.push(day);
  const from = midnightOf(days[0]!, timeZone);
  return { name, from, to: midnightOf(addDays(days.at(-1)!, 1), timeZone), days };
}

/** The month in which an instant falls. */
export const monthOf = (at: EventMs, timeZone: string): MonthName => dayOf(at, timeZone).slice(0, 7);

/** The month `count` months later; negative for earlier. @throws AppError `usage` */
export function addMonths(name: MonthName, count: number): MonthName {
  const match = FORM.exec(name);
  if (!match) throw new AppError('usage', `month ${JSON.stringify(name)}: not of the form YYYY-MM`);
  const index = Number(match[1]) * 12 + Number(match[2]) - 1 + count;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
