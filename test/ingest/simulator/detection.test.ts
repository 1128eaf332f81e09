import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/core/config/load.js';
import { parseDuration } from '../../../src/core/duration.js';
import { cameraId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Observation } from '../../../src/core/observation.js';
import { eventMs } from '../../../src/core/time.js';
import { openBackend } from '../../../src/detectors/inference/openBackend.js';
import { detectObjects } from '../../../src/detectors/persons/detectObjects.js';
import { type FinderPool, liveFinder, roomFinder, SEAT_LOOK } from '../../../src/detectors/persons/finders.js';
import { eachAlone, roomDetector } from '../../../src/detectors/roomDetector.js';
import { windowDetector } from '../../../src/detectors/windowDetector.js';
import { findScene } from '../../../src/ingest/simulator/scenes.js';
import { sceneTruth } from '../../../src/ingest/simulator/script.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../../../src/ingest/simulator/sprite.js';
import { openStage } from '../../../src/ingest/simulator/stage.js';
import { modelCache } from '../../support/modelCache.js';

const config = loadConfig('config/simulated-hall.yaml', {});
const cacheFolder = modelCache();
const loaded: Array<ReturnType<typeof openBackend>> = [];
afterAll(async () => {
  for (const network of loaded) await (await network).close();
});

/** The real network in this thread, instead of the pool's workers. */
const inThread: FinderPool = {
  objectFinder(size) {
    const open = openBackend('centernet', size ?? {}, { backend: 'auto', cacheFolder, log: silentLogger });
    loaded.push(open);
    return async (picture, options, signal) => detectObjects(picture, await open, options, signal);
  },
};

const seats = liveFinder(inThread, SEAT_LOOK);
const rooms = roomFinder(inThread);

async function look(camera: string, at: string): Promise<Observation[]> {
  const { source } = config.cameras.find((one) => one.id === camera)!;
  const scene = findScene(source.slice(4));
  const rgb = (await openStage(scene)).paint(parseDuration(at));
  const minScore = config.inference.minScore;
  const detector =
    scene.kind === 'hall'
      ? windowDetector({ camera, windows: config.windows, objects: seats, minScore })
      : roomDetector({ camera, rooms: config.rooms, find: eachAlone(rooms), minScore });
  const frame = {
    camera: cameraId(camera),
    at: eventMs(0),
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    rgb,
    keyframe: true,
  };
  return detector.observe(frame, new AbortController().signal);
}

const found = (observations: Observation[]) =>
  Object.fromEntries(observations.map((one) => [`${one.subject} ${one.kind}`, one.value]));

function expected(camera: string, at: string) {
  const scene = findScene(config.cameras.find((one) => one.id === camera)!.source.slice(4));
  const truth = sceneTruth(scene, parseDuration(at));
  const windows = truth.windows.flatMap(({ id, staff, citizens }) => [
    [`${id} staff`, staff],
    [`${id} citizens`, citizens],
  ]);
  return Object.fromEntries(truth.room ? [[`${truth.room.id} persons`, truth.room.persons]] : windows);
}

describe('the real detector before the simulated hall', () => {
  it.each([
    ['all clerks at their places', 'cam-hall-1', '10s'],
    ['empty chairs, which are nobody, and a waiting citizen', 'cam-hall-1', '12m30s'],
    ['clerks serving citizens', 'cam-hall-1', '32m'],
    ['a clerk behind a cup and a bag, and an empty chair', 'cam-hall-2', '17m30s'],
    ['a citizen before another window', 'cam-hall-2', '28m'],
    ['one expert', 'cam-room-1', '5m'],
    ['two experts and somebody at the door', 'cam-room-1', '18m'],
    ['an empty room', 'cam-room-1', '39m'],
  ])('counts %s', async (_, camera, at) => {
    const observations = await look(camera, at);
    expect(found(observations)).toEqual(expected(camera, at));
    for (const { score } of observations) expect(score ?? 1).toBeGreaterThan(0.4);
  });
});
