import { dayOf, instantOf } from '../../core/calendar/localDay.js';
import type { AttendanceConfig } from '../../core/config/schema.js';
import type { EventMs } from '../../core/time.js';

/** One of the day's punches, as the configuration says it. */
export type Punch = AttendanceConfig['punches'][number];

export interface JudgedPunch {
  punch: string;
  /** An arrival after its time is late, a departure before it early. */
  verdict: 'on-time' | 'late' | 'early';
  /** How far off, ms; 0 where it is on time. */
  offMs: number;
}

/**
 * Which punch an instant is, and whether it is in time; undefined outside every window (`from <= t < to`, the first that
 * fits). Pure.
 */
export function judgePunch(at: EventMs, punches: readonly Punch[], timeZone: string): JudgedPunch | undefined {
  const day = dayOf(at, timeZone);
  const instant = (time: string): EventMs => instantOf(day, time, timeZone);
  const punch = punches.find(({ window }) => at >= instant(window.from) && at < instant(window.to));
  if (!punch) return undefined;
  const due = instant(punch.at);
  if (punch.kind === 'arrive') {
    return { punch: punch.id, verdict: at > due ? 'late' : 'on-time', offMs: Math.max(0, at - due) };
  }
  return { punch: punch.id, verdict: at < due ? 'early' : 'on-time', offMs: Math.max(0, due - at) };
}

/** The record that counts for a punch: the first arrival, the last departure; undefined where there is none. */
export function countingPunch<R extends { at: EventMs; punch?: string }>(
  records: readonly R[],
  punch: Punch,
): R | undefined {
  const own = records.filter((record) => record.punch === punch.id).sort((a, b) => a.at - b.at);
  return punch.kind === 'arrive' ? own[0] : own.at(-1);
}
