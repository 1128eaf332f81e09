import type { Verdict } from '../../alerts/workflow/workflow.js';
import type { EvaluationFigures } from './evaluationFigures.js';
import type { GroupFigures } from './groupFigures.js';
import type { IncidentFigures, VerdictCounts } from './incidentFigures.js';
import type { Place } from './ranking.js';

/** A window's own figures. */
export interface WindowFigures extends GroupFigures {
  department: string;
  area: string;
  /** Begin of what is reported, ISO 8601 UTC; later than the month's where the window was added in it. Null: never seen. */
  watchedFrom: string | null;
}

/** One local day of the hall. */
export interface DayFigures {
  day: string;
  scheduledS: number;
  observedS: number;
  presentS: number;
  unexcusedS: number;
  coverage: number | null;
  /** Confirmed incidents that began on the day. */
  confirmed: number;
}

/** A window's month by hour of the day; each list has 24 numbers, seconds. */
export interface HeatRow {
  window: string;
  scheduledS: number[];
  observedS: number[];
  unexcusedS: number[];
}

/** An incident as the month counted it: what later corrections are held against. */
export interface IncidentRow {
  id: string;
  rule: string;
  tier: number;
  subject: string;
  start: string;
  verdict: Verdict | null;
  /** Seconds of absence within it. */
  absentS: number;
  /** Of these, seconds that a registered leave covers: excused whatever the verdict. */
  leaveS: number;
}

/** A month in figures: JSON values only, times as ISO 8601 UTC, durations in seconds, shares 0-1. What is frozen and hashed. */
export interface MonthFigures {
  schema: 1;
  /** `YYYY-MM`. */
  month: string;
  site: { id: string; name: string; district: string; timeZone: string };
  from: string;
  to: string;
  /** Whether the month is over and reported whole; else it goes up to `until`. */
  complete: boolean;
  until: string;
  days: number;
  workingDays: number;
  /** False where the holidays of the year are not known and weekdays were taken for working days. */
  calendarKnown: boolean;
  hall: GroupFigures;
  windows: WindowFigures[];
  departments: GroupFigures[];
  areas: GroupFigures[];
  persons: GroupFigures[];
  ranking: { windows: Place[]; departments: Place[] };
  /** `demoHits`: sensitive words that only the demonstration model heard; absent where there were none. */
  rooms: { incidents: IncidentFigures; sessions: number; demoHits?: number };
  evaluations: EvaluationFigures[];
  /** Incidents of windows and rooms that are no longer configured: counted here and nowhere else. */
  elsewhere: VerdictCounts;
  trend: DayFigures[];
  heat: HeatRow[];
  /** By start. */
  incidents: IncidentRow[];
}
