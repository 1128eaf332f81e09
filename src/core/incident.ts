import { sha256 } from './hash.js';
import type { CameraId, IncidentId, SubjectId } from './ids.js';
import type { EndReason, Priority, RuleDetail, RuleName, Seen } from './rule.js';
import type { EventMs } from './time.js';

/** Where an incident stands in its machine life. People's handling of it is the workflow's affair. */
export type IncidentState = 'open' | 'escalated' | 'ended';

/** The steps that are told to the world, one message each. */
export type AlertStepName = 'open' | 'escalated' | 'ended';

/** One step of one incident: the unit of the ledger, the outbox and every message. */
export interface AlertStep {
  id: IncidentId;
  rule: RuleName;
  ruleVersion: string;
  subject: SubjectId;
  step: AlertStepName;
  /** Counts the steps of this incident from 1, so that `id` + `ordinal` names a message. */
  ordinal: number;
  at: EventMs;
  start: EventMs;
  /** Only with `ended`. */
  end?: EventMs;
  endReason?: EndReason;
  priority: Priority;
  tier: number;
  seen: Seen;
  camera?: CameraId;
  detail?: RuleDetail;
}

/**
 * The id of an incident: a pure function of site, rule, subject and start, so that a replay or a restart produces the
 * same one. 16 hex digits of SHA-256 behind the rule's name: short enough to read out, 2^64 apart.
 */
export function incidentId(site: string, rule: RuleName, subject: SubjectId, start: EventMs): IncidentId {
  return `${rule}-${sha256(`${site}\n${rule}\n${subject}\n${start}`).slice(0, 16)}` as IncidentId;
}

/** Share of the span in which the subject could be seen, 0-1; 1 for an empty span. */
export function coverageOf(seen: Seen): number {
  const total = seen.observedMs + seen.unknownMs;
  return total > 0 ? seen.observedMs / total : 1;
}
