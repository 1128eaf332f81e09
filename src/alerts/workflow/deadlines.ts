import { type WallMs, wallMs } from '../../core/time.js';
import { applyStep } from './applyStep.js';
import type { Workflow, WorkflowState, WorkflowStep } from './workflow.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long each state may last, ms. A state that is not named may last for ever. */
export type Deadlines = Partial<Record<WorkflowState | 'appeal', number>>;

/** 10 minutes to take it up, 30 to verify, a day to handle, three days to review, close, or decide an appeal. */
export const DEFAULT_DEADLINES: Deadlines = {
  found: 10 * MINUTE_MS,
  verifying: 30 * MINUTE_MS,
  assigned: DAY_MS,
  handling: DAY_MS,
  answered: 3 * DAY_MS,
  reviewed: 3 * DAY_MS,
  appeal: 3 * DAY_MS,
};

/** Escalations of one state: to the supervisor, to the manager, to the head of the hall. Then everybody knows. */
const LEVELS = 3;

/** A deadline that has passed and of which nobody was told. */
export interface DueEscalation {
  /** The loop itself, or the appeal beside it. */
  track: 'state' | 'appeal';
  state: WorkflowState;
  /** 1 at the deadline, 2 at twice the time, 3 at three times. */
  level: number;
  dueAt: WallMs;
}

interface Running {
  track: DueEscalation['track'];
  since: WallMs;
  lengthMs: number;
  told: number;
}

function runningOf(workflow: Workflow, deadlines: Deadlines): Running[] {
  const running: Running[] = [];
  const lengthMs = deadlines[workflow.state];
  if (lengthMs !== undefined)
    running.push({ track: 'state', since: workflow.since, lengthMs, told: workflow.escalation });
  const { appeal } = workflow;
  if (appeal?.state === 'open' && deadlines.appeal !== undefined) {
    running.push({ track: 'appeal', since: appeal.since, lengthMs: deadlines.appeal, told: workflow.appealEscalation });
  }
  return running;
}

/** The next deadline that people work against: the earliest of the state's and the appeal's. Undefined where none runs. */
export function deadlineOf(workflow: Workflow, deadlines: Deadlines = DEFAULT_DEADLINES): WallMs | undefined {
  const all = runningOf(workflow, deadlines).map(({ since, lengthMs }) => since + lengthMs);
  return all.length > 0 ? wallMs(Math.min(...all)) : undefined;
}

/** The escalations that are due at `now` and not yet among the steps, by the instant at which they fell due. */
export function dueEscalations(
  workflow: Workflow,
  now: WallMs,
  deadlines: Deadlines = DEFAULT_DEADLINES,
): DueEscalation[] {
  const due = runningOf(workflow, deadlines).flatMap(({ track, since, lengthMs, told }) =>
    Array.from({ length: LEVELS }, (_, index) => index + 1)
      .filter((level) => level > told && since + level * lengthMs <= now)
      .map(
        (level): DueEscalation => ({ track, state: workflow.state, level, dueAt: wallMs(since + level * lengthMs) }),
      ),
  );
  return due.sort((a, b) => a.dueAt - b.dueAt);
}

/** Turns one due escalation into a step by `system`, recorded at `now`. */
export function escalate(
  workflow: Workflow,
  due: DueEscalation,
  now: WallMs,
): { workflow: Workflow; step: WorkflowStep } {
  const step: WorkflowStep = {
    incident: workflow.incident,
    ordinal: workflow.steps + 1,
    actor: 'system',
    at: now,
    action: 'escalate',
    from: workflow.state,
    to: workflow.state,
    note: '',
    data: { track: due.track, level: due.level, dueAt: due.dueAt },
  };
  return { workflow: applyStep(workflow, step), step };
}
