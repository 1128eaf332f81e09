import type { Language } from '../../core/i18n/translate.js';
import { type WindowId, windowId } from '../../core/ids.js';
import type { ServiceSession } from '../../core/service.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { deskRoutes } from '../api/contract/desks.js';
import type { AnswerOf } from '../api/contract.js';
import type { DeskPicture, DesksPort } from '../deskPort.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AlertsLedger } from '../ledgerPort.js';
import type { HearQueue } from '../ports.js';
import { actorOf } from './leaves.js';

export interface DeskAreaDeps {
  ledger: Pick<AlertsLedger, 'serviceSessions'>;
  hall: () => Hall;
  people: People;
  /** The hall's present. */
  now: () => EventMs;
  /** Undefined where no pipeline runs. */
  desks: DesksPort | undefined;
  hearQueue: HearQueue | undefined;
}

/** Fewer sessions than this say nothing of smiles. */
const ENOUGH = 20;
/** A queue event this far from the hall's present is of another day, or of a wrong clock. */
const MOST_OFF_MS = 10 * 60_000;

/** Desk standards and service sessions of windows, and the ear of the queue system. */
export function deskArea({ ledger, hall, people, now, desks, hearQueue }: DeskAreaDeps): HandlersOf<typeof deskRoutes> {
  const objectOf = ({ id }: { id: string }) => {
    if (!hall().window(id)) throw new ApiError('not-found');
    return { kind: 'subject', id, subjectKind: 'window' } as const;
  };
  const port = (): DesksPort => {
    if (!desks) throw new ApiError('unavailable');
    return desks;
  };
  const stateOf = (id: string, language: Language): AnswerOf<'getDesk'> => {
    const state = port().state(windowId(id));
    if (!state) return { drawn: false, lookedAt: null, collecting: null, references: [], untidy: [], standard: null };
    const view = ({ id: number, source, at, by, addedAt }: DeskPicture) => ({
      ...{ id: String(number), source, at, by: people(by, language), addedAt },
    });
    const { standard } = state;
    return {
      ...{ drawn: true, lookedAt: state.lookedAt, collecting: state.collecting },
      references: state.pictures.filter(({ source }) => source !== 'untidy').map(view),
      untidy: state.pictures.filter(({ source }) => source === 'untidy').map(view),
      standard: standard && { ...standard, by: people(standard.by, language) },
    };
  };

  return {
    getDesk: { object: objectOf, handle: ({ params: { id }, language }) => stateOf(id, language) },
    setDeskReference: {
      object: objectOf,
      handle: async (call) => ({
        id: String(await port().setReference(windowId(call.params.id), actorOf(call), call.body.as)),
      }),
    },
    collectDeskReferences: {
      object: objectOf,
      handle: (call) => ({ until: port().collect(windowId(call.params.id), call.body.minutes, actorOf(call)) }),
    },
    removeDeskPicture: {
      handle(call) {
        if (!port().remove(numberOf(call.params.id), actorOf(call))) throw new ApiError('not-found');
        return { ok: true };
      },
    },
    getDeskPicture: {
      handle({ params: { id }, response }) {
        const picture = port().picture(numberOf(id));
        if (!picture) throw new ApiError('not-found');
        response.setHeader('Cache-Control', 'private, max-age=86400');
        response.type('image/jpeg').send(Buffer.from(picture.jpeg));
      },
    },
    putDeskStandard: {
      object: objectOf,
      handle(call) {
        const { id } = call.params;
        const { type = '' } = hall().window(id)!;
        if (call.body.for === 'type' && type === '') {
          throw new ApiError('bad-input', { fields: [{ path: 'for', message: 'the window has no type' }] });
        }
        const scope = call.body.for === 'type' ? `type:${type}` : id;
        return { scope, version: port().saveStandard({ scope, text: call.body.text, by: actorOf(call) }) };
      },
    },
    listServiceSessions: {
      object: objectOf,
      handle({ params: { id }, query }) {
        const sessions = ledger.serviceSessions.list(windowId(id), eventMs(query.from), eventMs(query.to));
        const items = sessions.map(({ steps: _steps, smile: _smile, ...session }) => session);
        return { items: items.slice(-1000), sums: sumsOf(sessions) };
      },
    },
    hearQueue: {
      async handle({ body }) {
        if (!hearQueue) throw new ApiError('unavailable');
        const window: WindowId = windowId(body.window);
        if (!hall().window(window)) throw new ApiError('not-found');
        const present = now();
        const at = eventMs(body.at ?? present);
        if (Math.abs(at - present) > MOST_OFF_MS) {
          throw new ApiError('bad-input', { fields: [{ path: 'at', message: 'more than 10 minutes from now' }] });
        }
        await hearQueue({ window, event: body.event, ticket: body.ticket, at });
        return { ok: true };
      },
    },
  };
}

function numberOf(id: string): number {
  if (!/^\d{1,9}$/.test(id)) throw new ApiError('not-found');
  return Number(id);
}

/** Counts and medians; the smile's share only with its n, and not below `ENOUGH`. */
function sumsOf(sessions: readonly ServiceSession[]): AnswerOf<'listServiceSessions'>['sums'] {
  const served = sessions.filter(({ kind }) => kind === 'served');
  const judged = served.flatMap(({ smile }) => (smile && smile.faceMs > 0 ? [smile] : []));
  const counted = served.some(({ smile }) => smile !== undefined);
  const faceMs = judged.reduce((sum, { faceMs: ms }) => sum + ms, 0);
  const smileMs = judged.reduce((sum, { smileMs: ms }) => sum + ms, 0);
  const enough = judged.length >= ENOUGH;
  return {
    served: served.length,
    abandoned: sessions.length - served.length,
    medianWaitMs: median(served.map(({ waitMs }) => waitMs)),
    medianServiceMs: median(served.map(({ serviceMs }) => serviceMs)),
    smile: {
      state: counted ? (enough ? 'ready' : 'not-enough') : 'off',
      n: judged.length,
      share: enough ? smileMs / faceMs : null,
    },
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : Math.round((sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2);
}
