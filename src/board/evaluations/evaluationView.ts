import { overlapsOf } from '../../alerts/evaluations/lobbyOverlap.js';
import type { EvaluationEntry } from '../../alerts/ledger/evaluationEntries.js';
import type { SignInRecord } from '../../alerts/ledger/signIns.js';
import type { Config } from '../../core/config/schema.js';
import type { EvaluationSession, PersonId } from '../../core/evaluation.js';
import type { Language } from '../../core/i18n/translate.js';
import { plusMs } from '../../core/time.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger, AlertsLedger } from '../ledgerPort.js';
import type { FacesPort } from '../roomPorts.js';

type Summary = AnswerOf<'listEvaluations'>['items'][number];
type Detail = AnswerOf<'getEvaluation'>;

export interface EvaluationViewDeps {
  ledger: Pick<AlertsLedger, 'evaluations' | 'evaluationEntries' | 'signIns'> & Pick<AccountsLedger, 'audit'>;
  hall: () => Hall;
  people: People;
  /** Undefined where the service runs without networks. */
  faces: FacesPort | undefined;
}

/** What the audit log calls the deletion of an evaluation's templates. */
const TEMPLATES_DELETED = 'face-templates.deleted';

/** Evaluations as the API shows them. */
export function evaluationView({ ledger, hall, people, faces }: EvaluationViewDeps) {
  const summary = (session: EvaluationSession): Summary => {
    const arrived = new Set(ledger.signIns.of(session.id).map(({ person }) => person));
    const photos = faces?.photos(session.id) ?? new Map();
    return {
      id: session.id,
      project: session.project,
      projectName: session.projectName,
      rooms: session.rooms.map(({ room, venue }) => ({ room, venue, name: hall().subject(room).name })),
      plannedStart: session.plannedStart,
      plannedEnd: session.plannedEnd,
      state: session.state,
      openedAt: session.openedAt ?? null,
      closedAt: session.closedAt ?? null,
      experts: session.roster.filter(({ role }) => role === 'expert').length,
      exempt: session.roster.filter(({ role }) => role === 'exempt').length,
      enrolled: session.roster.filter(({ id }) => photos.has(id)).length,
      arrived: session.roster.filter(({ id }) => arrived.has(id)).length,
      version: session.version,
    };
  };

  const detail = (session: EvaluationSession, language: Language): Detail => {
    const signIns = ledger.signIns.of(session.id);
    const nameOf = (id: PersonId): string => session.roster.find((person) => person.id === id)?.name ?? id;
    return {
      ...summary(session),
      roster: rosterOf(session, signIns, faces?.photos(session.id) ?? new Map()),
      bidders: session.bidders,
      signIn: session.signIn,
      enterUntil: session.enterUntil ?? null,
      reentryAllowed: session.reentryAllowed,
      entries: ledger.evaluationEntries
        .of(session.id)
        .map((entry) => entryOf(entry, { name: nameOf(entry.person), by: people(entry.by, language) })),
      arrivals: signIns.map((arrival) => ({
        ...arrivalFacts(arrival),
        name: nameOf(arrival.person),
        by: people(arrival.by, language),
      })),
      overlaps: overlapsIn(session, signIns, hall().config.rules.signIn),
      changes: ledger.evaluations.history(session.id).map((change) => ({
        version: change.version,
        at: change.at,
        by: people(change.by, language),
        action: change.action,
        note: change.note,
        people: change.session.roster.length,
      })),
      faces: faces === undefined ? 'unavailable' : faces.enabled() ? 'on' : 'off',
      deletion: deletionOf(session.id, ledger),
    };
  };
  return { summary, detail };
}

export type EvaluationView = ReturnType<typeof evaluationView>;

function rosterOf(
  session: EvaluationSession,
  signIns: readonly SignInRecord[],
  photos: ReadonlyMap<PersonId, readonly string[]>,
): Detail['roster'] {
  const first = new Map<PersonId, SignInRecord>();
  for (const arrival of signIns) if (!first.has(arrival.person)) first.set(arrival.person, arrival);
  return session.roster.map((person) => ({
    id: person.id,
    name: person.name,
    role: person.role,
    category: person.category,
    batch: person.batch,
    rooms: person.rooms,
    escort: person.escort ?? '',
    reason: person.reason ?? '',
    photos: [...(photos.get(person.id) ?? [])],
    arrivedAt: first.get(person.id)?.at ?? null,
    arrival: first.get(person.id)?.verdict ?? null,
  }));
}

interface Named {
  name: string;
  by: { id: string; name: string };
}

const entryOf = (entry: EvaluationEntry, named: Named): Detail['entries'][number] => ({
  id: String(entry.id),
  person: entry.person,
  room: entry.room,
  enteredAt: entry.enteredAt,
  leftAt: entry.leftAt ?? null,
  escort: entry.escort,
  reason: entry.reason,
  ...named,
});

/** One arrival without names, which need the roster and the reader's language. */
export const arrivalFacts = (arrival: SignInRecord): Omit<Detail['arrivals'][number], 'name' | 'by'> => ({
  id: String(arrival.id),
  person: arrival.person,
  at: arrival.at,
  way: arrival.way,
  verdict: arrival.verdict,
  offMs: arrival.offMs,
  duplicate: arrival.duplicate,
  similarity: arrival.similarity ?? null,
  liveness: arrival.liveness ?? null,
  camera: arrival.camera ?? null,
  photo: arrival.photo !== undefined,
  note: arrival.note,
});

/** Only where the evaluation asks for staggered sign-in: with one window for all, everybody may meet. */
function overlapsIn(
  session: EvaluationSession,
  signIns: readonly SignInRecord[],
  { overlapFor, atEntrance }: Config['rules']['signIn'],
): Detail['overlaps'] {
  if (session.signIn.every(({ category }) => category === '')) return [];
  const categoryOf = new Map(session.roster.map(({ id, category }) => [id, category]));
  const stays = signIns.flatMap(({ person, at }) => {
    const category = categoryOf.get(person);
    return category === undefined || category === '' ? [] : [{ category, from: at, to: plusMs(at, atEntrance) }];
  });
  return overlapsOf(stays, overlapFor);
}

function deletionOf(id: string, ledger: EvaluationViewDeps['ledger']): Detail['deletion'] {
  const [entry] = ledger.audit.list({ action: TEMPLATES_DELETED, object: `evaluation:${id}`, limit: 1 });
  if (!entry) return null;
  const { templates = 0, persons = 0, idsSha256 = '', leftInLedger = 0, key } = entry.detail ?? {};
  return {
    at: entry.at,
    templates: Number(templates),
    persons: Number(persons),
    idsSha256: String(idsSha256),
    leftInLedger: Number(leftInLedger),
    key: key === 'destroyed' ? 'destroyed' : 'none',
    auditSeq: entry.seq,
  };
}
