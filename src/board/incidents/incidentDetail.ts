import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import { allowedActions } from '../../alerts/workflow/stepWorkflow.js';
import type { WorkflowActionName } from '../../alerts/workflow/workflow.js';
import type { Clock } from '../../core/clock.js';
import type { Language } from '../../core/i18n/translate.js';
import { type EventMs, plusMs } from '../../core/time.js';
import type { Action } from '../access/actions.js';
import { authorize } from '../access/authorize.js';
import type { Principal } from '../access/objects.js';
import type { AnswerOf } from '../api/contract.js';
import type { BoardLedger } from '../ledgerPort.js';
import type { EvidencePort } from '../ports.js';
import type { ViewRegister } from '../viewRegister.js';
import type { IncidentIndex } from './incidentIndex.js';
import type { IncidentView } from './incidentView.js';
import { boxesByStep, mediaItem } from './media.js';
import type { People } from './people.js';
import { contextOf } from './workflowContext.js';

export type IncidentDetail = AnswerOf<'getIncident'>;

export interface DetailDeps {
  ledger: BoardLedger;
  view: IncidentView;
  index: IncidentIndex;
  people: People;
  views: ViewRegister;
  evidence: EvidencePort | undefined;
  clock: Clock;
  /** Whether the month of an instant is closed: verdicts are corrections then. */
  monthFrozen: (start: EventMs) => boolean;
}

export interface Reader {
  principal: Principal;
  language: Language;
}

const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 5 * 60_000;
const OBSERVED_KINDS = ['expected', 'staff', 'citizens', 'persons', 'desk', 'faces', 'phone', 'quiet'];

/** What stands beside the pictures and clips for those who check them. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['facts', 'clip-facts', 'record']);

/** The action of the policy behind each action of the loop. */
export const LOOP_POLICY: Record<WorkflowActionName, Action> = {
  acknowledge: 'incident.acknowledge',
  verdict: 'incident.verdict',
  assign: 'incident.assign',
  start: 'incident.answer',
  answer: 'incident.answer',
  review: 'incident.review',
  close: 'incident.close',
  reopen: 'incident.reopen',
  correct: 'incident.correct',
  comment: 'incident.comment',
  appeal: 'incident.appeal',
  'appeal-decide': 'incident.appeal-decide',
};

/** Everything about one incident, as one reader may see it. */
export async function incidentDetail(
  record: IncidentRecord,
  reader: Reader,
  deps: DetailDeps,
): Promise<IncidentDetail> {
  const { ledger, view } = deps;
  const spanFrom = plusMs(record.start, -BEFORE_MS);
  const spanTo = plusMs(record.start, view.endMs(record) - record.start + AFTER_MS);
  return {
    incident: view.summary(record, reader.language),
    steps: ledger.stepsOf(record.id).map(({ seq, step }) => ({
      seq,
      step: step.step,
      at: step.at,
      tier: step.tier,
      priority: step.priority,
    })),
    observations: ledger.observations
      .runsOf(record.subject, OBSERVED_KINDS, spanFrom, spanTo)
      .map(({ kind, firstAt, lastAt, value, reason }) => ({ kind, first: firstAt, last: lastAt, value, reason })),
    spanFrom,
    spanTo,
    rule: { name: record.rule, version: record.ruleVersion, parameters: record.parameters ?? {} },
    workflow: workflowPart(record, reader, deps),
    excuses: ledger.leaves
      .of(record.subject, record.start, plusMs(record.start, view.endMs(record) - record.start + 1))
      .map(({ kind, from, to, person = '', note }) => ({ kind, from, to, person, note })),
    media: await mediaPart(record, reader, deps),
  };
}

function workflowPart(record: IncidentRecord, reader: Reader, deps: DetailDeps): IncidentDetail['workflow'] {
  const steps = deps.ledger.workflowSteps.of(record.id);
  const object = deps.view.object(record);
  const context = contextOf({
    principal: reader.principal,
    about: object.about,
    at: deps.clock.now(),
    monthFrozen: deps.monthFrozen(record.start),
  });
  const allowed = allowedActions(deps.index.loopOf(record.id), context).filter(
    (action) => authorize(reader.principal, LOOP_POLICY[action], object).allowed,
  );
  return {
    steps: steps.map((step) => ({
      ordinal: step.ordinal,
      action: step.action,
      from: step.from,
      to: step.to,
      at: step.at,
      by: deps.people(step.actor, reader.language),
      note: step.note,
      data: step.data ?? {},
      hash: step.hash,
    })),
    allowed,
  };
}

async function mediaPart(
  record: IncidentRecord,
  { principal }: Reader,
  deps: DetailDeps,
): Promise<IncidentDetail['media']> {
  const { evidence, views } = deps;
  const decision = authorize(principal, 'incident.media', deps.view.object(record));
  const unavailable = { items: [], needsReason: false, granted: false, state: 'unavailable' } as const;
  if (!decision.allowed || !evidence) return { ...unavailable, items: [] };
  const snapshots = deps.ledger.snapshots.of(record.id);
  const boxes = await boxesByStep(snapshots, evidence);
  return {
    items: snapshots
      .filter(({ kind }) => !NOT_SHOWN.has(kind))
      .map((snapshot) => mediaItem(snapshot, snapshot.kind === 'plain' ? (boxes.get(snapshot.ordinal) ?? []) : [])),
    needsReason: decision.needsReason,
    granted: !decision.needsReason || views.grantedUntil(principal, mediaObject(record.id)) !== undefined,
    state: snapshots.length > 0 ? 'ready' : 'none',
    clips: deps.ledger.clips.of(record.id).map(({ ordinal, state, note }) => ({ ordinal, state, note })),
  };
}

/** The evidence of an incident as the viewing register names it. */
export const mediaObject = (incident: string): string => `incident:${incident}`;
