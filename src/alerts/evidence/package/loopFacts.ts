import type { IncidentId } from '../../../core/ids.js';
import { wallMs } from '../../../core/time.js';
import type { WorkflowStepRecord } from '../../ledger/workflowSteps.js';
import { foldWorkflow } from '../../workflow/applyStep.js';

/**
 * The steps of a closed loop as a package carries them: the columns of the ledger that its hash was taken over, so that each
 * step can be checked by itself.
 */
export function loopDocument(steps: readonly WorkflowStepRecord[]) {
  return {
    schema: 1,
    steps: steps.map(({ seq, previousHash, hash, incident, ordinal, at, actor, action, from, to, note, data }) => ({
      ...{ seq, previousHash, hash },
      columns: {
        incident,
        ordinal,
        at,
        actor,
        action,
        from,
        to,
        note,
        data: data === undefined ? null : JSON.stringify(data),
      },
    })),
  };
}

/** The verdict in force and the state of the appeal. */
export function verdictOf(
  incident: IncidentId,
  steps: readonly WorkflowStepRecord[],
): { verdict?: string; appeal?: string } {
  const { verdict, appeal } = foldWorkflow(incident, steps[0]?.at ?? wallMs(0), steps);
  return { ...(verdict ? { verdict: verdict.verdict } : {}), ...(appeal ? { appeal: appeal.state } : {}) };
}
