import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { sealedRoomRule as parametersSchema } from '../../../src/core/config/rules.js';
import { formatDuration, parseDuration } from '../../../src/core/duration.js';
import { personId, type RosterPerson } from '../../../src/core/evaluation.js';
import type { Box, Polygon } from '../../../src/core/geometry.js';
import { homographyOf } from '../../../src/core/homography.js';
import { cameraId, roomId, subjectId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import type { RoomEntry } from '../../../src/core/roomEntry.js';
import { type RoomArea, roomGraph } from '../../../src/core/roomGraph.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { type EventMs, eventMs } from '../../../src/core/time.js';
import { initialSealedRoom, type SealedRoomOptions, stepSealedRoom } from '../../../src/detectors/rules/sealedRoom.js';
import { SEALED_RULES } from '../../../src/detectors/rules/sealedRoomConditions.js';
import { type HeldState, heldRule } from '../../../src/detectors/rules/sealedRoomHeld.js';
import type { RunningEvaluation } from '../../../src/detectors/rules/sealedRoomSession.js';
import type { Claim } from '../../../src/detectors/sealed/claim.js';
import { type GonePerson, packSighting, type RoomPerson } from '../../../src/detectors/sealed/roomPersons.js';
import { evaluation, expert } from '../../support/evaluation.js';

export const ORIGIN = eventMs(1_791_421_200_000);
const SECOND = 1000;
const FORGET_MS = 20_000;

const sessionSchema = z.strictObject({
  /** Ids of experts; `X:R2` may be in R2 only, `X*` is exempt. */
  roster: z.array(z.string()),
  /** Who has a photo; all where absent. */
  enrolled: z.array(z.string()).optional(),
  exemptInside: z.array(z.string()).default([]),
  enterUntil: z.string().optional(),
  reentry: z.boolean().default(false),
  id: z.string().default('E1'),
});
const stepSchema = z.strictObject({
  for: z.string(),
  /**
   * Words such as `A` (recognised), `?x` (face does not tell), `!x` (nobody's face), `~E2/Q` (of another evaluation), each
   * with `@door`, `@lounge` or a seat id where it matters. `unknown`: the camera is blind. `none`: no look at all.
   */
  people: z.string().optional(),
  /** The same for a second camera. */
  second: z.string().optional(),
  phones: z.int().optional(),
  session: z.union([sessionSchema, z.literal('none')]).optional(),
});
const scenarioSchema = z.strictObject({
  name: z.string(),
  rule: z.record(z.string(), z.unknown()).default({}),
  lookEvery: z.string().default('2s'),
  /** Draws a door (to the outside), a lounge behind an inner door, seats s1-s3 side by side, or the floor. */
  drawn: z.array(z.enum(['door', 'lounge', 'seats', 'floor'])).default([]),
  session: z.union([sessionSchema, z.literal('none')]).default('none'),
  steps: z.array(stepSchema),
  expect: z.array(z.string()).default([]),
  entries: z.array(z.string()).optional(),
});
export type SealedScenario = z.output<typeof scenarioSchema>;

export function readSealedScenarios(): SealedScenario[] {
  const url = new URL('../../scenarios/sealedRoom.yaml', import.meta.url);
  return z.array(scenarioSchema).parse(parse(readFileSync(url, 'utf8')));
}

const square = (x: number, y: number, w: number, h: number): Polygon => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h],
];

/** The picture: a row of places at the table, a door at the right, an inner door at the left, the lounge on `cam-2`. */
const AREAS: Record<string, RoomArea> = {
  door: { id: 'door', kind: 'door', camera: 'cam-1', zone: square(0.9, 0, 0.1, 1), to: ['table'] },
  inner: { id: 'inner', kind: 'door', camera: 'cam-1', zone: square(0, 0, 0.08, 1), to: ['table', 'lounge'] },
  table: { id: 'table', kind: 'room', camera: 'cam-1', zone: square(0.08, 0, 0.82, 1), to: ['door'] },
  lounge: { id: 'lounge', kind: 'lounge', camera: 'cam-2', zone: [], to: ['inner'] },
};
const SEATS = [
  { id: 's1', zone: square(0.2, 0.2, 0.1, 0.6), beside: ['s2'] },
  { id: 's2', zone: square(0.3, 0.2, 0.1, 0.6), beside: ['s3'] },
  { id: 's3', zone: square(0.4, 0.2, 0.1, 0.6), beside: [] },
];
/** A picture's width is ten metres of floor, its height five. */
const FLOOR = [
  { from: [0, 0], to: [0, 0] },
  { from: [1, 0], to: [10, 0] },
  { from: [1, 1], to: [10, 5] },
  { from: [0, 1], to: [0, 5] },
] as const;
const PLACES: Record<string, number> = { door: 0.95, inner: 0.04, s1: 0.25, s2: 0.35, s3: 0.45, far: 0.85, near: 0.29 };

function optionsOf(scenario: SealedScenario): SealedRoomOptions {
  const { drawn } = scenario;
  const doors = drawn.includes('door') ? [AREAS.door!, AREAS.table!] : [];
  const lounge = drawn.includes('lounge') ? [AREAS.inner!, AREAS.lounge!] : [];
  const parameters = parametersSchema.parse(scenario.rule);
  return {
    room: 'R1',
    graph: roomGraph([...doors, ...lounge]),
    seating: {
      seats: drawn.includes('seats') ? SEATS : [],
      floor: drawn.includes('floor') ? homographyOf([...FLOOR]) : undefined,
      minDistance: parameters.minDistance,
    },
    seatCamera: 'cam-1',
    parameters,
  };
}

function runningOf(session: SealedScenario['session'], openedAt: EventMs): RunningEvaluation | undefined {
  if (session === 'none') return undefined;
  const roster = session.roster.map((word): RosterPerson => {
    const exempt = word.endsWith('*');
    const [id, room] = word.replace('*', '').split(':');
    const changes = { name: id!, ...(room ? { rooms: [roomId(room)] } : {}) };
    return expert(id!, exempt ? { ...changes, role: 'exempt', escort: '王', reason: '答疑' } : changes);
  });
  const until =
    session.enterUntil === undefined ? {} : { enterUntil: eventMs(ORIGIN + parseDuration(session.enterUntil)) };
  return {
    session: {
      ...evaluation({ id: session.id, roster }),
      ...{ state: 'open', openedAt, reentryAllowed: session.reentry, ...until },
    },
    enrolled: (session.enrolled ?? roster.map(({ id }) => id)).map(personId),
    exemptInside: session.exemptInside.map(personId),
    otherNames: { 'E2/Q': 'Q' },
  };
}

function claimOf(word: string): Claim {
  if (word.startsWith('?')) return { type: 'undecided', reason: 'no-face' };
  if (word.startsWith('!')) return { type: 'nobody' };
  return word.startsWith('~') ? { type: 'known', person: word.slice(1) } : { type: 'person', person: word };
}

/** Follows words as a tracker follows people: one word (without its mark) is one track until it was missing for 20 s. */
function follower(camera: string) {
  const tracks = new Map<
    string,
    { id: number; firstAt: EventMs; seenAt: EventMs; looks: number; box: Box; arrived: boolean }
  >();
  let nextId = 1;
  let lookedAt: number | undefined;
  return (people: string, phones: number, at: EventMs): Observation => {
    const base = { subject: subjectId('R1'), kind: 'persons', at, camera: cameraId(camera) };
    if (people === 'unknown') return { ...base, value: 'unknown', reason: 'covered' };
    const watched = lookedAt !== undefined && at - lookedAt <= 10_000;
    const gone: GonePerson[] = [];
    for (const [name, track] of tracks) {
      const how = watched ? 'lost' : 'interrupted';
      if (watched && at - track.seenAt < FORGET_MS) continue;
      gone.push({ track: track.id, seenAt: track.seenAt, box: track.box, how });
      tracks.delete(name);
    }
    const words = people.split(' ').filter((word) => word !== '');
    const persons = words.map((word, i): RoomPerson => {
      const [who, place] = word.split('@');
      const name = who!.replace(/^[?!~]/, '');
      const x = place === undefined ? 0.55 + i * 0.06 : (PLACES[place] ?? 0.5);
      const box: Box = [x - 0.03, 0.3, x + 0.03, 0.7];
      const known = tracks.get(name);
      const track = known
        ? { ...known, seenAt: at, looks: known.looks + 1, box }
        : { id: nextId++, firstAt: at, seenAt: at, looks: 1, box, arrived: watched };
      tracks.set(name, track);
      const { id, firstAt, looks, arrived } = track;
      return { track: id, box, firstAt, looks, arrived, score: 0.8, claim: claimOf(who!), live: null };
    });
    lookedAt = at;
    const shown = Array.from({ length: phones }, (): Box => [0.5, 0.5, 0.51, 0.52]);
    return { ...base, value: persons.length, facts: packSighting({ persons, gone, phones: shown }) };
  };
}

/** All observations of a scenario with the evaluation that runs at each. */
export function* observationsOf(scenario: SealedScenario) {
  const everyMs = parseDuration(scenario.lookEvery);
  const looks = [follower('cam-1'), follower('cam-2')] as const;
  let running = runningOf(scenario.session, ORIGIN);
  let people: string | undefined;
  let second: string | undefined;
  let phones = 0;
  let at = 0;
  for (const step of scenario.steps) {
    people = step.people ?? people;
    second = step.second ?? second;
    phones = step.phones ?? phones;
    if (step.session !== undefined) running = runningOf(step.session, eventMs(ORIGIN + at));
    for (let passed = 0; passed < parseDuration(step.for); passed += SECOND) {
      const now = eventMs(ORIGIN + at + passed);
      if ((at + passed) % everyMs === 0) {
        if (people !== undefined && people !== 'none') yield { observation: looks[0](people, phones, now), running };
        if (second !== undefined && second !== 'none') yield { observation: looks[1](second, 0, now), running };
      }
      yield { observation: { subject: subjectId('R1'), kind: 'tick', at: now, value: true } as Observation, running };
    }
    at += parseDuration(step.for);
  }
}

/** Events and entries of a scenario, written as the expectations are. */
export function play(scenario: SealedScenario): { events: string[]; entries: string[] } {
  const options = optionsOf(scenario);
  const { parameters } = options;
  const after: Record<string, number> = {
    'sealedRoom.headCount': parameters.overCountFor,
    'sealedRoom.presence': parameters.presenceFor,
    'sealedRoom.phone': parameters.phoneFor,
    'sealedRoom.empty': parameters.emptyFor,
  };
  const rules = SEALED_RULES.map((name) =>
    heldRule({
      ...{ name, version: 'v', parameters: {}, afterMs: after[name] ?? 0, clearMs: parameters.clearAfter },
      ...{ staleMs: parameters.staleAfter, priority: 'high' },
    }),
  );
  const states = new Map<string, HeldState>(rules.map((rule) => [rule.name, rule.initial]));
  let state = initialSealedRoom;
  const events: Array<RuleEvent & { rule: string }> = [];
  const entries: RoomEntry[] = [];
  for (const { observation, running } of observationsOf(scenario)) {
    const [next, step] = stepSealedRoom(state, observation, { running, options });
    state = next;
    entries.push(...step.entries);
    for (const heard of [observation, ...step.told]) {
      for (const rule of rules.filter(({ wants }) => wants.includes(heard.kind))) {
        const [moved, told] = rule.step(states.get(rule.name)!, heard);
        states.set(rule.name, moved);
        events.push(...told.map((event) => ({ ...event, rule: rule.name.replace('sealedRoom.', '') })));
      }
    }
  }
  return {
    events: events.map((event, i) => describeEvent(event, scenario.expect[i] ?? '')),
    entries: entries.map(({ at, kind, person, outcome, place }) =>
      [since(at), kind, person ?? '-', outcome, place].join(' ').trim(),
    ),
  };
}

const since = (at: number): string => (at === ORIGIN ? '0s' : formatDuration(at - ORIGIN));

/** `12s raise stranger` and, of what the expectation names behind it, the same fields. */
function describeEvent(event: RuleEvent & { rule: string }, expectation: string): string {
  const fields: Record<string, unknown> = { ...('detail' in event ? event.detail : {}), start: since(event.start) };
  if ('end' in event) Object.assign(fields, { end: since(event.end), reason: event.reason });
  if ('tier' in event) fields.tier = event.tier;
  if ('seen' in event) fields.unknown = formatDuration(event.seen.unknownMs);
  const wanted = expectation.split(' ').slice(3);
  const shown = wanted.map((pair) => `${pair.split('=')[0]}=${fields[pair.split('=')[0]!]}`);
  return [`${since(event.at)} ${event.type} ${event.rule}`, ...shown].join(' ');
}
