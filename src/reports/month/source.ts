import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { LeaveRecord } from '../../alerts/ledger/leaves.js';
import type { Ledger } from '../../alerts/ledger/openLedger.js';
import type { SeenRun } from '../../alerts/ledger/runs.js';
import { foldWorkflow } from '../../alerts/workflow/applyStep.js';
import type { AppealState, Correction, Verdict } from '../../alerts/workflow/workflow.js';
import type { Config } from '../../core/config/schema.js';
import { AppError } from '../../core/errors.js';
import type { EvaluationSession } from '../../core/evaluation.js';
import type { IncidentId, SubjectId } from '../../core/ids.js';
import type { RuleName } from '../../core/rule.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';

/** An incident with what people have made of it so far. */
export interface JudgedIncident {
  id: IncidentId;
  rule: RuleName;
  tier: number;
  subject: SubjectId;
  start: EventMs;
  /** Of one that is still open: the instant up to which the report knows. */
  end: EventMs;
  /** Null before anybody has judged it: then it counts nowhere. */
  verdict: Verdict | null;
  appeal: AppealState | null;
  /** When the ledger got it, and when people were done with it. */
  foundAt: WallMs;
  finishedAt: WallMs | undefined;
  /** Heard by the demonstration model alone. */
  demo: boolean;
  corrections: readonly Correction[];
}

/** A person serving at a window, `from <= t < to`; `to` null while it lasts. */
export interface PostSpan {
  user: string;
  window: string;
  from: number;
  to: number | null;
}

/** All that a month is made of. A small port over the ledger's read models; nothing here is a roll-up. */
export interface MonthSource {
  config: Config;
  /** Event time up to which the ledger knows; a month that is not over is reported up to here. */
  asOf: EventMs;
  /** By their first look. */
  runsOf(subject: SubjectId, kind: string, from: EventMs, to: EventMs): SeenRun[];
  /** The first look there ever was, so that a window added in mid-month is not called unseen before it existed. */
  firstLookOf(subject: SubjectId, kind: string): EventMs | undefined;
  /** Registered and not cancelled; standby too. */
  leavesOf(subject: SubjectId, from: EventMs, to: EventMs): LeaveRecord[];
  /** By start, `from <= start < to`. Gives other work a turn now and then. */
  incidents(from: EventMs, to: EventMs): Promise<JudgedIncident[]>;
  posts(): readonly PostSpan[];
  /** The name people know a user by; the id where the account is gone. */
  personName(user: string): string;
  evaluations(from: EventMs, to: EventMs): readonly EvaluationSession[];
}

/** The parts of the ledger a report reads. */
export type ReportLedger = Pick<
  Ledger,
  | 'observations'
  | 'incidents'
  | 'stepsOf'
  | 'workflowSteps'
  | 'leaves'
  | 'settings'
  | 'users'
  | 'months'
  | 'evaluations'
>;

export interface MonthSourceOptions {
  ledger: ReportLedger;
  config: Config;
  asOf: EventMs;
}

/** Incidents read in one turn: each with its steps. */
const PAGE = 100;
/** More evaluations than a building with 24 rooms holds in a month. */
const MOST_EVALUATIONS = 10_000;

/** Reads a month from the ledger. */
export function monthSource({ ledger, config, asOf }: MonthSourceOptions): MonthSource {
  return {
    config,
    asOf,
    evaluations: (from, to) => [...ledger.evaluations.list({ from, to, limit: MOST_EVALUATIONS })].reverse(),
    runsOf: (subject, kind, from, to) => ledger.observations.seenRuns(subject, kind, from, to),
    firstLookOf: (subject, kind) => ledger.observations.firstLookOf(subject, kind),
    leavesOf: (subject, from, to) => ledger.leaves.of(subject, from, to),
    incidents: (from, to) => incidentsOf(ledger, asOf, { from, to }),
    posts: () => postsOf(ledger),
    personName: (user) => ledger.users.get(user)?.displayName ?? user,
  };
}

async function incidentsOf(
  ledger: ReportLedger,
  asOf: EventMs,
  span: { from: EventMs; to: EventMs },
): Promise<JudgedIncident[]> {
  const found: JudgedIncident[] = [];
  let cursor: string | undefined;
  do {
    const page = ledger.incidents.list(span, { limit: PAGE, cursor });
    for (const record of page.items) {
      const foundAt = ledger.stepsOf(record.id)[0]?.recordedAt ?? wallMs(0);
      const workflow = foldWorkflow(record.id, foundAt, ledger.workflowSteps.of(record.id));
      const finished = workflow.state === 'closed' || workflow.state === 'false-alarm';
      found.push({
        ...{ id: record.id, rule: record.rule, tier: record.tier, subject: record.subject, start: record.start },
        end: record.end ?? eventMs(Math.max(record.start, asOf)),
        verdict: workflow.verdict?.verdict ?? null,
        appeal: workflow.appeal?.state ?? null,
        foundAt,
        finishedAt: finished ? workflow.since : undefined,
        demo: record.detail?.demo === true,
        corrections: workflow.corrections,
      });
    }
    cursor = page.next;
    await nextTurn();
  } while (cursor !== undefined);
  return found.reverse();
}

/** As the board keeps them under the setting `duty.posts`. */
const storedPosts = z.array(
  z.object({ user: z.string(), window: z.string(), from: z.number(), to: z.number().nullable() }),
);

function postsOf(ledger: Pick<ReportLedger, 'settings'>): PostSpan[] {
  const parsed = storedPosts.safeParse(ledger.settings.get('duty.posts') ?? []);
  if (!parsed.success) {
    throw new AppError('storage', 'setting duty.posts: not what the board wrote', {
      cause: parsed.error,
      hint: 'restore the ledger from a backup',
    });
  }
  return parsed.data;
}
