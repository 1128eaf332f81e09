import { unreachable } from '../../core/errors.js';
import type { WallMs } from '../../core/time.js';
import type { WorkflowAction } from './actions.js';
import {
  EXCUSE_REASONS,
  type Verdict,
  type Workflow,
  type WorkflowActionName,
  type WorkflowState,
} from './workflow.js';

/** Who acts, when, and what is so around the incident. */
export interface WorkflowContext {
  actor: string;
  at: WallMs;
  /** User ids of those of whom the incident speaks: who served at that window then. */
  subjects: readonly string[];
  /** Whether the month of the incident is frozen. */
  monthFrozen: boolean;
}

/** Why something may not be done. Texts are `workflow.refusal.<code>`. */
export type WorkflowRefusal =
  | 'wrong-state'
  /** Subjects do not judge, assign or close what is said of them. */
  | 'actor-is-subject'
  | 'handler-is-subject'
  | 'not-assignee'
  | 'reviewer-is-handler'
  | 'verdict-needed'
  | 'reason-needed'
  | 'unknown-reason'
  | 'not-subject'
  | 'nothing-to-appeal'
  | 'already-appealed'
  | 'appeal-open'
  | 'no-appeal'
  /** The appeal is decided by somebody who has not judged the incident before. */
  | 'first-reviewer'
  | 'same-verdict'
  | 'month-frozen'
  | 'month-not-frozen';

type Guard = (workflow: Workflow, context: WorkflowContext) => WorkflowRefusal | undefined;

const inState =
  (...states: WorkflowState[]): Guard =>
  ({ state }) =>
    states.includes(state) ? undefined : 'wrong-state';
const notSubject: Guard = (_, { actor, subjects }) => (subjects.includes(actor) ? 'actor-is-subject' : undefined);
const isAssignee: Guard = ({ assignee }, { actor }) => (actor === assignee ? undefined : 'not-assignee');
const noOpenAppeal: Guard = ({ appeal }) => (appeal?.state === 'open' ? 'appeal-open' : undefined);

/** A confirmed absence is handled before it is closed; what is excused or cannot be told may be closed at once. */
const mayClose: Guard = ({ state, verdict }) => {
  if (state === 'reviewed') return undefined;
  if (state !== 'verifying') return 'wrong-state';
  if (!verdict) return 'verdict-needed';
  return verdict.verdict === 'confirmed' ? 'wrong-state' : undefined;
};

const mayAppeal: Guard = ({ appeal, verdict }, { actor, subjects }) => {
  if (!subjects.includes(actor)) return 'not-subject';
  if (appeal) return appeal.state === 'open' ? 'appeal-open' : 'already-appealed';
  return verdict === null || verdict.verdict === 'false-alarm' ? 'nothing-to-appeal' : undefined;
};

const mayDecide: Guard = ({ appeal, judges }, { actor }) => {
  if (appeal?.state !== 'open') return 'no-appeal';
  return judges.includes(actor) ? 'first-reviewer' : undefined;
};

/** For each action what must hold, whatever it carries. The first refusal is the answer. */
const GUARDS: Record<WorkflowActionName, Guard[]> = {
  acknowledge: [inState('found'), notSubject],
  verdict: [inState('verifying'), notSubject, noOpenAppeal],
  assign: [
    inState('verifying', 'assigned', 'handling'),
    notSubject,
    ({ verdict }) => (verdict ? undefined : 'verdict-needed'),
  ],
  start: [inState('assigned'), isAssignee],
  answer: [inState('handling'), isAssignee],
  review: [
    inState('answered'),
    notSubject,
    ({ assignee }, { actor }) => (actor === assignee ? 'reviewer-is-handler' : undefined),
  ],
  close: [mayClose, notSubject, noOpenAppeal],
  reopen: [
    inState('closed', 'false-alarm'),
    notSubject,
    noOpenAppeal,
    (_, { monthFrozen }) => (monthFrozen ? 'month-frozen' : undefined),
  ],
  correct: [
    inState('closed', 'false-alarm'),
    notSubject,
    noOpenAppeal,
    (_, { monthFrozen }) => (monthFrozen ? undefined : 'month-not-frozen'),
  ],
  comment: [],
  appeal: [mayAppeal],
  'appeal-decide': [notSubject, mayDecide],
};

/** Why an action of this name may not be done now, or undefined where it may. */
export function refusalOf(
  action: WorkflowActionName,
  workflow: Workflow,
  context: WorkflowContext,
): WorkflowRefusal | undefined {
  for (const guard of GUARDS[action]) {
    const refusal = guard(workflow, context);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Why an action may not carry what it carries, or undefined where it may. */
export function refusalOfContent(
  action: WorkflowAction,
  workflow: Workflow,
  context: WorkflowContext,
): WorkflowRefusal | undefined {
  switch (action.action) {
    case 'verdict':
      return refusalOfReason(action.verdict, action.reason);
    case 'correct':
      return action.verdict === workflow.verdict?.verdict
        ? 'same-verdict'
        : refusalOfReason(action.verdict, action.reason);
    case 'assign':
      return context.subjects.includes(action.to) ? 'handler-is-subject' : undefined;
    case 'appeal-decide':
      if (action.outcome !== 'corrected') return undefined;
      if (action.verdict === undefined) return 'verdict-needed';
      if (action.verdict === workflow.verdict?.verdict) return 'same-verdict';
      return refusalOfReason(action.verdict, action.reason);
    case 'acknowledge':
    case 'start':
    case 'answer':
    case 'review':
    case 'close':
    case 'reopen':
    case 'comment':
    case 'appeal':
      return undefined;
    default:
      return unreachable(action, 'workflow action');
  }
}

function refusalOfReason(verdict: Verdict, reason: string): WorkflowRefusal | undefined {
  if (verdict !== 'excused' && verdict !== 'false-alarm') return undefined;
  if (reason === '') return 'reason-needed';
  const known: readonly string[] = EXCUSE_REASONS;
  return verdict === 'excused' && !known.includes(reason) ? 'unknown-reason' : undefined;
}
