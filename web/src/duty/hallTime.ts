import { zone } from '../session.js';
import { dateOf, dayStart, timeOf } from '../text/time.js';

/**
 * Date pickers speak of wall time without a zone. These two turn `2026-10-08 09:30` on the hall's own clock into an
 * instant and back, whatever zone this device stands in.
 */
export function instantOf(text: string): number {
  const [day, clock = '00:00'] = text.split(' ') as [string, string?];
  const [hours, minutes] = clock.split(':').map(Number) as [number, number];
  return dayStart(day, zone.value) + (hours * 60 + minutes) * 60_000;
}

export const hallText = (ms: number): string => `${dateOf(ms, zone.value)} ${timeOf(ms, zone.value).slice(0, 5)}`;

/** What Element Plus writes and reads in its pickers. */
export const PICKER_FORMAT = 'YYYY-MM-DD HH:mm';
