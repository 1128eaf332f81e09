import { type WorkflowAction, workflowActionSchema } from '../../../src/alerts/workflow/actions.js';
import type { WorkflowContext } from '../../../src/alerts/workflow/guards.js';
import { stepWorkflow, type WorkflowOutcome } from '../../../src/alerts/workflow/stepWorkflow.js';
import {
  foundWorkflow,
  type Workflow,
  type WorkflowState,
  type WorkflowStep,
} from '../../../src/alerts/workflow/workflow.js';
import type { IncidentId } from '../../../src/core/ids.js';
import { wallMs } from '../../../src/core/time.js';

export const INCIDENT = 'absence-0011223344556677' as IncidentId;
export const FOUND_AT = wallMs(1_791_421_200_000);

/** wang served at the window; li handles; zhao supervises; qian is another supervisor, sun the manager. */
export const SUBJECT = 'wang';

export const by = (actor: string, monthFrozen = false, at = FOUND_AT): WorkflowContext => ({
  actor,
  at: wallMs(at),
  subjects: [SUBJECT],
  monthFrozen,
});

/** An action as the API gives it: defaults filled in. */
export const act = (action: object): WorkflowAction => workflowActionSchema.parse(action);

export const found = foundWorkflow(INCIDENT, FOUND_AT);

/** Who does what on the way to each state. */
const acknowledge: [string, object] = ['zhao', { action: 'acknowledge' }];
const confirm: [string, object] = ['zhao', { action: 'verdict', verdict: 'confirmed' }];
const assign: [string, object] = ['zhao', { action: 'assign', to: 'li' }];
const start: [string, object] = ['li', { action: 'start' }];
const answer: [string, object] = ['li', { action: 'answer', note: '已约谈' }];
const accept: [string, object] = ['qian', { action: 'review', outcome: 'accept' }];
const close: [string, object] = ['qian', { action: 'close' }];

const whole: Array<[string, object]> = [acknowledge, confirm, assign, start, answer, accept, close];

export const PATHS: Record<WorkflowState, Array<[string, object]>> = {
  found: [],
  verifying: whole.slice(0, 2),
  assigned: whole.slice(0, 3),
  handling: whole.slice(0, 4),
  answered: whole.slice(0, 5),
  reviewed: whole.slice(0, 6),
  closed: whole,
  'false-alarm': [acknowledge, ['zhao', { action: 'verdict', verdict: 'false-alarm', reason: 'zone' }]],
};

/** Does one thing after the other; throws where something is refused. */
export function walk(
  path: ReadonlyArray<readonly [string, object]>,
  from: Workflow = found,
  monthFrozen = false,
): { workflow: Workflow; steps: WorkflowStep[] } {
  let workflow = from;
  const steps: WorkflowStep[] = [];
  for (const [actor, action] of path) {
    const outcome = stepWorkflow(workflow, act(action), by(actor, monthFrozen));
    if (outcome.type === 'refused') throw new Error(`${actor} ${JSON.stringify(action)}: ${outcome.reason}`);
    workflow = outcome.workflow;
    steps.push(outcome.step);
  }
  return { workflow, steps };
}

export const inState = (state: WorkflowState): Workflow => walk(PATHS[state]).workflow;

/** The state an action leads to, or the reason of its refusal. */
export const wordOf = (outcome: WorkflowOutcome): string =>
  outcome.type === 'step' ? outcome.step.to : `refused: ${outcome.reason}`;
