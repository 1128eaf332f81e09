#!/usr/bin/env node
// Compares looks in turn (gate, mosaics, scheduler: the live path) with each picture looked at alone (the unhurried path), second by
// second, on labelled clips and simulated scenes: node scripts/measure-gate.mjs [FOOTAGE]
// All windows and rooms are played at once, as in a hall; of a window the states are compared, of a room the numbers of people.
// TILES=4 lets tiles of different cameras share a run; MINUTES is the scenes' length.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../dist/core/clock.js';
import { cameraId } from '../dist/core/ids.js';
import { makeLogger } from '../dist/core/log.js';
import { eventMs } from '../dist/core/time.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { areaFinder } from '../dist/detectors/persons/finders.js';
import { roomDetector } from '../dist/detectors/roomDetector.js';
import { windowDetector } from '../dist/detectors/windowDetector.js';
import { openRecording } from '../dist/ingest/openRecording.js';
import { encodeScene } from '../dist/ingest/simulator/encodeScene.js';
import { windowZones } from '../dist/ingest/simulator/layout.js';
import { findScene } from '../dist/ingest/simulator/scenes.js';
import { openStage } from '../dist/ingest/simulator/stage.js';
import { looksAlone, looksInTurn } from '../dist/pipeline/looks/hallLooks.js';
import { lookScheduler, TILE_PIXELS } from '../dist/pipeline/looks/lookScheduler.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
const work = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
const log = makeLogger({ level: 'warn' });
const cacheFolder = join(process.env.HALLWATCH_DATA ?? 'var', 'models');
const minutes = Number(process.env.MINUTES ?? 24);

/** A clip with the windows in it and, where it is labelled, what is true second by second. */
const cases = [];
if (existsSync(join(root, 'video'))) {
  for (const name of readdirSync(join(root, 'video')).filter((file) => /^(?!asl).*\.json$/.test(file))) {
    const clip = JSON.parse(readFileSync(join(root, 'video', name), 'utf8'));
    const zones = (clip.zones ?? []).filter(({ id }) => clip.per_second.some((second) => second.zones?.[id]));
    for (const zone of zones) {
      const truth = clip.per_second.map((second) => (second.transition ? undefined : second.zones?.[zone.id]));
      cases.push({
        name: `${name.replace('.json', '')} ${zone.id}`,
        path: join(root, clip.file),
        zones: { staffZone: zone.polygon, citizenZone: [] },
        truth,
      });
    }
  }
}
if (existsSync(join(root, 'video'))) {
  for (const name of readdirSync(join(root, 'video')).filter((file) => file.endsWith('.json'))) {
    const clip = JSON.parse(readFileSync(join(root, 'video', name), 'utf8'));
    const truth = clip.per_second.map(({ transition, persons, persons_min, persons_max }) =>
      transition || persons === undefined ? undefined : [persons_min ?? persons, persons_max ?? persons],
    );
    if (truth.some((range) => range)) {
      cases.push({ name: `${name.replace('.json', '')} as a room`, path: join(root, clip.file), room: true, truth });
    }
  }
}
for (const scene of ['room-1', 'hall-1', 'hall-2']) {
  const path = join(work, `${scene}.mp4`);
  await encodeScene(await openStage(findScene(scene)), path, { fromMs: 0, lengthMs: minutes * 60_000, clock, log });
  if (scene === 'room-1') cases.push({ name: `${scene} as a room`, path, room: true, truth: undefined });
  else
    for (const slot of [0, 1, 2])
      cases.push({ name: `${scene} window ${slot}`, path, zones: windowZones(slot), truth: undefined });
}

const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock });
const tilesARun = Number(process.env.TILES ?? 1);
const scheduler = lookScheduler({
  tileFinder: areaFinder(pool, TILE_PIXELS),
  mosaicFinder: pool.mosaicFinder,
  workers: 1,
  tilesARun,
  clock,
  log,
});
const decisions = new Map();
const inTurn = looksInTurn(pool, scheduler, (decision) => decisions.set(decision, (decisions.get(decision) ?? 0) + 1));
const alone = looksAlone(pool);
const signal = new AbortController().signal;

/** How often the network was asked for a room. */
let roomLooks = 0;
let roomPictures = 0;

/** Staff or persons seen at each picture: `[second, occupied]` or `[second, how many]`. */
async function play({ path, zones, room }, looks, id) {
  const ingest = { offlineAfter: 10_000, sparseKeyframes: 4000 };
  const health = { enabled: false, frozenAfter: 45_000, moved: true };
  const camera = { id, source: `file:${path}`, lookEvery: 2000, analysisWidth: 640, health };
  const source = openRecording(camera, path, eventMs(0), { clock, log, ingest });
  const detector = room ? roomOf(id, looks) : windowOf({ id: 'w', camera: id, ...zones }, looks);
  const seen = [];
  for await (const item of source.items()) {
    if (item.type !== 'frame') continue;
    const found = await detector.observe(item.frame, signal);
    const counted = found.find(({ kind }) => kind === (room ? 'persons' : 'staff'));
    seen.push([item.frame.at / 1000, room ? counted.value : counted.value > 0]);
    if (!room || looks === alone) continue;
    roomPictures += 1;
    if (counted.verifiedAt === undefined) roomLooks += 1;
  }
  return seen;
}

function windowOf(window, looks) {
  const { find, gated } = looks.seats([window]);
  return gated(windowDetector({ camera: cameraId(window.camera), windows: [window], objects: find, minScore: 0.2 }));
}

const roomOf = (id, looks) =>
  roomDetector({
    camera: id,
    rooms: [{ id: 'w', cameras: [id], zone: [] }],
    find: looks.room(),
    minScore: 0.22,
  });

/** The state of each second: what the last picture before its end said. */
const bySecond = (seen) => {
  const states = [];
  for (const [at, occupied] of seen) states[Math.floor(at)] = occupied;
  for (let i = 1; i < states.length; i++) states[i] ??= states[i - 1];
  return states;
};

try {
  const live = await Promise.all(cases.map((each, i) => play(each, inTurn, `live${i}`)));
  const quiet = [];
  for (const [i, each] of cases.entries()) quiet.push(await play(each, alone, `alone${i}`));
  const total = { windows: [0, 0], rooms: [0, 0] };
  console.log('clip                                   | seconds | equal   | right alone | right in turn');
  cases.forEach(({ name, truth, room }, i) => {
    const [a, b] = [bySecond(live[i]), bySecond(quiet[i])];
    const equal = a.filter((state, second) => state === b[second]).length;
    const sum = total[room ? 'rooms' : 'windows'];
    sum[0] += equal;
    sum[1] += a.length;
    const right = (states) => {
      const known = states
        .map((state, second) => [state, truth?.[second]])
        .filter(([, word]) => (room ? word : ['occupied', 'empty'].includes(word)));
      const isRight = ([state, word]) =>
        room ? state >= word[0] && state <= word[1] : state === (word === 'occupied');
      return known.length > 0 ? (known.filter(isRight).length / known.length).toFixed(4) : '-';
    };
    console.log(
      [
        name.padEnd(38),
        String(a.length).padStart(7),
        (equal / a.length).toFixed(4),
        right(b).padStart(11),
        right(a).padStart(13),
      ].join(' | '),
    );
  });
  for (const [what, [same, all]] of Object.entries(total))
    console.log(`${what}: ${all} seconds, ${((100 * same) / all).toFixed(2)} % equal`);
  console.log(
    `decisions for windows ${JSON.stringify(Object.fromEntries(decisions))}; network asked for ${roomLooks} of ${roomPictures} pictures of rooms; ${scheduler.stats().runs} runs`,
  );
} finally {
  scheduler.close();
  await pool.close();
  rmSync(work, { recursive: true, force: true });
}
