import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { parseConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import { evaluationId, personId } from '../core/evaluation.js';
import { type Frame, makeFrame } from '../core/frame.js';
import { cameraId, roomId, subjectId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { mapOrdered, streamOf } from '../core/mapOrdered.js';
import { eventMs } from '../core/time.js';
import { DESCRIPTOR_LENGTH, meanDescriptor } from '../detectors/faces/describe.js';
import type { Template } from '../detectors/faces/match.js';
import { openInference } from '../detectors/inference/pool.js';
import type { Picture } from '../detectors/persons/picture.js';
import { readPicture } from '../detectors/readPicture.js';
import { findScene } from '../ingest/simulator/scenes.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../ingest/simulator/sprite.js';
import { openStage } from '../ingest/simulator/stage.js';
import { hallDetectors } from '../pipeline/hallDetectors.js';
import { hallTracks } from '../pipeline/hallTracks.js';
import { makeJudge } from '../pipeline/judge.js';
import { recordedEvaluation } from '../pipeline/recordedEvaluation.js';
import { type Percentiles, percentiles } from './percentiles.js';

export interface BenchRoomsOptions {
  rooms: number;
  /** Persons on the roster of the one evaluation that runs in all rooms, each with a template. */
  roster: number;
  /** Event time that is played, seconds. */
  seconds: number;
  /** Pictures of rooms with people; the simulator's drawn room where there are none. */
  pictures: readonly string[];
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

export interface BenchRoomsResult {
  rooms: number;
  roster: number;
  seconds: number;
  looks: number;
  /** Persons followed, mean of a look. */
  persons: number;
  /** CPU of the whole process, threads of the inference included, per second of one room: while people are identified (the
   * first 10 s) and from then on. Decoding is not in it: see `bench cameras`. */
  cpuMsPerRoomSecond: { identifying: number; steady: number };
  /** Cores that the asked rooms take at one look every 2 s, steady. */
  cores: number;
  /** From picture to judgement with as many looks under way as there are workers, ms. */
  lookMs: Percentiles;
}

const LOOK_EVERY_S = 2;
const IDENTIFYING_S = 10;
const WORKERS = 2;

/**
 * Plays pictures to `rooms` sealed rooms as fast as they are judged: persons, tracking, faces against the roster, rules. The
 * templates are random directions, so nobody is recognised: comparing costs the same, and everybody is a stranger.
 */
export async function benchRooms(options: BenchRoomsOptions): Promise<BenchRoomsResult> {
  const { rooms, seconds, clock, log, signal } = options;
  // Every look under way listens to it.
  setMaxListeners(0, signal);
  const folder = await mkdtemp(join(tmpdir(), 'hallwatch-bench-rooms-'));
  const pool = await openInference({ backend: 'auto', workers: WORKERS, cacheFolder: folder, log, clock });
  try {
    const pictures = await picturesOf(options.pictures);
    const config = hallOf(rooms);
    const evaluation = evaluationOf(config, options.roster);
    const judge = makeJudge(hallTracks(config, undefined, { running: evaluation.running, keep: () => undefined }).all);
    const detectors = hallDetectors(config, pool, { galleryOf: evaluation.gallery });
    const cameras = config.cameras.map(({ id }) => ({ id, detector: detectors.detectorsOf(cameraId(id))[0]! }));

    const lookMs: number[] = [];
    let persons = 0;
    const look = async (camera: { id: string; detector: Detector }, frame: Frame): Promise<void> => {
      const began = clock.monotonicMs();
      const observations = await camera.detector.observe(frame, signal);
      persons += Number(observations[0]?.value ?? 0);
      const tick = { subject: subjectId(`room-${camera.id}`), kind: 'tick', at: frame.at, value: true };
      await judge.hear([...observations, tick]);
      lookMs.push(clock.monotonicMs() - began);
    };
    const play = async (fromS: number, toS: number): Promise<number> => {
      const before = process.cpuUsage();
      for (let s = fromS; s < toS; s += LOOK_EVERY_S) {
        const at = eventMs(s * 1000);
        const round = cameras.map((camera, i) => ({
          camera,
          frame: frameOf(pictures[i % pictures.length]!, camera.id, at),
        }));
        for await (const _ of mapOrdered(streamOf(round), ({ camera, frame }) => look(camera, frame), WORKERS + 1)) {
          signal.throwIfAborted();
        }
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / rooms / Math.max(1, toS - fromS);
    };

    // Networks are converted and loaded before anything is measured.
    await cameras[0]!.detector.observe(frameOf(pictures[0]!, cameras[0]!.id, eventMs(-60_000)), signal);
    const identifying = await play(0, IDENTIFYING_S);
    const steady = await play(IDENTIFYING_S, seconds);
    const tenths = (value: number): number => Math.round(value * 10) / 10;
    return {
      ...{ rooms, roster: options.roster, seconds, looks: lookMs.length, persons: tenths(persons / lookMs.length) },
      cpuMsPerRoomSecond: { identifying: tenths(identifying), steady: tenths(steady) },
      cores: Math.round((steady * rooms) / 10) / 100,
      lookMs: percentiles(lookMs),
    };
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function picturesOf(files: readonly string[]): Promise<Picture[]> {
  if (files.length === 0) {
    const stage = await openStage(findScene('room-1'));
    return [{ width: PICTURE_WIDTH, height: PICTURE_HEIGHT, rgb: stage.paint(0) }];
  }
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(await readPicture(file, { longest: 1280 }));
  return pictures;
}

const frameOf = ({ width, height, rgb }: Picture, camera: string, at: Frame['at']): Frame =>
  makeFrame({ camera: cameraId(camera), at, width, height, rgb, keyframe: true });

function hallOf(rooms: number): Config {
  const ids = Array.from({ length: rooms }, (_, i) => `R${i + 1}`);
  const config = {
    site: { id: 'bench', name: 'bench' },
    cameras: ids.map((id) => ({ id, source: 'file:none' })),
    rooms: ids.map((id) => ({ id: `room-${id}`, cameras: [id] })),
  };
  return parseConfig(JSON.stringify(config), 'bench');
}

function evaluationOf(config: Config, persons: number) {
  const ids = Array.from({ length: persons }, (_, i) => `P${i + 1}`);
  const roster = ids.map((id) => ({
    ...{ id: personId(id), name: id, role: 'expert' as const, category: '', batch: '', rooms: [] },
  }));
  return recordedEvaluation({
    session: {
      ...{ id: evaluationId('bench'), project: 'bench', projectName: '', state: 'open', openedAt: eventMs(0) },
      rooms: config.rooms.map(({ id }) => ({ room: roomId(id), venue: 'main' })),
      ...{ plannedStart: eventMs(0), plannedEnd: eventMs(86_400_000), roster, bidders: [], signIn: [] },
      ...{ reentryAllowed: true, version: 1 },
    },
    ...{ entries: [], roster: ids.map(randomTemplate), others: [] },
  });
}

/** A direction of fixed seed (Park and Miller, "Random number generators: good ones are hard to find", CACM 31(10), 1988). */
function randomTemplate(person: string, index: number): Template {
  let state = index + 1;
  const values = Float32Array.from({ length: DESCRIPTOR_LENGTH }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
  return { person, descriptor: meanDescriptor([values]) };
}
