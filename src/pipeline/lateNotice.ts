import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import { type DeadlineMessage, deadlineMessage } from '../alerts/outbox/deadlineMessage.js';
import type { SiteFacts } from '../alerts/outbox/messages.js';
import { deadlineRows } from '../alerts/outbox/routing.js';
import type { TellLate } from '../board/incidents/escalations.js';
import { readWorkflow } from '../board/incidents/incidentIndex.js';
import type { IncidentId } from '../core/ids.js';

export interface LateNoticeOptions {
  ledger: Pick<Ledger, 'incidents'>;
  sinks: readonly AlertSink[];
  facts: SiteFacts;
}

/** Tells every channel, webhook and broker of a deadline that has passed. */
export function lateNotice({ ledger, sinks, facts }: LateNoticeOptions): TellLate {
  return (due, step) => {
    const incident = ledger.incidents.get(step.incident);
    if (!incident) return [];
    return deadlineRows(sinks, deadlineMessage(facts, { incident, due, loopOrdinal: step.ordinal, at: step.at }));
  };
}

/** Whether somebody has done meanwhile what was late: a message that waited for the morning would then be untrue. */
export function overtakenNow(ledger: Pick<Ledger, 'stepsOf' | 'workflowSteps'>): (message: DeadlineMessage) => boolean {
  return ({ id, track, state }) => {
    const workflow = readWorkflow(ledger, id as IncidentId);
    return track === 'appeal' ? workflow.appeal?.state !== 'open' : workflow.state !== state;
  };
}
