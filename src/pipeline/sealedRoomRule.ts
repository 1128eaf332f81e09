import { initialMachine, machineKey, restoreMachines } from '../alerts/machine/machineState.js';
import type { Config, RoomConfig, SealedRoomParameters } from '../core/config/schema.js';
import { canonicalJson, sha256 } from '../core/hash.js';
import { homographyOf } from '../core/homography.js';
import { type CameraId, cameraId, roomId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { RoomLive, SealedLive } from '../core/live.js';
import type { LabelledBox, Observation } from '../core/observation.js';
import type { RoomEntry, RoomOutcome } from '../core/roomEntry.js';
import { roomGraph } from '../core/roomGraph.js';
import type { RuleDetail } from '../core/rule.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { observationsOfRuns } from '../detectors/rules/rebuild.js';
import { initialSealedRoom, type SealedRoomOptions, stepSealedRoom } from '../detectors/rules/sealedRoom.js';
import { SEALED_RULES, type SealedRule } from '../detectors/rules/sealedRoomConditions.js';
import { bookOf } from '../detectors/rules/sealedRoomEntries.js';
import { type HeldState, heldRule, type KnownAlert, resumeHeld } from '../detectors/rules/sealedRoomHeld.js';
import { allowedIn, outcomeOf, type RunningEvaluation } from '../detectors/rules/sealedRoomSession.js';
import { unpackSighting } from '../detectors/sealed/roomPersons.js';
import type { AttachedRule, RestoreContext } from './attachedRule.js';
import { type RuleRunner, ruleRunner } from './ruleRunner.js';

/** What a sealed room asks of the rest of the hall. */
export interface SealedRoomDeps {
  /** The evaluation that is open in a room at an instant. */
  running(room: string, at: EventMs): RunningEvaluation | undefined;
  /** Keeps a coming or going: `ledger.roomEntries.add`. */
  keep(entry: RoomEntry): void;
}

/** Runs of conditions are read again this far back after a restart: longer than any timer of theirs. */
const REBUILT_MS = 3_600_000;

/** The rules of one sealed room, bound to its subject: `persons` looks and ticks in, steps and entries out. */
export function sealedRoomRule(config: Config, room: RoomConfig, deps: SealedRoomDeps): AttachedRule<RoomLive> {
  const { sealedRoom } = config.rules;
  const parameters = { ...sealedRoom, faces: sealedRoom.faces && config.faces.enabled };
  const options = optionsOf(room, parameters);
  const subject = roomId(room.id);
  const camera = cameraId(room.cameras[0]!);
  const runners = new Map(
    SEALED_RULES.map((name) => {
      const rule = ruleOf(name, parameters);
      const context = { site: config.site.id, rule: name, ruleVersion: rule.version, subject, camera };
      return [name, ruleRunner(rule, context)] as const;
    }),
  );
  const told = new Map<SealedRule, CameraId>();
  let state = initialSealedRoom;
  let running: RunningEvaluation | undefined;
  let newest: Observation | undefined;

  /** An alert shows the picture of the camera that saw it, not the room's first. */
  const fromCamera = (name: SealedRule, steps: AlertStep[]): AlertStep[] => {
    const seenBy = told.get(name);
    return seenBy === undefined ? steps : steps.map((step) => ({ ...step, camera: seenBy }));
  };

  return {
    rules: [...runners.values()].map(({ rule }) => rule),
    kinds: [],
    derive(observation) {
      if (observation.kind !== 'persons' && observation.kind !== 'tick') return [];
      running = deps.running(room.id, observation.at);
      const [next, { told: observations, entries }] = stepSealedRoom(state, observation, { running, options });
      state = next;
      if (observation.kind === 'persons') newest = observation;
      for (const entry of entries) deps.keep(entry);
      for (const one of observations) {
        if (one.camera !== undefined && Number(one.value) > 0) told.set(one.kind as SealedRule, one.camera);
      }
      return observations;
    },
    feed: (observation) => [...runners].flatMap(([name, runner]) => fromCamera(name, runner.feed(observation))),
    foresee: (observation) => [...runners.values()].flatMap((runner) => runner.foresee(observation)),
    end: (at) => [...runners].flatMap(([name, runner]) => fromCamera(name, runner.end(at))),
    restore(context) {
      running = deps.running(room.id, context.newest);
      const evaluation = running?.session.id;
      if (evaluation !== undefined) {
        const entries = context.ledger.roomEntries.ofEvaluation(evaluation).filter((entry) => entry.room === subject);
        state = { ...state, book: bookOf(entries, evaluation) };
      }
      return [...runners].flatMap(([name, runner]) => {
        const { steps, open } = restoreRunner(name, runner, { ...context, subject, staleMs: parameters.staleAfter });
        // Told on, so that its rule hears when the condition is over.
        if (open) state = { ...state, told: { ...state.told, [name]: toldAt(context.newest) } };
        return steps;
      });
    },
    live: () => ({ sealed: liveOf(newest, { running, room: room.id, inside: state.book.inside }) }),
    boxes: () => boxesOf(newest, running, room.id),
  };
}

const toldAt = (newest: EventMs) => ({ trueAt: newest, until: plusMs(newest, REBUILT_MS) });

function optionsOf(room: RoomConfig, parameters: SealedRoomParameters): SealedRoomOptions {
  const floor = homographyOf(room.floor.map(({ at, metres }) => ({ from: at, to: metres })));
  return {
    room: room.id,
    graph: roomGraph(room.areas),
    seating: { seats: room.seats, floor, minDistance: parameters.minDistance },
    seatCamera: room.cameras[0]!,
    parameters,
  };
}

const HIGH: readonly SealedRule[] = [
  'sealedRoom.stranger',
  'sealedRoom.known',
  'sealedRoom.wrongRoom',
  'sealedRoom.headCount',
];

function ruleOf(name: SealedRule, parameters: SealedRoomParameters) {
  const after: Partial<Record<SealedRule, number>> = {
    'sealedRoom.headCount': parameters.overCountFor,
    'sealedRoom.presence': parameters.presenceFor,
    'sealedRoom.phone': parameters.phoneFor,
    'sealedRoom.empty': parameters.emptyFor,
  };
  return heldRule({
    ...{ name, version: sha256(canonicalJson(parameters)).slice(0, 12), parameters: describe(parameters) },
    ...{ afterMs: after[name] ?? 0, clearMs: parameters.clearAfter, staleMs: parameters.staleAfter },
    priority: HIGH.includes(name) ? 'high' : 'normal',
  });
}

/** The parameters as the reader of an incident sees them: seconds and metres. */
function describe(parameters: SealedRoomParameters): RuleDetail {
  const s = (ms: number): number => Math.round(ms) / 1000;
  return {
    over_count_for_s: s(parameters.overCountFor),
    unidentified_for_s: s(parameters.unidentifiedFor),
    phone_for_s: s(parameters.phoneFor),
    empty_for_s: s(parameters.emptyFor),
    presence_for_s: s(parameters.presenceFor),
    adjacent_for_s: s(parameters.adjacentFor),
    min_distance_m: parameters.minDistance,
    stay_for_s: s(parameters.stayFor),
    left_after_s: s(parameters.leftAfter),
    stale_after_s: s(parameters.staleAfter),
    clear_after_s: s(parameters.clearAfter),
    faces: parameters.faces,
    face_limit: parameters.faceLimit,
  };
}

function restoreRunner(
  name: SealedRule,
  runner: RuleRunner<HeldState>,
  { ledger, newest, subject, staleMs }: RestoreContext & { subject: ReturnType<typeof roomId>; staleMs: number },
): { steps: AlertStep[]; open: boolean } {
  const incidents = ledger.incidents.list({ rule: name, subjects: [subject] }, { limit: 50 }).items;
  const last = incidents.map(({ id }) => ledger.stepsOf(id).at(-1)!).sort((a, b) => a.seq - b.seq);
  const machine = restoreMachines(last.map(({ step }) => step)).get(machineKey(name, subject)) ?? initialMachine;
  const step = last.at(-1)?.step;
  const known: KnownAlert | undefined = step && {
    ...{ start: step.start, open: step.step !== 'ended', at: step.end ?? step.at, tier: step.tier, seen: step.seen },
  };
  const runs = ledger.observations.runsOf(subject, [name], plusMs(newest, -REBUILT_MS), eventMs(newest + 1));
  const over = runs.findLastIndex(({ value }) => value !== 'unknown' && Number(value) === 0);
  const recent = observationsOfRuns(subject, runs.slice(over + 1), staleMs);
  const [state, events] = resumeHeld(runner.rule, recent, known);
  return { steps: runner.resume(state, machine, events), open: known?.open ?? false };
}

interface LiveContext {
  running: RunningEvaluation | undefined;
  room: string;
  inside: Readonly<Record<string, { state: string; since: EventMs }>>;
}

function liveOf(newest: Observation | undefined, { running, room, inside }: LiveContext): SealedLive {
  const outcomes: Record<RoomOutcome, number> = {
    ...{ rostered: 0, 'rostered-wrong-room': 0, 'known-not-rostered': 0, stranger: 0, unidentified: 0 },
  };
  for (const { claim } of unpackSighting(newest?.facts).persons) outcomes[outcomeOf(claim, running, room)] += 1;
  const roster = running?.session.roster ?? [];
  return {
    ...(running ? { evaluation: running.session.id, project: running.session.project } : {}),
    allowed: running && roster.length > 0 ? allowedIn(running, room).length : null,
    inside: Object.entries(inside)
      .filter(([, { state }]) => state !== 'left')
      .map(([person, { state, since }]) => {
        const name = roster.find(({ id }) => id === person)?.name ?? person;
        return { person, name, seen: state === 'seen', since };
      }),
    outcomes,
  };
}

/** What is said of each person, for an alert's picture. */
function boxesOf(newest: Observation | undefined, running: RunningEvaluation | undefined, room: string): LabelledBox[] {
  const { persons, phones } = unpackSighting(newest?.facts);
  return [
    ...persons.map(({ box, claim }) => ({ box, label: outcomeOf(claim, running, room), score: 1 })),
    ...phones.map((box) => ({ box, label: 'cell phone', score: 1 })),
  ];
}
