import { dayOf, midnightOf } from '../../core/calendar/localDay.js';
import { type EventMs, parseInstant } from '../../core/time.js';

/** An instant on the hall's clock, `YYYY-MM-DD HH:MM`. */
export function localTime(at: EventMs, timeZone: string): string {
  const day = dayOf(at, timeZone);
  const minutes = Math.floor((at - midnightOf(day, timeZone)) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The same of an ISO 8601 text. */
export const localTimeOf = (iso: string, timeZone: string): string => localTime(parseInstant(iso, 'instant'), timeZone);
