import type { WindowId } from '../../core/ids.js';
import type { Observation } from '../../core/observation.js';
import type { ServiceEnd, ServiceSession, ServiceStep } from '../../core/service.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** What makes a session, milliseconds. */
export interface SessionOptions {
  window: WindowId;
  /** A citizen with staff for this long is served. */
  beginAfter: number;
  /** Gone for this long, the session has ended. */
  endAfter: number;
  /** Unknown for this long, it ends where it was last seen. */
  lostAfter: number;
  /** A look holds this long. */
  staleAfter: number;
  /** A look at faces holds this long; undefined where smiles are not counted. */
  smileHold?: number;
}

interface Visit {
  /** When the citizen came. */
  came: EventMs;
  /** When the citizen was last seen. */
  seen: EventMs;
  /** When citizen and staff were first together; null while the citizen waits. */
  met: EventMs | null;
  togetherMs: number;
  /** Time without staff before they met. */
  waitMs: number;
  unknownMs: number;
  /** Time in which nobody was there, since `seen`. */
  goneMs: number;
  blindMs: number;
  byQueue: boolean;
  ticket: string | null;
  steps: ServiceStep[];
  faceMs: number;
  smileMs: number;
}

/** What is remembered of one window; plain JSON. */
export interface SessionState {
  at: EventMs | null;
  citizens: number | 'unknown';
  staff: number | 'unknown';
  lookedAt: EventMs | null;
  smile: { at: EventMs; value: boolean } | null;
  /** The queue system has ended the service of who is still there: packing up begins no new visit. */
  leaving: boolean;
  visit: Visit | null;
}

export const initialSession: SessionState = {
  at: null,
  citizens: 'unknown',
  staff: 'unknown',
  lookedAt: null,
  smile: null,
  leaving: false,
  visit: null,
};

/**
 * Makes service sessions of one window's looks: pure, event time only. A visit begins with the first sight of a citizen and
 * ends when none was seen for `endAfter`; it is a service once citizen and staff were together for `beginAfter`, an
 * abandoned wait where the citizen stayed that long and they never were. The queue system's call and end, where they
 * come, set the bounds instead; who stays on after its end begins a new visit only once nobody was seen or somebody is
 * called. Reads `citizens`, `staff`, `queue`, `smile` and `tick`.
 */
export function stepSession(
  state: SessionState,
  observation: Observation,
  options: SessionOptions,
): [SessionState, ServiceSession[]] {
  const draft: SessionState = { ...state, visit: state.visit && { ...state.visit, steps: [...state.visit.steps] } };
  const at = eventMs(Math.round(observation.at));
  const sessions = pass(draft, at, options);
  const { kind, value } = observation;
  if (kind === 'citizens' || kind === 'staff') {
    const count = value === 'unknown' ? 'unknown' : Number(value);
    if (kind === 'staff') draft.staff = count;
    else draft.citizens = count;
    if (kind === 'citizens') lookAtCitizens(draft, at);
    meet(draft, at);
    draft.lookedAt = at;
  } else if (kind === 'smile') {
    draft.smile = value === 'unknown' ? null : { at, value: value === true };
  } else if (kind === 'queue') {
    sessions.push(...heard(draft, { ...observation, at }, options));
  }
  return [draft, sessions];
}

/** Closes what is under way where a recording ends. */
export function endSession(state: SessionState, at: EventMs, options: SessionOptions): ServiceSession[] {
  const draft = { ...state, visit: state.visit && { ...state.visit } };
  return [...pass(draft, at, options), ...close(draft, 'source-end', options)];
}

/** Time passes with what was last seen. */
function pass(draft: SessionState, at: EventMs, options: SessionOptions): ServiceSession[] {
  const before = draft.at;
  draft.at = at;
  if (before === null || at <= before) return [];
  if (draft.lookedAt !== null && at - draft.lookedAt > options.staleAfter) {
    draft.citizens = 'unknown';
    draft.staff = 'unknown';
  }
  const { visit } = draft;
  if (!visit) return [];
  const ms = at - before;
  const { citizens, staff } = draft;
  if (citizens === 'unknown') {
    visit.unknownMs += ms;
    visit.blindMs += ms;
  } else if (citizens > 0) {
    visit.blindMs = 0;
    if (staff === 'unknown') visit.unknownMs += ms;
    else if (staff > 0) visit.togetherMs += ms;
    else if (visit.met === null) visit.waitMs += ms;
    countSmile(draft, visit, { ms, at, hold: options.smileHold });
  } else {
    visit.blindMs = 0;
    visit.goneMs += ms;
  }
  if (visit.blindMs >= options.lostAfter) return close(draft, 'lost', options);
  if (visit.goneMs >= options.endAfter && !visit.byQueue) return close(draft, 'gone', options);
  return [];
}

function countSmile(
  draft: SessionState,
  visit: Visit,
  { ms, at, hold }: { ms: number; at: EventMs; hold: number | undefined },
): void {
  const { smile } = draft;
  if (hold === undefined || smile === null || at - smile.at > hold) return;
  visit.faceMs += ms;
  if (smile.value) visit.smileMs += ms;
}

function lookAtCitizens(draft: SessionState, at: EventMs): void {
  const { citizens } = draft;
  if (citizens === 0) draft.leaving = false;
  if (citizens === 'unknown' || citizens === 0 || draft.leaving) return;
  draft.visit ??= visitFrom(at);
  draft.visit.seen = at;
  draft.visit.goneMs = 0;
}

function meet({ visit, citizens, staff }: SessionState, at: EventMs): void {
  if (visit && visit.met === null && Number(citizens) > 0 && Number(staff) > 0) visit.met = at;
}

const visitFrom = (at: EventMs): Visit => ({
  ...{ came: at, seen: at, met: null, togetherMs: 0, waitMs: 0, unknownMs: 0, goneMs: 0, blindMs: 0 },
  ...{ byQueue: false, ticket: null, steps: [], faceMs: 0, smileMs: 0 },
});

/** An event of the queue system: `reason` names it, `facts.ticket` says whose it is. */
function heard(draft: SessionState, observation: Observation, options: SessionOptions): ServiceSession[] {
  const { at, reason: event = '' } = observation;
  const ticket = typeof observation.facts?.ticket === 'string' ? observation.facts.ticket : null;
  if (event === 'call') {
    const before = draft.visit?.byQueue ? close(draft, 'queue', options) : [];
    const waiting = draft.visit;
    draft.leaving = false;
    draft.visit = {
      ...(waiting ?? visitFrom(at)),
      ...{ met: at, byQueue: true, ticket, steps: [{ event, at }] },
      waitMs: Math.max(0, at - (waiting?.came ?? at)),
    };
    return before;
  }
  const { visit } = draft;
  if (!visit?.byQueue || (ticket !== null && visit.ticket !== null && ticket !== visit.ticket)) return [];
  visit.steps.push({ event, at });
  if (event !== 'end' && event !== 'no-show') return [];
  visit.seen = at;
  if (event === 'no-show') visit.togetherMs = 0;
  draft.leaving = true;
  return close(draft, 'queue', options);
}

function close(draft: SessionState, endedBy: ServiceEnd, options: SessionOptions): ServiceSession[] {
  const { visit } = draft;
  draft.visit = null;
  if (!visit) return [];
  const noShow = visit.steps.at(-1)?.event === 'no-show';
  const served = !noShow && visit.met !== null && (visit.byQueue || visit.togetherMs >= options.beginAfter);
  const stayedMs = visit.seen - visit.came;
  if (!served && (noShow || visit.met !== null || stayedMs < options.beginAfter)) return [];
  const start = served ? visit.met! : visit.came;
  const end = eventMs(Math.max(start, visit.seen));
  return [
    {
      window: options.window,
      kind: served ? 'served' : 'abandoned',
      source: visit.byQueue ? 'queue' : 'camera',
      ...{ start, end, waitMs: visit.waitMs, serviceMs: served ? end - start : 0, unknownMs: visit.unknownMs, endedBy },
      ...(visit.ticket === null ? {} : { ticket: visit.ticket }),
      steps: visit.steps,
      ...(options.smileHold === undefined ? {} : { smile: { faceMs: visit.faceMs, smileMs: visit.smileMs } }),
    },
  ];
}
