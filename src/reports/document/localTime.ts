import { dayOf, type LocalDay, midnightOf } from '../../core/calendar/localDay.js';
import type { Language } from '../../core/i18n/translate.js';
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

/** A day as official documents write it: `2026年10月8日`; in English `2026-10-08`. */
export function dayText(day: LocalDay, language: Language): string {
  if (language === 'en') return day;
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return `${year}年${month}月${date}日`;
}
