import type { SealedRoomParameters } from '../../core/config/schema.js';
import { type CameraId, cameraId, subjectId } from '../../core/ids.js';
import type { Observation } from '../../core/observation.js';
import type { RoomEntry } from '../../core/roomEntry.js';
import type { RoomGraph } from '../../core/roomGraph.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { unpackSighting } from '../sealed/roomPersons.js';
import { type Condition, conditionsOf, rosterCondition, type SealedRule } from './sealedRoomConditions.js';
import { type EntryBook, initialBook, stepEntries } from './sealedRoomEntries.js';
import type { RunningEvaluation } from './sealedRoomSession.js';
import { type NearPair, nearPairs, type PairTimes, type SeatingPlan, stepPairs } from './seating.js';

/** One room as the rules know it. */
export interface SealedRoomOptions {
  room: string;
  graph: RoomGraph;
  seating: SeatingPlan;
  /** Camera in whose picture the seats and the floor are drawn. */
  seatCamera: string;
  parameters: SealedRoomParameters;
}

/** The newest word of one camera. */
interface CameraWord {
  at: EventMs;
  count: number | 'unknown';
  phones: number;
}

/** Plain JSON. */
export interface ToldCondition {
  /** Newest look at which it held. */
  trueAt: EventMs;
  until: EventMs;
}

/** Everything remembered of one room. Plain JSON. */
export interface SealedRoomState {
  cameras: Record<string, CameraWord>;
  book: EntryBook;
  pairs: NearPair[];
  pairTimes: PairTimes;
  /** Conditions that hold, or held lately: told until then although they do not hold, so that their rules see them end. */
  told: Partial<Record<SealedRule, ToldCondition>>;
  /** When the session was told last. */
  sessionAt: EventMs | null;
}

export const initialSealedRoom: SealedRoomState = {
  ...{ cameras: {}, book: initialBook, pairs: [], pairTimes: {}, told: {}, sessionAt: null },
};

/** What one observation led to. */
export interface SealedRoomStep {
  /** Conditions as observations, for `heldRule` and for the record. */
  told: Observation[];
  entries: RoomEntry[];
}

/** How often the session is told where nothing changes, ms: less than the time after which a value is stale. */
const SESSION_EVERY_MS = 5000;

/**
 * Reads one observation of a room: `persons` with the facts of `packSighting`, or a `tick`. Pure: the evaluation that runs is
 * an argument, as it stood at the observation's time. Conditions that do not hold and did not lately are not told, so that a
 * quiet room costs nothing.
 */
export function stepSealedRoom(
  state: SealedRoomState,
  observation: Observation,
  { running, options }: { running: RunningEvaluation | undefined; options: SealedRoomOptions },
): [SealedRoomState, SealedRoomStep] {
  const { at, kind } = observation;
  const draft: SealedRoomState = { ...state, told: { ...state.told } };
  const conditions: Condition[] = [];
  const told: Observation[] = [];
  let entries: RoomEntry[] = [];
  const due = draft.sessionAt === null || at < draft.sessionAt || at - draft.sessionAt >= SESSION_EVERY_MS;
  const changed = draft.book.evaluation !== (running?.session.id ?? '');
  if (due || changed) {
    draft.sessionAt = at;
    told.push(sessionWord(observation, running));
    conditions.push(rosterCondition(running));
  }
  if (kind === 'persons') {
    entries = look(draft, observation, { running, options });
    conditions.push(...conditionsOf(nowOf(draft, at, { running, options })));
  }
  told.push(...conditions.flatMap((condition) => tell(draft, condition, { observation, options })));
  return [draft, { told, entries }];
}

function sessionWord({ subject, at }: Observation, running: RunningEvaluation | undefined): Observation {
  const reason = running ? { reason: running.session.id as string } : {};
  return { subject, kind: 'session', at, value: running !== undefined, ...reason };
}

interface Context {
  running: RunningEvaluation | undefined;
  options: SealedRoomOptions;
}

function look(draft: SealedRoomState, observation: Observation, { running, options }: Context): RoomEntry[] {
  const { at, value } = observation;
  const { parameters, graph, seating, seatCamera, room } = options;
  const camera: CameraId = observation.camera ?? cameraId('');
  const before = draft.cameras[camera];
  const sighting = unpackSighting(observation.facts);
  const count = value === 'unknown' ? value : Number(value);
  draft.cameras = { ...draft.cameras, [camera]: { at, count, phones: sighting.phones.length } };
  if (count === 'unknown') return [];
  const gapMs = before && before.count !== 'unknown' ? at - before.at : -1;
  const watchedMs = gapMs >= 0 && gapMs <= parameters.staleAfter ? gapMs : 0;
  const [book, entries] = stepEntries(
    draft.book,
    { at, watchedMs, camera, persons: sighting.persons, gone: sighting.gone },
    { room, graph, running, leftAfterMs: parameters.leftAfter, unnamedAfterMs: parameters.unidentifiedFor },
  );
  draft.book = book;
  if (camera === seatCamera) {
    const experts = sighting.persons.filter((person) => !isExempt(person.claim, running));
    draft.pairs = nearPairs(experts, seating);
    draft.pairTimes = stepPairs(draft.pairTimes, draft.pairs, { at, graceMs: parameters.staleAfter });
  }
  return entries;
}

const isExempt = (claim: { type: string; person?: string }, running: RunningEvaluation | undefined): boolean =>
  claim.type === 'person' && running?.session.roster.find(({ id }) => id === claim.person)?.role === 'exempt';

function nowOf(draft: SealedRoomState, at: EventMs, { running, options }: Context) {
  const { graph, parameters, room } = options;
  const fresh = Object.entries(draft.cameras).filter(([, word]) => at - word.at <= parameters.staleAfter);
  const counts = fresh.flatMap(([camera, { count }]) => (count === 'unknown' ? [] : [{ camera, count }]));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  // Cameras that see the room see the same people; a lounge's people are others.
  const sides = counts.filter(({ camera }) => graph.isSide(camera)).map(({ count }) => count);
  const rooms = counts.filter(({ camera }) => !graph.isSide(camera)).map(({ count }) => count);
  const count = counts.length === 0 ? ('unknown' as const) : Math.max(0, ...rooms) + sum(sides);
  const followed = Object.values(draft.book.followed);
  const named = new Set(followed.flatMap(({ person }) => (person === '' ? [] : [person])));
  return {
    ...{ at, room, count, book: draft.book, pairs: draft.pairs, pairTimes: draft.pairTimes, running, parameters },
    phones: counts.length === 0 ? ('unknown' as const) : Math.max(0, ...fresh.map(([, { phones }]) => phones)),
    // As many recognised over all cameras as there are heads in this one: its faces turned away are theirs.
    explained: (camera: string) => named.size >= (counts.find((one) => one.camera === camera)?.count ?? 0),
    lookedAt: (camera: string) => draft.cameras[camera]?.at,
    trueAt: (rule: SealedRule) => draft.told[rule]?.trueAt,
    sideAreas: graph.areas.flatMap(({ id, kind }) => (kind === 'corridor' || kind === 'lounge' ? [id] : [])),
  };
}

/** A condition as an observation; none where it neither holds nor held lately. */
function tell(
  draft: SealedRoomState,
  { rule, value, since, detail }: Condition,
  { observation, options }: { observation: Observation; options: SealedRoomOptions },
): Observation[] {
  const { at, camera, reason } = observation;
  const { clearAfter, staleAfter } = options.parameters;
  const holds = value !== 'unknown' && Number(value) > 0;
  const lasts = at + clearAfter + staleAfter;
  if (holds) draft.told[rule] = { trueAt: at, until: eventMs(lasts) };
  const known = draft.told[rule];
  if (known === undefined) return [];
  // Blind time does not run against the telling: the alert is still open when the camera is back.
  if (value === 'unknown') draft.told[rule] = { ...known, until: eventMs(Math.max(known.until, lasts)) };
  else if (at > known.until) {
    delete draft.told[rule];
    return [];
  }
  return [
    {
      ...{ subject: subjectId(options.room), kind: rule, at, value },
      ...(camera === undefined ? {} : { camera }),
      ...(value === 'unknown' && reason !== undefined ? { reason } : {}),
      facts: { ...detail, ...(since === undefined ? {} : { since }) },
    },
  ];
}
