import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import type { Config } from '../config/schema.js';
import { type LocalDay, yearOf } from './localDay.js';

/** What a calendar of national holidays says of a day that is not an ordinary weekday or weekend. */
export interface SpecialDay {
  /** True on a make-up day (调休上班). */
  work: boolean;
  name: { zh: string; en: string };
}

/** National holidays and make-up days. */
export interface HolidayCalendar {
  /** Whether the days of a year are known at all. */
  knows(year: number): boolean;
  special(day: LocalDay): SpecialDay | undefined;
}

/** The package writes `National Day,国庆节,3`. */
const nameOf = (text: string): SpecialDay['name'] => {
  const [en = '', zh = ''] = text.split(',');
  return { zh, en };
};

const holidays: Record<string, string> = data.holidays;
const makeUpDays: Record<string, string> = data.workdays;
const years = new Set(Object.keys(holidays).map(yearOf));

/**
 * The days the State Council proclaims each autumn for the year to come, from the package `chinese-days` (MIT). Its data
 * file is read, not its functions: those take days through the machine's own time zone.
 */
export const chineseHolidays: HolidayCalendar = {
  knows: (year) => years.has(year),
  special(day) {
    const makeUp = makeUpDays[day];
    if (makeUp !== undefined) return { work: true, name: nameOf(makeUp) };
    const holiday = holidays[day];
    return holiday === undefined ? undefined : { work: false, name: nameOf(holiday) };
  },
};

export interface CalendarWarning {
  code: 'no-holiday-data';
  year: number;
}

/**
 * What is doubtful about the calendar in a year. Without data the weekdays of that year count as working days, marked
 * `workday-unverified`: update the package, or write the holidays into the hall's own calendar.
 */
export function calendarWarnings(
  calendar: Config['calendar'],
  year: number,
  holidayCalendar: HolidayCalendar = chineseHolidays,
): CalendarWarning[] {
  if (calendar.holidays === 'none' || holidayCalendar.knows(year)) return [];
  return [{ code: 'no-holiday-data', year }];
}
