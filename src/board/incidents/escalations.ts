import type { NewOutboxRow } from '../../alerts/ledger/outboxRows.js';
import { type DueEscalation, dueEscalations, escalate } from '../../alerts/workflow/deadlines.js';
import type { WorkflowStep } from '../../alerts/workflow/workflow.js';
import type { Clock } from '../../core/clock.js';
import type { IncidentId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import type { AlertsLedger } from '../ledgerPort.js';
import { type IncidentIndex, readWorkflow } from './incidentIndex.js';

export interface EscalationDeps {
  ledger: Pick<AlertsLedger, 'stepsOf' | 'workflowSteps'>;
  index: IncidentIndex;
  clock: Clock;
  log: Logger;
  /** Who is told of a passed deadline; their messages stand in the ledger together with its step. */
  tell: TellLate;
  /** An incident moved. */
  moved: (incident: IncidentId) => void;
}

/** The messages of a passed deadline. */
export type TellLate = (due: DueEscalation, step: WorkflowStep) => NewOutboxRow[];

const CHECK_EVERY_MS = 30_000;
/** A backlog is worked off over several checks, so that the loop stays free. */
const MOST_AT_ONCE = 100;

/** Writes a step for each deadline that has passed, and tells of it. Returns how to stop it. */
export function runEscalations({ ledger, index, clock, log, tell, moved }: EscalationDeps): () => void {
  const check = (): void => {
    const now = clock.now();
    let left = MOST_AT_ONCE;
    for (const { id, workflow: state } of index.within(undefined, undefined)) {
      if (left <= 0) return;
      if ((state === 'closed' || state === 'false-alarm') && index.loopOf(id).appeal?.state !== 'open') continue;
      if (dueEscalations(index.loopOf(id), now).length === 0) continue;
      let workflow = readWorkflow(ledger, id);
      for (const due of dueEscalations(workflow, now)) {
        const outcome = escalate(workflow, due, now);
        // Somebody was faster: the next check sees what they did.
        if (ledger.workflowSteps.append(outcome.step, tell(due, outcome.step)).outcome === 'conflict') break;
        workflow = outcome.workflow;
        left -= 1;
      }
      index.refresh(id);
      moved(id);
    }
  };
  const timer = clock.every(CHECK_EVERY_MS, () => {
    try {
      check();
    } catch (err) {
      // A full disk, for example: the deadline stays due and the next check tries again.
      log.error({ err }, 'deadlines not checked');
    }
  });
  return () => timer.cancel();
}
