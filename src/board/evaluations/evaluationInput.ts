import { clashOf } from '../../alerts/evaluations/clash.js';
import { checkDraft, type EvaluationDraft, type EvaluationProblem } from '../../alerts/evaluations/draft.js';
import { type EvaluationId, type EvaluationSession, personId, type RosterPerson } from '../../core/evaluation.js';
import { type Language, translate } from '../../core/i18n/translate.js';
import { roomId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import type { BodyOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { AlertsLedger } from '../ledgerPort.js';

type Written = BodyOf<'addEvaluation'>;

/** A draft from what a form or another system sent. A person without an id keeps the one they had, by name, or gets one. */
export function draftOf(body: Written, before: readonly RosterPerson[] = []): EvaluationDraft {
  const { enterUntil, roster, ...rest } = body;
  return {
    project: rest.project,
    projectName: rest.projectName,
    rooms: rest.rooms.map(({ room, venue }) => ({ room: roomId(room), venue })),
    plannedStart: eventMs(rest.plannedStart),
    plannedEnd: eventMs(rest.plannedEnd),
    bidders: rest.bidders,
    signIn: rest.signIn.map((window) => ({ ...window, from: eventMs(window.from), to: eventMs(window.to) })),
    reentryAllowed: rest.reentryAllowed,
    roster: withIds(roster, before),
    ...(enterUntil === null ? {} : { enterUntil: eventMs(enterUntil) }),
  };
}

function withIds(written: Written['roster'], before: readonly RosterPerson[]): RosterPerson[] {
  const taken = new Set<string>([...written.map(({ id }) => id), ...before.map(({ id }) => id)]);
  let counter = 0;
  const fresh = (): string => {
    do counter += 1;
    while (taken.has(`P${counter}`));
    taken.add(`P${counter}`);
    return `P${counter}`;
  };
  return written.map(({ id, rooms, escort, reason, ...person }) => ({
    ...person,
    id: personId(id === '' ? fresh() : id),
    rooms: rooms.map(roomId),
    ...(person.role === 'exempt' ? { escort, reason } : {}),
  }));
}

/** What has to be known to say whether a draft may be saved. */
export interface DraftCheck {
  ledger: Pick<AlertsLedger, 'evaluations'>;
  hall: Hall;
  language: Language;
}

/** @throws ApiError bad-input with everything that is wrong, in the reader's language */
export function refuseFaults(draft: EvaluationDraft, session: EvaluationSession, check: DraftCheck): void {
  const { hall, language } = check;
  const rooms = new Set(hall.config.rooms.map(({ id }) => id));
  const problems = [...checkDraft(draft, rooms), ...clashProblem(session, check)];
  if (problems.length === 0) return;
  throw new ApiError('bad-input', { fields: problems.slice(0, 50).map((problem) => spoken(problem, language)) });
}

/** Another evaluation in the way, for people; the ledger refuses it again inside its transaction. */
export function clashProblem(session: EvaluationSession, { ledger, hall }: DraftCheck): EvaluationProblem[] {
  const others = session.rooms.flatMap(({ room }) => ledger.evaluations.pendingIn(room));
  const clash = clashOf(session, others);
  if (!clash) return [];
  const parameters = { room: hall.subject(clash.room).name, project: clash.with.project };
  return [{ path: 'rooms', key: 'evaluation.problem.clash', parameters }];
}

export const spoken = (
  { path, key, parameters }: EvaluationProblem,
  language: Language,
): { path: string; message: string } => ({ path, message: translate(language, key, parameters) });

/** @throws ApiError not-found */
export function evaluationOf(ledger: Pick<AlertsLedger, 'evaluations'>, id: string): EvaluationSession {
  const session = ledger.evaluations.get(id as EvaluationId);
  if (!session) throw new ApiError('not-found');
  return session;
}
