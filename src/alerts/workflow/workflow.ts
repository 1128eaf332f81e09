import type { IncidentId } from '../../core/ids.js';
import type { APPEAL_STATES, VERDICTS, WORKFLOW_STATES } from '../../core/loopWords.js';
import type { WallMs } from '../../core/time.js';

export type WorkflowState = (typeof WORKFLOW_STATES)[number];

export type Verdict = (typeof VERDICTS)[number];

/** Reasons with which an absence is excused. Closed, because months count by them. */
export const EXCUSE_REASONS = ['leave', 'outing', 'cover', 'back-office', 'suspended', 'standby', 'other'] as const;

/** Causes of a false alarm that months count by; another short text is allowed. */
export const FALSE_ALARM_CAUSES = ['zone', 'missed', 'occluded', 'camera', 'roster', 'appeal', 'other'] as const;

export type AppealState = (typeof APPEAL_STATES)[number];

/** What a person can do. `correct` changes the verdict of a month that is frozen. */
export const WORKFLOW_ACTIONS = [
  'acknowledge',
  'verdict',
  'assign',
  'start',
  'answer',
  'review',
  'close',
  'reopen',
  'correct',
  'comment',
  'appeal',
  'appeal-decide',
] as const;
export type WorkflowActionName = (typeof WORKFLOW_ACTIONS)[number];

/** A verdict in force: who gave it, and why. */
export interface GivenVerdict {
  verdict: Verdict;
  /** The excuse or the cause; empty where none is needed. */
  reason: string;
  by: string;
}

/** A verdict that was changed after its month was frozen: listed after the month, which itself stays as it is. */
export interface Correction {
  at: WallMs;
  by: string;
  from: Verdict | null;
  to: Verdict;
  /** Ordinal of the step that made it. */
  ordinal: number;
}

/** Where people's handling of one incident stands: nothing but the sum of its steps. */
export interface Workflow {
  incident: IncidentId;
  state: WorkflowState;
  /** When it came into this state (or to this handler); deadlines count from here. */
  since: WallMs;
  verdict: GivenVerdict | null;
  assignee: string | null;
  /** Who reviewed the answer last. */
  reviewer: string | null;
  appeal: { state: AppealState; since: WallMs; by: string; decidedBy: string | null } | null;
  /** Everyone who gave a verdict, reviewed or decided: barred from deciding an appeal. */
  judges: string[];
  corrections: Correction[];
  /** Deadlines that have passed in this state, and while the appeal is open. */
  escalation: number;
  appealEscalation: number;
  /** Steps so far. */
  steps: number;
}

/** An incident that was found and that nobody has touched. `at`: when the ledger got it. */
export const foundWorkflow = (incident: IncidentId, at: WallMs): Workflow => ({
  incident,
  state: 'found',
  since: at,
  verdict: null,
  assignee: null,
  reviewer: null,
  appeal: null,
  judges: [],
  corrections: [],
  escalation: 0,
  appealEscalation: 0,
  steps: 0,
});

/** What a step carries beside its note. JSON values only. */
export type StepData = Record<string, string | number | boolean | string[]>;

/** One thing that was done: who, when, from where to where, note, evidence. Never changed, never removed. */
export interface WorkflowStep {
  incident: IncidentId;
  /** Counts the steps of the incident from 1. */
  ordinal: number;
  /** User id, or `system`. */
  actor: string;
  at: WallMs;
  action: WorkflowActionName | 'escalate';
  from: WorkflowState;
  to: WorkflowState;
  note: string;
  data: StepData;
}
