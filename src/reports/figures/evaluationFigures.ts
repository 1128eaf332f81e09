import type { EvaluationSession, EvaluationState } from '../../core/evaluation.js';
import type { RoomId } from '../../core/ids.js';
import { eventMs, isoOf } from '../../core/time.js';
import type { MonthSpan } from '../month/month.js';
import type { JudgedIncident, MonthSource } from '../month/source.js';
import { type IncidentFigures, incidentFigures } from './incidentFigures.js';
import { rounded } from './rates.js';
import { lengthOf } from './spans.js';
import { divideTime, seenTime } from './windowTime.js';

/** One evaluation in one of its rooms. */
export interface EvaluationFigures {
  evaluation: string;
  project: string;
  projectName: string;
  state: EvaluationState;
  room: string;
  roomName: string;
  /** As it really ran, or as planned where nobody opened it; ISO 8601 UTC. */
  start: string;
  end: string;
  /** Experts on the roster; 0 is a finding against the system, not against the experts. */
  experts: number;
  /** Time of the evaluation within the month, and what the cameras know of it, seconds. */
  scheduledS: number;
  observedS: number;
  occupiedS: number;
  emptyS: number;
  unknownS: number;
  /** observed / scheduled, 0-1; null where it never ran in the month. */
  coverage: number | null;
  incidents: IncidentFigures;
}

/** A look at a room counts for at most this long, as in the live room. */
export const ROOM_STALE_AFTER_MS = 10_000;

/** When an evaluation ran: opened to closed; a planned one that nobody opened did not run. */
function ranAt(session: EvaluationSession, source: MonthSource): { from: number; to: number } {
  const from = session.openedAt ?? session.plannedStart;
  if (session.state === 'planned') return { from, to: from };
  return { from, to: session.closedAt ?? Math.max(from, source.asOf) };
}

/** Every evaluation of the month, a row a room, by start. `incidents` are those of rooms. */
export function evaluationFigures(
  source: MonthSource,
  span: MonthSpan,
  incidents: readonly JudgedIncident[],
): EvaluationFigures[] {
  return source
    .evaluations(span.from, span.to)
    .flatMap((session) => session.rooms.map(({ room }) => rowOf(session, room, { source, span, incidents })))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.room < b.room ? -1 : 1));
}

function rowOf(
  session: EvaluationSession,
  room: RoomId,
  { source, span, incidents }: { source: MonthSource; span: MonthSpan; incidents: readonly JudgedIncident[] },
): EvaluationFigures {
  const ran = ranAt(session, source);
  const from = eventMs(Math.max(span.from, ran.from));
  const to = eventMs(Math.min(span.to, source.asOf, ran.to));
  const scheduled = to > from ? [{ from, to }] : [];
  const margin = ROOM_STALE_AFTER_MS;
  const runs = scheduled.length > 0 ? source.runsOf(room, 'persons', eventMs(from - margin), eventMs(to + margin)) : [];
  const seen = seenTime(runs, { minStaff: 1, staleAfterMs: margin });
  const divided = divideTime(scheduled, seen, { leaves: [], excused: [], confirmed: [] });
  const scheduledMs = lengthOf(scheduled);
  const occupiedMs = lengthOf(divided.present);
  const emptyMs = lengthOf(divided.absent);
  const coverage = scheduledMs > 0 ? rounded((occupiedMs + emptyMs) / scheduledMs) : null;
  const here = incidents.filter(({ subject, start }) => subject === room && ran.from <= start && start < ran.to);
  return {
    evaluation: session.id,
    project: session.project,
    projectName: session.projectName,
    state: session.state,
    room,
    roomName: source.config.rooms.find(({ id }) => id === room)?.name ?? room,
    start: isoOf(eventMs(ran.from)),
    end: isoOf(eventMs(session.state === 'planned' ? session.plannedEnd : ran.to)),
    experts: session.roster.filter(({ role }) => role === 'expert').length,
    scheduledS: scheduledMs / 1000,
    observedS: (occupiedMs + emptyMs) / 1000,
    occupiedS: occupiedMs / 1000,
    emptyS: emptyMs / 1000,
    unknownS: (scheduledMs - occupiedMs - emptyMs) / 1000,
    coverage,
    incidents: incidentFigures(here, coverage),
  };
}
