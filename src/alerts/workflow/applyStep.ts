import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import type { IncidentId } from '../../core/ids.js';
import { VERDICTS, WORKFLOW_STATES } from '../../core/loopWords.js';
import type { WallMs } from '../../core/time.js';
import { foundWorkflow, type Workflow } from './workflow.js';

/** A step as the ledger gives it back. */
export interface StoredStep {
  ordinal: number;
  actor: string;
  at: WallMs;
  action: string;
  to: string;
  data?: unknown;
}

const stepData = z.object({
  verdict: z.enum(VERDICTS).optional(),
  reason: z.string().default(''),
  assignee: z.string().optional(),
  outcome: z.string().optional(),
  correction: z.boolean().default(false),
  track: z.enum(['state', 'appeal']).optional(),
  level: z.int().optional(),
});
type StepFacts = z.output<typeof stepData>;

const ACTIONS_THAT_JUDGE = ['verdict', 'correct', 'review', 'appeal-decide'];

/**
 * The workflow after one more step. A workflow is the sum of its steps and nothing else, so this is also how it is read
 * back from the ledger.
 * @throws AppError `storage` where a step is not the next one or says what no step can say
 */
export function applyStep(workflow: Workflow, step: StoredStep): Workflow {
  const parsed = stepData.safeParse(step.data ?? {});
  const to = WORKFLOW_STATES.find((state) => state === step.to);
  if (step.ordinal !== workflow.steps + 1 || !to || !parsed.success) {
    throw new AppError(
      'storage',
      `workflow of ${workflow.incident}: step ${step.ordinal}: cannot follow step ${workflow.steps}`,
    );
  }
  const facts = parsed.data;
  const { actor, at, action } = step;
  const next: Workflow = { ...workflow, steps: step.ordinal, state: to };
  if (to !== workflow.state || action === 'assign') Object.assign(next, { since: at, escalation: 0 });
  if (ACTIONS_THAT_JUDGE.includes(action)) next.judges = [...new Set([...workflow.judges, actor])];
  if (facts.verdict) rule(next, step, facts);
  if (facts.assignee !== undefined) next.assignee = facts.assignee;
  if (action === 'review') next.reviewer = actor;
  if (action === 'reopen') Object.assign(next, { verdict: null, assignee: null, reviewer: null, appeal: null });
  if (action === 'escalate') escalate(next, facts);
  if (action === 'appeal')
    Object.assign(next, { appeal: { state: 'open', since: at, by: actor, decidedBy: null }, appealEscalation: 0 });
  if (action === 'appeal-decide' && workflow.appeal) {
    next.appeal = { ...workflow.appeal, state: outcomeOf(facts), decidedBy: actor, since: at };
  }
  return next;
}

/** Puts a verdict in force, and lists it as a correction where its month is frozen. */
function rule(next: Workflow, { actor, at, ordinal }: StoredStep, { verdict, reason, correction }: StepFacts): void {
  const from = next.verdict?.verdict ?? null;
  if (correction) next.corrections = [...next.corrections, { at, by: actor, from, to: verdict!, ordinal }];
  next.verdict = { verdict: verdict!, reason, by: actor };
}

function escalate(next: Workflow, { track, level }: StepFacts): void {
  if (track === 'appeal') next.appealEscalation = level ?? next.appealEscalation + 1;
  else next.escalation = level ?? next.escalation + 1;
}

const outcomeOf = ({ outcome }: StepFacts): 'upheld' | 'overturned' | 'corrected' =>
  outcome === 'overturned' || outcome === 'corrected' ? outcome : 'upheld';

/**
 * The workflow of an incident, read back from its steps in order of `ordinal`.
 * @throws AppError `storage` where a step is missing
 */
export function foldWorkflow(incident: IncidentId, foundAt: WallMs, steps: Iterable<StoredStep>): Workflow {
  let workflow = foundWorkflow(incident, foundAt);
  for (const step of steps) workflow = applyStep(workflow, step);
  return workflow;
}
