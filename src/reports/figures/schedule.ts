import { chineseHolidays } from '../../core/calendar/holidays.js';
import { type LocalDay, weekdayOf } from '../../core/calendar/localDay.js';
import type { DutySpan, OpeningHours } from '../../core/calendar/openingHours.js';
import type { Config } from '../../core/config/schema.js';
import type { WindowId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';
import type { Span } from './spans.js';

/** When a window had to be staffed within `from <= t < to`: calendar, shifts, lunch rota and registered standby applied. */
export function scheduledSpans(
  hours: OpeningHours,
  window: WindowId,
  { from, to, registered }: { from: EventMs; to: EventMs; registered: readonly DutySpan[] },
): Span[] {
  const spans: Span[] = [];
  for (let at: EventMs | undefined = from; at !== undefined && at < to; ) {
    const { expected, until }: { expected: boolean; until: EventMs | undefined } = hours.at(window, at, registered);
    const end = until === undefined || until > to ? to : until;
    const last = spans.at(-1);
    if (expected && last?.to === at) last.to = end;
    else if (expected) spans.push({ from: at, to: end });
    at = until;
  }
  return spans;
}

/**
 * Whether the hall works on a day: its own calendar first, then national holidays and make-up days, then Monday to Friday.
 */
export function isWorkingDay({ calendar }: Pick<Config, 'calendar'>, day: LocalDay): boolean {
  const own = calendar.overlay.find((entry) => entry.date === day);
  if (own) return own.open;
  const special = calendar.holidays === 'cn' ? chineseHolidays.special(day) : undefined;
  return special ? special.work : weekdayOf(day) <= 5;
}
