import { unreachable } from '../../core/errors.js';
import type { WorkflowAction } from './actions.js';
import { applyStep } from './applyStep.js';
import { refusalOf, refusalOfContent, type WorkflowContext, type WorkflowRefusal } from './guards.js';
import {
  type StepData,
  WORKFLOW_ACTIONS,
  type Workflow,
  type WorkflowActionName,
  type WorkflowState,
  type WorkflowStep,
} from './workflow.js';

/** What became of an action. */
export type WorkflowOutcome =
  | { type: 'step'; workflow: Workflow; step: WorkflowStep }
  | { type: 'refused'; reason: WorkflowRefusal };

/**
 * The closed loop: may this person do this now, and what is so afterwards? Pure. The caller keeps the new workflow only
 * once the ledger has the step.
 */
export function stepWorkflow(workflow: Workflow, action: WorkflowAction, context: WorkflowContext): WorkflowOutcome {
  const reason = refusalOf(action.action, workflow, context) ?? refusalOfContent(action, workflow, context);
  if (reason) return { type: 'refused', reason };
  const { to, data } = effectOf(workflow, action, context.monthFrozen);
  const step: WorkflowStep = {
    incident: workflow.incident,
    ordinal: workflow.steps + 1,
    actor: context.actor,
    at: context.at,
    action: action.action,
    from: workflow.state,
    to,
    note: action.note,
    data: action.evidence.length > 0 ? { ...data, evidence: action.evidence } : data,
  };
  return { type: 'step', workflow: applyStep(workflow, step), step };
}

/** What this person may do now. What an action carries may still be refused. */
export const allowedActions = (workflow: Workflow, context: WorkflowContext): WorkflowActionName[] =>
  WORKFLOW_ACTIONS.filter((action) => refusalOf(action, workflow, context) === undefined);

interface Effect {
  to: WorkflowState;
  data: StepData;
}

function effectOf(workflow: Workflow, action: WorkflowAction, monthFrozen: boolean): Effect {
  const stay = (data: StepData = {}): Effect => ({ to: workflow.state, data });
  const go = (to: WorkflowState, data: StepData = {}): Effect => ({ to, data });
  const marked = (data: StepData): StepData => (monthFrozen ? { ...data, correction: true } : data);
  switch (action.action) {
    case 'acknowledge':
      return go('verifying');
    case 'verdict': {
      const data = marked({ verdict: action.verdict, reason: action.reason });
      return action.verdict === 'false-alarm' ? go('false-alarm', data) : stay(data);
    }
    case 'assign':
      return go('assigned', { assignee: action.to });
    case 'start':
      return go('handling');
    case 'answer':
      return go('answered');
    case 'review':
      return go(action.outcome === 'accept' ? 'reviewed' : 'handling', { outcome: action.outcome });
    case 'close':
      return go('closed');
    case 'reopen':
      return go('verifying');
    case 'correct':
      return stay(marked({ verdict: action.verdict, reason: action.reason }));
    case 'comment':
    case 'appeal':
      return stay();
    case 'appeal-decide': {
      const { outcome } = action;
      if (outcome === 'upheld') return stay({ outcome });
      const verdict = outcome === 'overturned' ? 'false-alarm' : action.verdict!;
      const reason = outcome === 'overturned' ? 'appeal' : action.reason;
      const data = marked({ outcome, verdict, reason });
      // Nothing is left to handle; a closed incident of a frozen month stays closed and gets its correction.
      return verdict === 'false-alarm' && !monthFrozen ? go('false-alarm', data) : stay(data);
    }
    default:
      return unreachable(action, 'workflow action');
  }
}
