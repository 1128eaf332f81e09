#!/usr/bin/env node
// How well people in rooms are counted: node scripts/measure-rooms.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds room/labels.json, seq/labels.json and video/*.json.
// Pictures are counted alone, clips as a room's camera sees them: one look every 2 s, persons followed.
// A count is right inside the label's range; the error is the distance to it. F1 is over heads: of N counted where the label
// says [min, max], min(N, max) are taken for found (capped at N's own range), the rest for false.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { parseConfig } from '../dist/core/config/load.js';
import { makeLogger } from '../dist/core/log.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { liveFinder, roomFinder, stillFinder } from '../dist/detectors/persons/finders.js';
import { readPicture } from '../dist/detectors/readPicture.js';
import { personWatch } from '../dist/detectors/sealed/personWatch.js';
import { openRecording } from '../dist/ingest/openRecording.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'room', 'labels.json'))) {
  console.error(`measure-rooms: ${root}: no labelled rooms`);
  process.exit(2);
}
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const log = makeLogger({ level: 'warn' });
const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
const pool = await openInference({ backend: 'auto', workers: 2, cacheFolder, log, clock: systemClock });

/** Sums over counted looks. */
const tally = () => ({ n: 0, right: 0, over: 0, off: 0, found: 0, missed: 0, false: 0 });
function add(sum, counted, { min, max }) {
  const error = counted < min ? min - counted : counted > max ? counted - max : 0;
  sum.n += 1;
  sum.right += error === 0 ? 1 : 0;
  sum.over += counted > max ? 1 : 0;
  sum.off += error;
  const truth = Math.min(max, Math.max(min, counted));
  sum.found += Math.min(counted, truth);
  sum.missed += Math.max(0, truth - counted);
  sum.false += Math.max(0, counted - truth);
}
function line(name, sum) {
  const precision = sum.found / Math.max(1, sum.found + sum.false);
  const recall = sum.found / Math.max(1, sum.found + sum.missed);
  const f1 = (2 * precision * recall) / Math.max(1e-9, precision + recall);
  const share = (value) => (value / sum.n).toFixed(2);
  console.log(
    `${name.padEnd(34)} n ${String(sum.n).padStart(4)}  right ${share(sum.right)}  too many ${share(sum.over)}  error ${(sum.off / sum.n).toFixed(2)}  P ${precision.toFixed(3)}  R ${recall.toFixed(3)}  F1 ${f1.toFixed(3)}`,
  );
}

const pictures = [
  ...read('room/labels.json').map(({ file, persons_min, persons_max }) => ({
    file,
    min: persons_min,
    max: persons_max,
  })),
  ...read('seq/labels.json').flatMap(({ frames }) =>
    frames.map(({ file, persons }) => ({ file, min: persons, max: persons })),
  ),
];
const LOOKS = {
  'room look': roomFinder(pool),
  'live 384': liveFinder(pool, 384),
  'live 416': liveFinder(pool, 416),
  'live 448': liveFinder(pool, 448),
  'live 512': liveFinder(pool, 512),
  'live 640': liveFinder(pool, 640),
  'live 768': liveFinder(pool, 768),
  'still (three views)': stillFinder(pool),
};
const SCORES = [0.2, 0.22, 0.25, 0.3, 0.35, 0.4];
console.log(`${pictures.length} pictures, each alone`);
for (const [name, find] of Object.entries(LOOKS)) {
  const byScore = new Map(SCORES.map((score) => [score, tally()]));
  for (const { file, min, max } of pictures) {
    const found = await find(await readPicture(join(root, file)), { minScore: SCORES[0], labels: ['person'] });
    for (const [score, sum] of byScore) add(sum, found.filter((object) => object.score >= score).length, { min, max });
  }
  for (const [score, sum] of byScore) line(`${name} at ${score}`, sum);
}

/** Looks of a clip that are counted, so that one long clip does not stand for all. */
const MOST_LOOKS = 60;
const everyS = 2;
const minScore = 0.22;
const clips = readdirSync(join(root, 'video')).filter((name) => name.endsWith('.json'));
const sums = {
  'counted alone (as rooms are)': tally(),
  'weak looks of followed persons too': tally(),
  'mean of three looks': tally(),
};
for (const name of clips) {
  const label = read(join('video', name));
  const video = ['.mkv', '.mp4']
    .map((end) => join(root, 'video', name.replace('.json', end)))
    .find((path) => existsSync(path));
  const camera = {
    id: 'cam',
    source: 'file:none',
    analysisWidth: 1280,
    lookEvery: `${everyS}s`,
    health: { enabled: false },
  };
  const config = parseConfig(JSON.stringify({ site: { id: 'm', name: 'm' }, cameras: [camera] }), 'measure');
  const source = openRecording(config.cameras[0], video, 0, {
    clock: systemClock,
    log,
    signal: new AbortController().signal,
    ingest: config.ingest,
  });
  const find = LOOKS['room look'];
  const watch = personWatch({
    room: 'R',
    tracking: { sureScore: minScore, forgetAfterMs: 9000, staleAfterMs: 10_000 },
  });
  const last = [];
  let looks = 0;
  for await (const item of source.items()) {
    if (item.type !== 'frame') continue;
    if (looks++ >= MOST_LOOKS) break;
    const { frame } = item;
    const persons = await find(frame, { minScore: minScore * 0.6, labels: ['person'] });
    const sighting = await watch.look({ at: frame.at, picture: frame, persons, phones: [] });
    const sure = persons.filter(({ score }) => score >= minScore).length;
    last.push(sure);
    const second = label.per_second.find(({ t }) => t === Math.floor(frame.at / 1000));
    if (!second || second.transition || second.persons === undefined) continue;
    const range = { min: second.persons_min ?? second.persons, max: second.persons_max ?? second.persons };
    add(sums['counted alone (as rooms are)'], sure, range);
    add(sums['weak looks of followed persons too'], sighting.persons.length, range);
    add(
      sums['mean of three looks'],
      Math.round(last.slice(-3).reduce((sum, n) => sum + n, 0) / Math.min(3, last.length)),
      range,
    );
  }
  await source.close();
}
console.log(`${clips.length} clips, one look every ${everyS} s, at most ${MOST_LOOKS} looks of a clip`);
for (const [name, sum] of Object.entries(sums)) line(name, sum);
await pool.close();
rmSync(cacheFolder, { recursive: true });
