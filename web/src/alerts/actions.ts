import type { RouteName } from '../../../src/board/api/contract.js';
import { call } from '../api/call.js';
import type { IncidentDetail } from '../api/types.js';
import { takeIncident } from '../live/store.js';
import type { AppealState, Verdict } from '../text/workflow.js';

/** What a person can do with an incident, as the dialog collects it. */
export type Act =
  | { action: 'acknowledge' | 'start' | 'close' | 'answer' | 'reopen' | 'comment' | 'appeal'; note: string }
  | { action: 'verdict' | 'correct'; verdict: Verdict; reason: string; note: string }
  | { action: 'assign'; to: string; note: string }
  | { action: 'review'; outcome: 'accept' | 'return'; note: string }
  | { action: 'appeal-decide'; outcome: Exclude<AppealState, 'open'>; verdict?: Verdict; reason: string; note: string };

export type ActName = Act['action'];

const routes = {
  acknowledge: 'acknowledgeIncident',
  verdict: 'giveVerdict',
  assign: 'assignIncident',
  start: 'startIncident',
  answer: 'answerIncident',
  review: 'reviewIncident',
  close: 'closeIncident',
  reopen: 'reopenIncident',
  correct: 'correctIncident',
  comment: 'commentIncident',
  appeal: 'appealIncident',
  'appeal-decide': 'decideAppeal',
} as const satisfies Record<ActName, RouteName>;

/** Done by one press; the others ask for something first. */
export const ONE_PRESS: readonly ActName[] = ['acknowledge', 'start', 'close'];

export const isActName = (name: string): name is ActName => name in routes;

/**
 * Moves an incident's loop, on the state that is shown: somebody who moved first is answered with `conflict`.
 * @throws ApiError
 */
export async function perform(detail: IncidentDetail, { action, ...fields }: Act): Promise<IncidentDetail> {
  const { id, workflow } = detail.incident;
  // Each route's body is the fields of its act and the number of steps seen; the union of them is past the compiler.
  const body = { ifSteps: workflow.steps, ...fields } as never;
  const next = (await call(routes[action], { params: { id }, body })) as IncidentDetail;
  takeIncident(next.incident);
  return next;
}
