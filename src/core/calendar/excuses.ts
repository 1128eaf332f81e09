import type { SubjectId } from '../ids.js';
import type { EventMs } from '../time.js';
import type { DutySpan } from './openingHours.js';

/** A registered reason that covers part of an incident. */
export interface ExcusingSpan {
  kind: string;
  from: EventMs;
  to: EventMs;
}

/** What was registered for the time of an incident. It is shown beside the incident and never silences it. */
export interface IncidentExcuse {
  /** Clipped to the incident, by begin. */
  spans: ExcusingSpan[];
  /** Distinct kinds, by begin. */
  kinds: string[];
  /** Time of the incident that at least one span covers, and the rest of it, ms. */
  excusedMs: number;
  unexcusedMs: number;
  /** True where nothing of it is left. */
  whole: boolean;
}

/**
 * The registered leaves, outings and covers that overlap an incident, or undefined where none does. Standby is no excuse:
 * a window on standby is exempt and has no absence. For an incident that is still open, `to` is the present.
 */
export function excuseFor(
  incident: { subject: SubjectId; from: EventMs; to: EventMs },
  registered: readonly DutySpan[],
): IncidentExcuse | undefined {
  const spans = registered
    .filter((span) => span.kind !== 'standby' && span.subject === incident.subject)
    .map(({ kind, from, to }) => ({
      kind,
      from: later(from, incident.from),
      to: earlier(to ?? incident.to, incident.to),
    }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  if (spans.length === 0) return undefined;
  let excusedMs = 0;
  let coveredTo: number = incident.from;
  for (const span of spans) {
    excusedMs += Math.max(0, span.to - Math.max(span.from, coveredTo));
    coveredTo = Math.max(coveredTo, span.to);
  }
  const unexcusedMs = incident.to - incident.from - excusedMs;
  const kinds = [...new Set(spans.map((span) => span.kind))];
  return { spans, kinds, excusedMs, unexcusedMs, whole: unexcusedMs === 0 };
}

const later = (a: EventMs, b: EventMs): EventMs => (a > b ? a : b);
const earlier = (a: EventMs, b: EventMs): EventMs => (a < b ? a : b);
