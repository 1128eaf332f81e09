import type { z } from 'zod';
import type { JsonValue } from '../../alerts/ledger/json.js';
import type { StoredStep } from '../../alerts/ledger/steps.js';
import type { Clock } from '../../core/clock.js';
import type { Language } from '../../core/i18n/translate.js';
import type { IncidentId } from '../../core/ids.js';
import type { LiveHub } from '../../core/live.js';
import { authorize } from '../access/authorize.js';
import { NO_OBJECT, type Principal } from '../access/objects.js';
import { floorplan, type hallClock, type liveRoutes } from '../api/contract/live.js';
import type { AnswerOf } from '../api/contract.js';
import type { LiveView } from '../hall/liveView.js';
import type { Caller, HandlersOf } from '../http/call.js';
import { type CallerDeps, stillSignedIn } from '../http/caller.js';
import type { EventStream, EventView } from '../http/eventStream.js';
import { findIncidents, mayRead, type QueryDeps } from '../incidents/incidentQuery.js';
import type { BoardLedger } from '../ledgerPort.js';
import type { SystemPort } from '../ports.js';

type HallClock = z.output<typeof hallClock>;

export interface LiveAreaDeps extends QueryDeps {
  ledger: BoardLedger;
  liveView: LiveView;
  events: EventStream;
  caller: CallerDeps;
  live: Pick<LiveHub, 'snapshot'>;
  system: SystemPort;
  clock: Clock;
}

const FLOORPLAN_KEY = 'board.floorplan';
const MOST_OPEN = 500;

/** The hall as it is now, its changes, and the floor plan it is drawn on. */
export function liveArea(deps: LiveAreaDeps): HandlersOf<typeof liveRoutes> {
  const { ledger, events } = deps;
  return {
    getLive: { handle: ({ principal, language }) => liveState(principal, language, ledger.lastSeq(), deps) },
    streamEvents: {
      handle(call) {
        const lastId = call.request.get('last-event-id');
        const after = lastId !== undefined && /^\d{1,15}$/.test(lastId) ? Number(lastId) : call.query.after;
        const alive = (): boolean => stillSignedIn(call, deps.caller);
        events.open(call.response, { ...eventView(call, deps), alive }, after);
      },
    },
    listAlertSteps: {
      handle({ query, principal, language }) {
        const steps = ledger.stepsAfter(query.after, query.limit);
        const items = steps.flatMap((stored) => seqStep(stored, { principal, language }, deps) ?? []);
        return { items, last: steps.at(-1)?.seq ?? query.after, more: steps.length === query.limit };
      },
    },
    getFloorplan: { handle: () => floorplan.parse(ledger.settings.get(FLOORPLAN_KEY) ?? { areas: [] }) },
    putFloorplan: {
      handle({ body }) {
        ledger.settings.set(FLOORPLAN_KEY, body as unknown as JsonValue);
        return { ok: true };
      },
    },
  };
}

type Reader = Pick<Caller, 'principal' | 'language'>;

const seesRooms = (principal: Principal): boolean => authorize(principal, 'room.list', NO_OBJECT).allowed;

/** Event time, the server's clock, and whether the hall is played. */
export function hallClockNow({ live, clock, system }: Pick<LiveAreaDeps, 'live' | 'clock' | 'system'>): HallClock {
  const { at } = live.snapshot();
  const simulated = system.simulated?.();
  return {
    at,
    now: clock.now(),
    simulated: simulated
      ? { catchingUp: simulated.catchingUp, behindMs: Math.round(simulated.behindMs), speed: simulated.speed }
      : null,
  };
}

function liveState(principal: Principal, language: Language, seq: number, deps: LiveAreaDeps): AnswerOf<'getLive'> {
  const all = deps.liveView.all();
  const query = { offset: 0, limit: MOST_OPEN, state: 'active', sort: 'urgent' } as const;
  return {
    ...hallClockNow(deps),
    ...all,
    rooms: seesRooms(principal) ? all.rooms : [],
    seq,
    open: findIncidents(query, principal, deps)
      .slice(0, MOST_OPEN)
      .map((record) => deps.view.summary(record, language)),
  };
}

/** A step with its incident, where this reader may see it. */
function seqStep({ seq, step }: StoredStep, { principal, language }: Reader, { index, view }: LiveAreaDeps) {
  const record = index.get(step.id);
  if (!record || !mayRead(principal, record, view)) return undefined;
  return { seq, step, incident: view.summary(record, language) };
}

function eventView({ principal, language }: Reader, deps: LiveAreaDeps): Omit<EventView, 'alive'> {
  const { liveView, index, view } = deps;
  const rooms = seesRooms(principal);
  return {
    snapshot: (seq) => liveState(principal, language, seq, deps),
    change(change) {
      switch (change.type) {
        case 'window':
          return liveView.window(change.window);
        case 'room':
          return rooms ? liveView.room(change.room) : undefined;
        case 'camera':
          return liveView.camera(change.camera);
      }
    },
    step: (stored) => seqStep(stored, { principal, language }, deps),
    workflow(incident: IncidentId) {
      const record = index.get(incident);
      return record && mayRead(principal, record, view) ? view.summary(record, language) : undefined;
    },
  };
}
