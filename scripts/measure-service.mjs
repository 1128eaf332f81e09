#!/usr/bin/env node
// Measures service sessions on a labelled clip: node scripts/measure-service.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds video/*.json with zones and a label each second. The
// person of a labelled seat plays the citizen, a look every two seconds through the real network; staff are taken as there,
// since no clip shows both sides. A labelled stretch of 20 s and more is a session; gaps under 20 s belong to it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { makeLogger } from '../dist/core/log.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { liveFinder, SEAT_LOOK } from '../dist/detectors/persons/finders.js';
import { assignToZones } from '../dist/detectors/persons/zones.js';
import { endSession, initialSession, stepSession } from '../dist/detectors/service/serviceSession.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'video'))) {
  console.error(`measure-service: ${root}: no labelled clips`);
  process.exit(2);
}
const EVERY_S = 2;
const SIZE = { width: 640, height: 360 };
const OPTIONS = { window: 'clip', beginAfter: 20_000, endAfter: 20_000, lostAfter: 600_000, staleAfter: 10_000 };
const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
const log = makeLogger({ level: 'warn' });
const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
const find = liveFinder(pool, SEAT_LOOK);

/** Stretches in which somebody is there, seconds; gaps under 20 s are closed, stretches under 20 s left out. */
function stretches(seconds) {
  const joined = [];
  for (const t of seconds) {
    const last = joined.at(-1);
    if (last && t - last.end < 20) last.end = t;
    else joined.push({ start: t, end: t });
  }
  return joined.filter(({ start, end }) => end - start >= 20);
}

console.log('clip\tzone\tlabelled\tfound\tmatched\tmean error of begin s\tof end s\tof duration s');
for (const name of readdirSync(join(root, 'video')).filter(
  (file) => file.endsWith('.json') && !file.startsWith('asl'),
)) {
  const clip = JSON.parse(readFileSync(join(root, 'video', name), 'utf8'));
  if (clip.duration_s < 60 || clip.zones.length === 0) continue;
  const args = [
    '-v',
    'error',
    '-i',
    join(root, clip.file),
    '-vf',
    `fps=1/${EVERY_S}:start_time=0:round=down,scale=${SIZE.width}:${SIZE.height}`,
  ];
  const raw = execFileSync('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 30 });
  const bytes = SIZE.width * SIZE.height * 3;
  for (const { id, polygon } of clip.zones) {
    const zones = [{ id, side: 'staff', polygon }];
    let state = initialSession;
    const found = [];
    for (let i = 0; (i + 1) * bytes <= raw.length; i++) {
      const picture = { ...SIZE, rgb: new Uint8Array(raw.subarray(i * bytes, (i + 1) * bytes)) };
      const persons = await find(picture, { minScore: 0.2, labels: ['person'] });
      const count = assignToZones(persons, zones).get(id).length;
      for (const [kind, value] of [
        ['staff', 1],
        ['citizens', count],
      ]) {
        const [next, sessions] = stepSession(state, { subject: 'clip', kind, at: i * EVERY_S * 1000, value }, OPTIONS);
        state = next;
        found.push(...sessions);
      }
    }
    found.push(...endSession(state, clip.duration_s * 1000, OPTIONS));
    const occupied = clip.per_second.filter((second) => second.zones?.[id] === 'occupied').map(({ t }) => t);
    const labelled = stretches(occupied);
    const pairs = labelled.flatMap((want) => {
      const hit = found.find(({ start, end }) => start / 1000 < want.end && end / 1000 > want.start);
      return hit ? [{ want, hit: { start: hit.start / 1000, end: hit.end / 1000 } }] : [];
    });
    const mean = (of) =>
      (pairs.reduce((sum, pair) => sum + Math.abs(of(pair)), 0) / Math.max(1, pairs.length)).toFixed(1);
    const errors = [
      mean(({ want, hit }) => hit.start - want.start),
      mean(({ want, hit }) => hit.end - want.end),
      mean(({ want, hit }) => hit.end - hit.start - (want.end - want.start)),
    ];
    console.log([name, id, labelled.length, found.length, pairs.length, ...errors].join('\t'));
    for (const { want, hit } of pairs) console.log(`\t${want.start}-${want.end} s\t${hit.start}-${hit.end} s`);
  }
}
await pool.close();
rmSync(cacheFolder, { recursive: true });
