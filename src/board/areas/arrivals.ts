import { judgeArrival } from '../../alerts/evaluations/arrival.js';
import type { SignInRecord, SignInWay } from '../../alerts/ledger/signIns.js';
import type { EvaluationSession, RosterPerson } from '../../core/evaluation.js';
import { isMessageKey, type Language, translate } from '../../core/i18n/translate.js';
import { roomId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';
import type { evaluationRoutes } from '../api/contract/evaluations.js';
import type { AnswerOf } from '../api/contract.js';
import { evaluationOf } from '../evaluations/evaluationInput.js';
import { arrivalFacts, type EvaluationView } from '../evaluations/evaluationView.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AlertsLedger } from '../ledgerPort.js';
import type { ArrivalPhotoPort, FacesPort, IdentifiedPhoto } from '../roomPorts.js';
import { actorOf } from './leaves.js';

export interface ArrivalAreaDeps {
  ledger: Pick<AlertsLedger, 'evaluations' | 'evaluationEntries' | 'signIns'>;
  people: People;
  now: () => EventMs;
  evaluations: EvaluationView;
  faces: FacesPort | undefined;
  arrivalPhotos: ArrivalPhotoPort | undefined;
}

type ArrivalRoutes = Pick<
  typeof evaluationRoutes,
  'enterRoom' | 'leaveRoom' | 'enrolFace' | 'forgetFace' | 'signInByPhoto' | 'signInManually' | 'getArrivalPhoto'
>;

/** Who comes: faces for the roster, sign-in by photo or by hand, entries of exempt persons. */
export function arrivalArea(deps: ArrivalAreaDeps): HandlersOf<ArrivalRoutes> {
  const { ledger, now, evaluations: view } = deps;
  return {
    enterRoom: {
      handle(call) {
        const { body, language } = call;
        const session = running(deps, call.params.id, language);
        const person = personOf(session, body.person);
        if (person.role !== 'exempt' || !session.rooms.some(({ room }) => room === body.room)) {
          throw new ApiError('bad-input', { fields: [{ path: 'person', message: body.person }] });
        }
        const { escort, reason } = body;
        const place = { evaluation: session.id, room: roomId(body.room), person: person.id, enteredAt: now() };
        ledger.evaluationEntries.enter({ ...place, escort, reason, by: actorOf(call) });
        return view.detail(session, language);
      },
    },
    leaveRoom: {
      handle(call) {
        const session = evaluationOf(ledger, call.params.id);
        const entry = ledger.evaluationEntries.get(numberIn(call.params.entry));
        if (entry?.evaluation !== session.id) throw new ApiError('not-found');
        if (!ledger.evaluationEntries.leave(entry.id, now(), actorOf(call))) throw new ApiError('conflict');
        return view.detail(session, call.language);
      },
    },
    ...faceHandlers(deps),
    ...signInHandlers(deps),
  };
}

function faceHandlers(deps: ArrivalAreaDeps) {
  const handlers: Pick<HandlersOf<ArrivalRoutes>, 'enrolFace' | 'forgetFace'> = {
    enrolFace: {
      async handle(call) {
        const faces = facesOf(deps);
        const { params, language, signal } = call;
        const session = evaluationOf(deps.ledger, params.id);
        if (session.state === 'closed') throw refused('evaluation.refused.closed', language);
        const { id: person } = personOf(session, params.person);
        const target = { list: session.id, person, by: actorOf(call) };
        const { verdict, used } = await faces.enrol(target, bytesOf(call.body.photo), signal);
        const photos = [...(faces.photos(session.id).get(person) ?? [])];
        return { verdict, message: wordOf(verdict, language), used, photos };
      },
    },
    forgetFace: {
      handle({ params }) {
        const session = evaluationOf(deps.ledger, params.id);
        return { removed: facesOf(deps).forget(session.id, personOf(session, params.person).id) };
      },
    },
  };
  return handlers;
}

function signInHandlers(deps: ArrivalAreaDeps) {
  const { ledger, people, now, evaluations: view, arrivalPhotos } = deps;
  const record = async (session: EvaluationSession, arriving: Arriving): Promise<SignInRecord> => {
    const { person, photo, ...rest } = arriving;
    const saved = photo && arrivalPhotos ? await arrivalPhotos.save(session.id, photo) : undefined;
    const at = now();
    const before = ledger.signIns.of(session.id).filter((other) => other.person === person.id);
    const judged = judgeArrival(
      { person, at },
      session.signIn,
      before.map((other) => other.at),
    );
    const entry = { list: session.id, person: person.id, at, ...judged, ...rest };
    return ledger.signIns.add({ ...entry, ...(saved && { photo: saved }) });
  };

  const handlers: Pick<HandlersOf<ArrivalRoutes>, 'signInByPhoto' | 'signInManually' | 'getArrivalPhoto'> = {
    signInByPhoto: {
      async handle(call) {
        const { language } = call;
        const session = notClosed(deps, call.params.id, language);
        const photo = bytesOf(call.body.photo);
        const seen = await facesOf(deps).identify(session.id, photo, call.signal);
        const person = seen.outcome === 'rostered' ? session.roster.find(({ id }) => id === seen.person) : undefined;
        if (!person) return answerOf(seen, { language, arrival: null });
        const { similarity, liveness } = seen;
        const measured = {
          ...(similarity !== undefined && { similarity }),
          ...(liveness !== undefined && { liveness }),
        };
        const by = actorOf(call);
        const arrival = await record(session, { person, photo, way: 'photo', by, ...measured });
        const named = { ...arrivalFacts(arrival), name: person.name, by: people(by, language) };
        return answerOf(seen, { language, arrival: named });
      },
    },
    signInManually: {
      async handle(call) {
        if (!arrivalPhotos) throw new ApiError('unavailable');
        const session = notClosed(deps, call.params.id, call.language);
        const person = personOf(session, call.body.person);
        const { photo, note } = call.body;
        await record(session, { person, photo: bytesOf(photo), way: 'manual', by: actorOf(call), note });
        return view.detail(session, call.language);
      },
    },
    getArrivalPhoto: {
      handle({ params, response }) {
        const arrival = ledger.signIns.get(numberIn(params.arrival));
        if (!arrivalPhotos || !arrival?.photo || arrival.list !== params.id) throw new ApiError('not-found');
        const jpeg = arrivalPhotos.read(arrival.photo.path, arrival.photo.sha256);
        response.setHeader('Cache-Control', 'no-store');
        response.type('image/jpeg').send(Buffer.from(jpeg));
      },
    },
  };
  return handlers;
}

interface Arriving {
  person: RosterPerson;
  photo?: Uint8Array;
  way: SignInWay;
  by: string;
  note?: string;
  similarity?: number;
  liveness?: number;
}

function answerOf(
  seen: IdentifiedPhoto,
  { language, arrival }: { language: Language; arrival: AnswerOf<'signInByPhoto'>['arrival'] },
): AnswerOf<'signInByPhoto'> {
  const undecided = seen.outcome === 'unidentified' && seen.verdict !== 'good';
  return {
    outcome: arrival ? 'rostered' : seen.outcome === 'rostered' ? 'unidentified' : seen.outcome,
    verdict: seen.verdict,
    message: undecided ? wordOf(seen.verdict, language) : translate(language, `faces.outcome.${seen.outcome}`),
    similarity: seen.similarity ?? null,
    liveness: seen.liveness ?? null,
    livenessNote: translate(language, 'evaluation.liveness'),
    arrival,
  };
}

const refused = (why: 'evaluation.refused.closed' | 'evaluation.refused.not-open', language: Language): ApiError =>
  new ApiError('not-allowed-now', { fields: [{ path: '', message: translate(language, why) }] });

function notClosed({ ledger }: ArrivalAreaDeps, id: string, language: Language): EvaluationSession {
  const session = evaluationOf(ledger, id);
  if (session.state === 'closed') throw refused('evaluation.refused.closed', language);
  return session;
}

function running({ ledger }: ArrivalAreaDeps, id: string, language: Language): EvaluationSession {
  const session = evaluationOf(ledger, id);
  if (session.state !== 'open') throw refused('evaluation.refused.not-open', language);
  return session;
}

function personOf(session: EvaluationSession, id: string): RosterPerson {
  const person = session.roster.find((candidate) => candidate.id === id);
  if (!person) throw new ApiError('not-found');
  return person;
}

function facesOf({ faces }: ArrivalAreaDeps): FacesPort {
  if (!faces?.enabled()) throw new ApiError('unavailable');
  return faces;
}

/** The verdict of a photo for people. */
export function wordOf(verdict: string, language: Language): string {
  const key = `faces.enrol.${verdict}`;
  return isMessageKey(key) ? translate(language, key) : verdict;
}

/** The bytes of a photo sent in base64, with or without its `data:` head. */
export const bytesOf = (base64: string): Uint8Array => Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');

function numberIn(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new ApiError('not-found');
  return Number(text);
}
