import { isoOf, type WallMs } from '../../core/time.js';
import type { IncidentRecord } from '../ledger/incidents.js';
import type { DueEscalation } from '../workflow/deadlines.js';
import type { AlertMessage, SiteFacts } from './messages.js';

/**
 * A deadline of people's handling that has passed, as a channel reads it: nobody took it up, handled, reviewed or decided
 * in time. Holds no name of a person. A receiver drops a message whose `id` and `loopOrdinal` it has.
 */
export interface DeadlineMessage
  extends Pick<
    AlertMessage,
    | 'id'
    | 'site'
    | 'district'
    | 'rule'
    | 'subject'
    | 'subjectType'
    | 'subjectName'
    | 'department'
    | 'priority'
    | 'start'
  > {
  schema: 1;
  /** Counts the steps of the handling from 1. */
  loopOrdinal: number;
  /** What is late: the handling itself, or the decision on an appeal. */
  track: DueEscalation['track'];
  /** Where the handling stands. */
  state: DueEscalation['state'];
  /** 1 at the deadline, 2 at twice the time, 3 at three times. */
  level: number;
  /** Wall times, ISO 8601 UTC: when it fell due, and when that was found. */
  dueAt: string;
  at: string;
}

export interface DeadlineFacts {
  incident: Pick<IncidentRecord, 'id' | 'rule' | 'subject' | 'priority' | 'start'>;
  due: DueEscalation;
  /** Ordinal of the step that notes it. */
  loopOrdinal: number;
  at: WallMs;
}

/** Builds the message of a passed deadline. Pure. */
export function deadlineMessage(facts: SiteFacts, { incident, due, loopOrdinal, at }: DeadlineFacts): DeadlineMessage {
  const subject = facts.subjects.get(incident.subject);
  return {
    schema: 1,
    id: incident.id,
    loopOrdinal,
    site: facts.site,
    district: facts.district,
    rule: incident.rule,
    subject: incident.subject,
    subjectType: subject?.type ?? 'window',
    subjectName: subject?.name ?? incident.subject,
    department: subject?.department ?? '',
    priority: incident.priority,
    start: isoOf(incident.start),
    track: due.track,
    state: due.state,
    level: due.level,
    dueAt: isoOf(due.dueAt),
    at: isoOf(at),
  };
}
