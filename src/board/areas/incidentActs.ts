import { setImmediate } from 'node:timers/promises';
import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import type { WorkflowAction } from '../../alerts/workflow/actions.js';
import { stepWorkflow } from '../../alerts/workflow/stepWorkflow.js';
import type { Workflow } from '../../alerts/workflow/workflow.js';
import { isMessageKey, translate } from '../../core/i18n/translate.js';
import type { IncidentId } from '../../core/ids.js';
import { authorize } from '../access/authorize.js';
import type { loopRoutes } from '../api/contract/loop.js';
import type { BodyOf } from '../api/contract.js';
import { ApiError, type ApiErrorCode, toApiError } from '../http/apiError.js';
import type { Call, HandlersOf } from '../http/call.js';
import type { EventStream } from '../http/eventStream.js';
import { errorAnswer } from '../http/sendError.js';
import { type DetailDeps, type IncidentDetail, incidentDetail, LOOP_POLICY } from '../incidents/incidentDetail.js';
import { readWorkflow } from '../incidents/incidentIndex.js';
import { contextOf } from '../incidents/workflowContext.js';

export interface ActDeps extends DetailDeps {
  events: EventStream;
}

type ActRoutes = typeof loopRoutes;

/** What a route carries, as the workflow knows it: evidence is attached by the product, not by the page. */
type Wish = WorkflowAction extends infer A ? (A extends WorkflowAction ? Omit<A, 'evidence'> : never) : never;

/** What people do with incidents. Every step is checked by the loop, chained in the ledger, and told to all browsers. */
export function incidentActs(deps: ActDeps): HandlersOf<ActRoutes> {
  const object = ({ id }: { id: string }) => deps.view.object(existing(id, deps));
  type ActRoute = Exclude<keyof ActRoutes, 'bulkIncidents'>;
  const acting = <R extends ActRoute>(wishOf: (body: BodyOf<R>) => Wish) => ({
    object,
    handle(call: Call<R>): Promise<IncidentDetail> {
      const { ifSteps } = call.body as { ifSteps: number };
      const record = existing((call.params as { id: string }).id, deps);
      take({ record, wish: wishOf(call.body), caller: call, ifSteps }, deps);
      return incidentDetail(existing(record.id, deps), call, deps);
    },
  });
  return {
    acknowledgeIncident: acting<'acknowledgeIncident'>(({ note }) => ({ action: 'acknowledge', note })),
    giveVerdict: acting<'giveVerdict'>(({ verdict, reason, note }) => ({ action: 'verdict', verdict, reason, note })),
    assignIncident: acting<'assignIncident'>(({ to, note }) => ({ action: 'assign', to: assignable(to, deps), note })),
    startIncident: acting<'startIncident'>(({ note }) => ({ action: 'start', note })),
    answerIncident: acting<'answerIncident'>(({ note }) => ({ action: 'answer', note })),
    reviewIncident: acting<'reviewIncident'>(({ outcome, note }) => ({ action: 'review', outcome, note })),
    closeIncident: acting<'closeIncident'>(({ note }) => ({ action: 'close', note })),
    reopenIncident: acting<'reopenIncident'>(({ note }) => ({ action: 'reopen', note })),
    correctIncident: acting<'correctIncident'>(({ verdict, reason, note }) => ({
      action: 'correct',
      verdict,
      reason,
      note,
    })),
    commentIncident: acting<'commentIncident'>(({ note }) => ({ action: 'comment', note })),
    appealIncident: acting<'appealIncident'>(({ note }) => ({ action: 'appeal', note })),
    decideAppeal: acting<'decideAppeal'>(({ outcome, verdict, reason, note }) => ({
      action: 'appeal-decide',
      outcome,
      verdict,
      reason,
      note,
    })),
    bulkIncidents: { handle: (call) => bulk(call, deps) },
  };
}

async function bulk(call: Call<'bulkIncidents'>, deps: ActDeps) {
  const wish: Wish = call.body.act;
  const done: string[] = [];
  const failed: Array<{ id: string; code: ApiErrorCode; message: string }> = [];
  for (const id of new Set(call.body.ids)) {
    // Each step waits for the disk: let cameras and other people in between.
    await setImmediate();
    try {
      const record = existing(id, deps);
      if (!authorize(call.principal, LOOP_POLICY[wish.action], deps.view.object(record)).allowed) {
        throw new ApiError('forbidden');
      }
      if (wish.action === 'assign') assignable(wish.to, deps);
      take({ record, wish, caller: call, ifSteps: undefined }, deps);
      done.push(id);
    } catch (thrown) {
      const error = toApiError(thrown);
      // A full disk or a fault of ours will not get better with the next one.
      if (error.code === 'internal' || error.code === 'disk-full') throw thrown;
      const { message } = errorAnswer(error, call.language, '').error;
      failed.push({ id, code: error.code, message: error.facts.fields?.[0]?.message ?? message });
    }
  }
  return { done, failed };
}

interface Taken {
  record: IncidentRecord;
  wish: Wish;
  caller: Pick<Call<'acknowledgeIncident'>, 'principal' | 'language'>;
  /** Steps the person had seen; undefined takes it as it is now. */
  ifSteps: number | undefined;
}

/** @throws ApiError conflict, not-allowed-now */
function take({ record, wish, caller, ifSteps }: Taken, deps: ActDeps): void {
  const { ledger, view, index, events } = deps;
  const workflow = readWorkflow(ledger, record.id);
  if (ifSteps !== undefined && movedSince(record.id, ifSteps, deps)) throw new ApiError('conflict');
  const context = contextOf({
    principal: caller.principal,
    about: view.object(record).about,
    at: deps.clock.now(),
    monthFrozen: deps.monthFrozen(record.start),
  });
  const outcome = stepWorkflow(workflow, { ...wish, evidence: [] }, context);
  if (outcome.type === 'refused') {
    const key = `workflow.refusal.${outcome.reason}`;
    const message = isMessageKey(key) ? translate(caller.language, key) : outcome.reason;
    throw new ApiError('not-allowed-now', { fields: [{ path: outcome.reason, message }] });
  }
  if (ledger.workflowSteps.append(outcome.step).outcome === 'conflict') throw new ApiError('conflict');
  keepExcuse(record.id, { before: workflow.verdict, after: outcome.workflow.verdict, note: wish.note }, deps);
  index.refresh(record.id);
  events.workflowMoved(record.id);
}

/** The incident carries its excuse as long as the verdict in force excuses it, and no longer. */
function keepExcuse(
  id: IncidentId,
  { before, after, note }: { before: Workflow['verdict']; after: Workflow['verdict']; note: string },
  { ledger, clock }: ActDeps,
): void {
  const was = before?.verdict === 'excused' ? before.reason : undefined;
  const excuse = after?.verdict === 'excused' ? after : undefined;
  if (excuse?.reason === was) return;
  ledger.incidents.excuse(id, excuse && { kind: excuse.reason, note, by: excuse.by, at: clock.now() });
}

/** Whether a person did something after the steps that were shown. A deadline that passed meanwhile takes nothing away. */
function movedSince(id: IncidentId, shown: number, { ledger }: Pick<ActDeps, 'ledger'>): boolean {
  const steps = ledger.workflowSteps.of(id);
  return shown > steps.length || steps.slice(shown).some((step) => step.action !== 'escalate');
}

export function existing(id: string, { index }: Pick<ActDeps, 'index'>): IncidentRecord {
  const record = index.get(id as IncidentId);
  if (!record) throw new ApiError('not-found');
  return record;
}

function assignable(user: string, { ledger }: Pick<ActDeps, 'ledger'>): string {
  const found = ledger.users.get(user);
  if (!found || found.disabled)
    throw new ApiError('bad-input', { fields: [{ path: 'to', message: 'no such person' }] });
  return user;
}
