import { z } from 'zod';
import { instantOf } from '../../core/calendar/localDay.js';
import { type EventMs, parseInstant } from '../../core/time.js';

/** `2026-10-08 09:30` on the hall's clock, or ISO 8601 with a zone. */
export function readTime(text: string, timeZone: string): EventMs | undefined {
  const local = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d\d)(?::00)?$/.exec(text);
  try {
    if (!local) return parseInstant(text, 'time');
    const [, year, month, day, hour, minute] = local;
    const two = (part: string | undefined): string => part!.padStart(2, '0');
    const date = `${year}-${two(month)}-${two(day)}`;
    const valid = Number(hour) < 24 && Number(minute) < 60 && isDate(date);
    return valid ? instantOf(date, `${two(hour)}:${minute}`, timeZone) : undefined;
  } catch {
    // Neither form: the row's error says so.
    return undefined;
  }
}

/** True for a day the calendar has: 2026-02-30 is none. */
const isDate = (date: string): boolean => z.iso.date().safeParse(date).success;

/** The hall's own time of an instant, as `readTime` reads it: `2026-10-08 09:30`. */
export function timeText(at: EventMs, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { ...FORM, timeZone }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}

const FORM = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const;
