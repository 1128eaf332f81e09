import { personId } from '../../core/evaluation.js';
import { type CameraId, roomId } from '../../core/ids.js';
import type { RoomEntry, RoomOutcome } from '../../core/roomEntry.js';
import { OUTSIDE, type RoomArea, type RoomGraph } from '../../core/roomGraph.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { GonePerson, RoomPerson } from '../sealed/roomPersons.js';
import { nameOf, outcomeOf, type RunningEvaluation } from './sealedRoomSession.js';

/** One followed person of one camera. Plain JSON. */
export interface Followed {
  camera: CameraId;
  track: number;
  firstAt: EventMs;
  seenAt: EventMs;
  arrived: boolean;
  /** Door in which the person was first seen; empty where it was none. */
  through: string;
  /** Area the person is in now and since when; empty where no area holds them. */
  place: string;
  placeSince: EventMs;
  outcome: RoomOutcome;
  /** Since when it is this person, as far as is known: a face that stops being somebody's begins anew. */
  identSince: EventMs;
  /** Best score of a look at the person, 0-1. */
  score: number;
  /** Person id; empty while nobody is recognised. */
  person: string;
  name: string;
  /** What was written of this track already. */
  written: 'nothing' | 'unnamed' | 'named';
}

/** What is known of one recognised person since the evaluation began. Plain JSON. */
export interface Presence {
  /** `hidden`: not seen now, but not seen leaving either. `left`: for good, as far as was seen. */
  state: 'seen' | 'hidden' | 'left';
  since: EventMs;
  seenAt: EventMs;
  place: string;
  /** While hidden: how long the room was watched without seeing the person, ms. */
  watchedMs: number;
  /** When the person came back after having left. */
  reenteredAt: EventMs | null;
  /** When the person came in for the first time, where that was too late. */
  lateAt: EventMs | null;
  /** When the person was recognised for the first time. */
  knownAt: EventMs;
}

/** Who is where. Keys of `followed` are `CAMERA/TRACK`, of `inside` person ids. */
export interface EntryBook {
  evaluation: string;
  followed: Record<string, Followed>;
  inside: Record<string, Presence>;
}

export const initialBook: EntryBook = { evaluation: '', followed: {}, inside: {} };

export interface EntryLook {
  at: EventMs;
  /** Time since the look before that was watched, ms; 0 after a gap. */
  watchedMs: number;
  camera: CameraId;
  persons: readonly RoomPerson[];
  gone: readonly GonePerson[];
}

export interface EntryContext {
  room: string;
  graph: RoomGraph;
  running: RunningEvaluation | undefined;
  /** Without a door drawn: unseen for this long while watched is having left, ms. */
  leftAfterMs: number;
  /** Somebody whose face has not told for this long is written without a name, ms. */
  unnamedAfterMs: number;
}

/** Carries the book over one look of one camera, and says who came and went. Pure; `book` is not touched. */
export function stepEntries(book: EntryBook, look: EntryLook, context: EntryContext): [EntryBook, RoomEntry[]] {
  const evaluation = context.running?.session.id ?? '';
  const draft: EntryBook = structuredClone(book);
  if (evaluation !== draft.evaluation) beginAnew(draft, evaluation);
  const entries: RoomEntry[] = [];
  const step: Step = { draft, look, context, write: (entry) => void entries.push(entry) };
  for (const person of look.persons) follow(step, person);
  for (const gone of look.gone) letGo(step, gone);
  waitForHidden(step);
  return [draft, entries];
}

interface Step {
  draft: EntryBook;
  look: EntryLook;
  context: EntryContext;
  write(entry: RoomEntry): void;
}

/** Another evaluation, or none: whoever is in the room is new to it. */
function beginAnew(draft: EntryBook, evaluation: string): void {
  draft.evaluation = evaluation;
  draft.inside = {};
  for (const one of Object.values(draft.followed)) Object.assign(one, { written: 'nothing', person: '', name: '' });
}

function follow(step: Step, person: RoomPerson): void {
  const { draft, look, context } = step;
  const key = `${look.camera}/${person.track}`;
  const area = context.graph.placeOf(look.camera, person.box);
  const one = draft.followed[key] ?? begin(look, person, area);
  draft.followed[key] = one;
  one.seenAt = look.at;
  const place = area?.id ?? '';
  if (place !== one.place) Object.assign(one, { place, placeSince: look.at });
  one.outcome = outcomeOf(person.claim, context.running, context.room);
  one.score = person.score;
  const was = one.person;
  one.person = person.claim.type === 'person' || person.claim.type === 'known' ? person.claim.person : '';
  one.name = nameOf(person.claim, context.running) ?? '';
  if (was !== '' && was !== one.person) lose(step, one, was);
  if (person.looks < 2) return;
  if (one.person !== '') meet(step, one);
  else if (one.written === 'nothing' && isDecided(one, look.at, context)) {
    one.written = 'unnamed';
    write(step, one, { kind: came(one, context) ? 'enter' : 'found', at: one.identSince });
  }
}

const begin = (look: EntryLook, person: RoomPerson, area: RoomArea | undefined): Followed => ({
  ...{ camera: look.camera, track: person.track, firstAt: person.firstAt, seenAt: look.at, arrived: person.arrived },
  ...{ through: area?.kind === 'door' ? area.id : '', place: area?.id ?? '', placeSince: person.firstAt },
  ...{ outcome: 'unidentified', person: '', name: '', written: 'nothing' },
  ...{ identSince: person.firstAt, score: person.score },
});

/** The person of a track is not known to be who they were: they may be hidden, and this one somebody else. */
function lose({ draft, look }: Step, one: Followed, was: string): void {
  one.identSince = look.at;
  one.written = 'nothing';
  const presence = draft.inside[was];
  const elsewhere = Object.values(draft.followed).some(({ person }) => person === was);
  if (presence && !elsewhere && presence.state === 'seen') Object.assign(presence, { state: 'hidden', watchedMs: 0 });
}

const isDecided = (one: Followed, at: EventMs, { unnamedAfterMs }: EntryContext): boolean =>
  one.outcome === 'stranger' || at - one.identSince >= unnamedAfterMs;

/** Seen coming in: through a door where one is drawn, else into a room that was being watched. */
const came = (one: Followed, { graph }: EntryContext): boolean =>
  one.arrived && one.identSince === one.firstAt && (one.through !== '' || !graph.hasDoor(one.camera));

/** Somebody who is recognised: a new face, one seen again, or one who comes back. */
function meet(step: Step, one: Followed): void {
  const { draft, look, context } = step;
  const known = draft.inside[one.person];
  const isBack = known?.state === 'left';
  const presence: Presence = known
    ? { ...known, state: 'seen', seenAt: look.at, place: one.place, watchedMs: 0 }
    : newPresence(one, look.at, context);
  if (isBack) {
    presence.since = one.firstAt;
    // Who is found again without having been seen coming had not left.
    if (came(one, context)) presence.reenteredAt = one.firstAt;
  }
  draft.inside[one.person] = presence;
  if (one.written === 'named') return;
  const before = one.written;
  one.written = 'named';
  if (before === 'unnamed') write(step, one, { kind: 'identified', at: look.at });
  else if (!known || isBack) write(step, one, { kind: came(one, context) ? 'enter' : 'found', at: one.identSince });
}

function newPresence(one: Followed, at: EventMs, context: EntryContext): Presence {
  const until = context.running?.session.enterUntil;
  const late = came(one, context) && one.outcome === 'rostered' && until !== undefined && one.firstAt > until;
  return {
    ...{ state: 'seen', since: one.firstAt, seenAt: at, place: one.place, watchedMs: 0, reenteredAt: null },
    lateAt: late ? one.firstAt : null,
    knownAt: at,
  };
}

function letGo(step: Step, { track, seenAt, how, box }: GonePerson): void {
  const { draft, look, context } = step;
  const key = `${look.camera}/${track}`;
  const one = draft.followed[key];
  if (!one) return;
  delete draft.followed[key];
  const area = context.graph.placeOf(look.camera, box);
  const door = area?.kind === 'door' ? area : undefined;
  const drawn = context.graph.hasDoor(look.camera);
  // Who goes through a door was seen going; who is lost elsewhere in the room is hidden behind somebody.
  const left = how === 'lost' && (drawn ? door !== undefined : one.person === '');
  const to = door ? context.graph.behind(door) : OUTSIDE;
  const elsewhere = Object.values(draft.followed).some((other) => one.person !== '' && other.person === one.person);
  const presence = draft.inside[one.person];
  if (presence && !elsewhere) {
    const gone = left && to === OUTSIDE;
    Object.assign(presence, { state: gone ? 'left' : 'hidden', seenAt, watchedMs: 0, place: left ? to : one.place });
    if (gone) presence.reenteredAt = null;
  }
  const passedBy = one.through !== '' && one.through === door?.id && one.placeSince === one.firstAt;
  if (left && !elsewhere && !passedBy && one.written !== 'nothing') {
    write(step, one, { kind: 'leave', at: seenAt, door: door?.id ?? '', place: to });
  }
}

/**
 * Where no camera has a door drawn, who stays unseen for long while the room is watched has left. Not as long as anybody in it
 * is without a name: that may be them, with their back to the camera.
 */
function waitForHidden({ draft, look, context, write }: Step): void {
  const unnamed = Object.values(draft.followed).some(({ person }) => person === '');
  if (unnamed || context.graph.areas.some(({ kind }) => kind === 'door')) return;
  for (const [person, presence] of Object.entries(draft.inside)) {
    if (presence.state !== 'hidden') continue;
    presence.watchedMs += look.watchedMs;
    if (presence.watchedMs < context.leftAfterMs) continue;
    Object.assign(presence, { state: 'left', reenteredAt: null });
    write({ ...leaveOf(person, presence, context), camera: look.camera });
  }
}

function leaveOf(person: string, { seenAt }: Presence, { room, running }: EntryContext): Omit<RoomEntry, 'camera'> {
  const claim = person.includes('/') ? ({ type: 'known', person } as const) : ({ type: 'person', person } as const);
  return {
    ...{ room: roomId(room), at: seenAt, kind: 'leave', person: personId(person), name: nameOf(claim, running) ?? '' },
    ...{ outcome: outcomeOf(claim, running, room), track: 0, door: '', place: '', evaluation: running?.session.id },
  };
}

function write(
  { context, write: put }: Step,
  one: Followed,
  what: Pick<RoomEntry, 'kind' | 'at'> & { door?: string; place?: string },
): void {
  const area = context.graph.areas.find(({ id }) => id === one.through);
  put({
    ...{ room: roomId(context.room), camera: one.camera, track: one.track, outcome: one.outcome, name: one.name },
    person: one.person === '' ? undefined : personId(one.person),
    door: one.through,
    place: area ? context.graph.behind(area) : '',
    evaluation: context.running?.session.id,
    ...what,
  });
}

/**
 * The book after a restart, from the entries of the evaluation that is still open: who was inside is hidden until seen
 * again, and nobody's coming back is a re-entry because nobody watched meanwhile.
 */
export function bookOf(entries: readonly RoomEntry[], evaluation: string): EntryBook {
  const inside: Record<string, Presence> = {};
  for (const { kind, person, at, place } of entries) {
    if (person === undefined) continue;
    const before = inside[person];
    const state = kind === 'leave' && (place === OUTSIDE || place === '') ? 'left' : 'hidden';
    const since = before && before.state !== 'left' ? before.since : at;
    inside[person] = {
      state,
      since,
      seenAt: eventMs(at),
      place,
      watchedMs: 0,
      reenteredAt: null,
      lateAt: null,
      knownAt: at,
    };
  }
  return { evaluation, followed: {}, inside };
}
