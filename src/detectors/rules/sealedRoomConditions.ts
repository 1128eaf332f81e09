import type { SealedRoomParameters } from '../../core/config/schema.js';
import type { RoomOutcome } from '../../core/roomEntry.js';
import type { RuleDetail } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import type { EntryBook, Followed } from './sealedRoomEntries.js';
import { allowedIn, type RunningEvaluation, withoutTemplate } from './sealedRoomSession.js';
import type { NearPair, PairTimes } from './seating.js';

/** The rules of a sealed room; each is also the observation kind of its condition. */
export const SEALED_RULES = [
  'sealedRoom.stranger',
  'sealedRoom.known',
  'sealedRoom.wrongRoom',
  'sealedRoom.headCount',
  'sealedRoom.presence',
  'sealedRoom.roster',
  'sealedRoom.unidentified',
  'sealedRoom.reentry',
  'sealedRoom.late',
  'sealedRoom.seating',
  'sealedRoom.phone',
  'sealedRoom.empty',
  'sealedRoom.stay',
] as const;
export type SealedRule = (typeof SEALED_RULES)[number];

/** Whether a condition holds at this look: how many, since when, and the facts behind it. */
export interface Condition {
  rule: SealedRule;
  value: Truth | number;
  /** Where it began before this look. */
  since?: EventMs;
  detail: RuleDetail;
}

/** Everything the conditions of one room are read from at one look. */
export interface RoomNow {
  at: EventMs;
  room: string;
  /** Head count over all cameras; unknown where none of them sees. */
  count: number | 'unknown';
  phones: number | 'unknown';
  book: EntryBook;
  /** Pairs too near to each other at the newest look of the seats' camera, and since when. */
  pairs: readonly NearPair[];
  pairTimes: PairTimes;
  running: RunningEvaluation | undefined;
  parameters: SealedRoomParameters;
  /** Persons of one camera whose unknown faces are explained by another camera of the room. */
  explained(camera: string): boolean;
  /** The newest look of a camera. */
  lookedAt(camera: string): EventMs | undefined;
  /** Newest look at which a condition that is still told held. */
  trueAt(rule: SealedRule): EventMs | undefined;
  /** Ids of corridors and lounges. */
  sideAreas: readonly string[];
}

/** Below this nobody is asked to check who it is: an arm, a coat on a chair, a picture on the wall score so. */
const SURELY_A_PERSON = 0.35;

/** How long an event that is over at once (a late entry) is shown as lasting, ms. */
const MOMENT_MS = 10_000;

/** All conditions of a room at one look. Pure. */
export function conditionsOf(now: RoomNow): Condition[] {
  const { running, count } = now;
  const identity = describe(running);
  const plain = (rule: SealedRule, value: Truth | number, detail: RuleDetail = {}): Condition => ({
    ...{ rule, value, detail: { ...identity, ...detail } },
  });
  const people = countFacts(now);
  const over = people.allowed === null || count === 'unknown' ? 0 : Math.max(0, count - people.allowed);
  const none = running === undefined;
  return [
    ...faceConditions(now, identity),
    plain('sealedRoom.headCount', count === 'unknown' && !none ? 'unknown' : over, { ...people, over }),
    plain('sealedRoom.presence', count === 'unknown' && none ? 'unknown' : none ? Number(count) : 0, people),
    plain('sealedRoom.phone', now.phones, { phones: now.phones, ...people }),
    plain('sealedRoom.empty', count === 'unknown' && !none ? 'unknown' : !none && count === 0, people),
    seatingCondition(now, identity),
  ];
}

/** Needs no picture: a session that runs without a roster is one finding against the system. */
export const rosterCondition = (running: RunningEvaluation | undefined): Condition => ({
  ...{ rule: 'sealedRoom.roster', value: running !== undefined && running.session.roster.length === 0 },
  ...(running?.session.openedAt === undefined ? {} : { since: running.session.openedAt }),
  detail: describe(running),
});

const describe = (running: RunningEvaluation | undefined): RuleDetail =>
  running ? { evaluation: running.session.id, project: running.session.project } : {};

function countFacts({ count, running, room }: RoomNow): { persons: number | string; allowed: number | null } {
  const allowed = running && running.session.roster.length > 0 ? allowedIn(running, room).length : null;
  return { persons: count, allowed };
}

/** What faces, comings and goings tell. */
function faceConditions(now: RoomNow, identity: RuleDetail): Condition[] {
  const { at, book, parameters, running, room } = now;
  if (now.count === 'unknown') return FACE_RULES.map((rule) => ({ rule, value: 'unknown' as const, detail: identity }));
  const current = Object.values(book.followed).filter(({ camera, seenAt }) => seenAt === now.lookedAt(camera));
  const of = (outcome: RoomOutcome): Followed[] => current.filter((one) => one.outcome === outcome);
  // Whoever appeared since the condition was last seen, and is not recognised yet, may be the one it was about: after a
  // restart, or behind somebody. So it is not over, it is not known.
  const maybe = (rule: SealedRule): boolean => {
    const trueAt = now.trueAt(rule);
    return (
      trueAt !== undefined &&
      of('unidentified').some(({ identSince, score }) => identSince > trueAt && score >= SURELY_A_PERSON)
    );
  };
  const about = (rule: SealedRule, who: readonly Followed[], more: RuleDetail = {}): Condition => ({
    ...{ rule, value: who.length === 0 && maybe(rule) ? 'unknown' : who.length },
    ...(who.length > 0 ? { since: eventMs(Math.min(...who.map(({ identSince }) => identSince))) } : {}),
    detail: {
      ...identity,
      persons: who.length,
      names: who.flatMap(({ name }) => (name === '' ? [] : [name])),
      ...more,
    },
  });
  // Of somebody on the roster without a photo no camera can tell that they are no stranger.
  const doubt = running ? withoutTemplate(running, room).length : 0;
  const nobody = of('stranger');
  const strangers = nobody.length > doubt ? nobody.slice(doubt) : [];
  const unclear = [...of('unidentified').filter(({ camera }) => !now.explained(camera)), ...nobody.slice(0, doubt)];
  const waiting = unclear.filter(
    ({ identSince, score }) => score >= SURELY_A_PERSON && at - identSince >= parameters.unidentifiedFor,
  );
  // Where no face can be compared there is nothing to wait for: head count and time decide.
  const asks = parameters.faces && running && running.session.roster.length > 0 && running.enrolled.length > 0;
  return [
    about('sealedRoom.stranger', strangers, { without_photo: doubt }),
    about('sealedRoom.known', of('known-not-rostered')),
    about('sealedRoom.wrongRoom', of('rostered-wrong-room')),
    about('sealedRoom.unidentified', asks ? waiting : [], { without_photo: doubt }),
    presenceCondition(now, 'sealedRoom.reentry', identity),
    presenceCondition(now, 'sealedRoom.late', identity),
    stayCondition(now, current, identity),
  ];
}

const FACE_RULES = [
  'sealedRoom.stranger',
  'sealedRoom.known',
  'sealedRoom.wrongRoom',
  'sealedRoom.unidentified',
  'sealedRoom.reentry',
  'sealedRoom.late',
  'sealedRoom.stay',
] as const;

/** Who came back after having left, or came in late: recognised persons, by their entries. */
function presenceCondition(
  now: RoomNow,
  rule: 'sealedRoom.reentry' | 'sealedRoom.late',
  identity: RuleDetail,
): Condition {
  const { book, at, running } = now;
  const found = Object.entries(book.inside).flatMap(([person, presence]) => {
    const since = rule === 'sealedRoom.reentry' ? presence.reenteredAt : presence.lateAt;
    if (since === null || (rule === 'sealedRoom.reentry' && running?.session.reentryAllowed)) return [];
    // A late entry is over once it was told; a re-entry lasts until the person leaves.
    const lasts = rule === 'sealedRoom.reentry' ? presence.state !== 'left' : at - presence.knownAt <= MOMENT_MS;
    return lasts ? [{ person, since }] : [];
  });
  const names = found.map(({ person }) => running?.session.roster.find(({ id }) => id === person)?.name ?? person);
  const since = found.length > 0 ? { since: eventMs(Math.min(...found.map((one) => one.since))) } : {};
  const until = running?.session.enterUntil;
  const limit: RuleDetail = rule === 'sealedRoom.late' && until !== undefined ? { enter_until: until } : {};
  return { rule, value: found.length, ...since, detail: { ...identity, persons: found.length, names, ...limit } };
}

/** Who stays in a corridor or lounge, or out of sight behind an inner door, for too long. */
function stayCondition(now: RoomNow, current: readonly Followed[], identity: RuleDetail): Condition {
  const { at, book, parameters, running } = now;
  const long = (since: number): boolean => at - since >= parameters.stayFor;
  const visible = current.filter((one) => now.sideAreas.includes(one.place) && long(one.placeSince));
  const hidden = Object.entries(book.inside).filter(
    ([, { state, place, seenAt }]) => state === 'hidden' && now.sideAreas.includes(place) && long(seenAt),
  );
  const names = [
    ...visible.flatMap(({ name }) => (name === '' ? [] : [name])),
    ...hidden.map(([person]) => running?.session.roster.find(({ id }) => id === person)?.name ?? person),
  ];
  const starts = [...visible.map(({ placeSince }) => placeSince), ...hidden.map(([, { seenAt }]) => seenAt)];
  const since = starts.length > 0 ? { since: eventMs(Math.min(...starts)) } : {};
  const detail = { ...identity, persons: starts.length, names, stay_s: Math.round(parameters.stayFor / 1000) };
  return { rule: 'sealedRoom.stay', value: starts.length, ...since, detail };
}

function seatingCondition(
  { at, pairs, pairTimes, parameters, running, count }: RoomNow,
  identity: RuleDetail,
): Condition {
  const rule = 'sealedRoom.seating';
  if (count === 'unknown') return { rule, value: 'unknown', detail: identity };
  const lasting = Object.entries(pairTimes).filter(([, { since }]) => at - since >= parameters.adjacentFor);
  if (!running || lasting.length === 0) return { rule, value: 0, detail: identity };
  const shown = pairs.filter(({ key }) => lasting.some(([known]) => known === key));
  const metres = shown.flatMap((pair) => (pair.metres === undefined ? [] : [pair.metres]));
  return {
    ...{ rule, value: lasting.length, since: eventMs(Math.min(...lasting.map(([, { since }]) => since))) },
    detail: {
      ...{ ...identity, pairs: lasting.length, seats: shown.flatMap(({ seats }) => seats) },
      ...(metres.length > 0 ? { nearest_m: Math.min(...metres), min_distance_m: parameters.minDistance } : {}),
    },
  };
}
