#!/usr/bin/env node
// Measures how well faces are told apart on labelled pictures: node scripts/measure-faces.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds faces/labels.json and its pictures.
// Prints verification rates by set, what every limit would have done to people on and off a roster, and what the limits
// in use did. Random choices are seeded: two runs print the same.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { boxArea } from '../dist/core/geometry.js';
import { makeLogger } from '../dist/core/log.js';
import { cosine, meanDescriptor } from '../dist/detectors/faces/describe.js';
import { faceNetworks, findFaces } from '../dist/detectors/faces/findFaces.js';
import { MATCH_LIMITS, matchFace } from '../dist/detectors/faces/match.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'faces', 'labels.json'))) {
  console.error(`measure-faces: ${root}: no labelled faces`);
  process.exit(2);
}
const labels = JSON.parse(readFileSync(join(root, 'faces', 'labels.json'), 'utf8'));

async function lookAtAll() {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
  const log = makeLogger({ level: 'warn' });
  const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
  const networks = faceNetworks(pool);
  const seen = [];
  for (const { file, identity, set } of labels.faces) {
    const { faces } = await findFaces(await readPicture(join(root, file)), networks, { embeddings: true });
    const face = [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box))[0];
    seen.push({ file, identity, set, count: faces.length, embedding: face?.embedding, quality: face?.quality });
  }
  await pool.close();
  rmSync(cacheFolder, { recursive: true });
  return seen;
}

const percent = (hits, of) => (of === 0 ? 'none' : `${((100 * hits) / of).toFixed(1)} %`);

/** Wilson score interval, 95 %. */
function interval(hits, of) {
  if (of === 0) return '';
  const [z, p] = [1.96, hits / of];
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return `${(100 * Math.max(0, middle - half)).toFixed(1)}-${(100 * Math.min(1, middle + half)).toFixed(1)} %`;
}

function pairs(faces) {
  const [same, other] = [[], []];
  faces.forEach((a, i) => {
    for (const b of faces.slice(0, i)) {
      if (a.set === b.set) (a.identity === b.identity ? same : other).push(cosine(a.embedding, b.embedding));
    }
  });
  return { same: same.sort((a, b) => a - b), other: other.sort((a, b) => b - a) };
}

function printVerification(seen, sets) {
  console.log('Verification, one photo against one photo (similarity = cosine; pairs within a set)');
  console.log('set            photos  no face  not usable  same pairs  other pairs  false non-match at false match');
  for (const set of [...sets, undefined]) {
    const photos = seen.filter((face) => set === undefined || face.set === set);
    const found = photos.filter((face) => face.embedding);
    const usable = found.filter((face) => face.quality.verdict === 'good');
    const { same, other } = pairs(usable);
    const rates = [0.01, 0.001].map((rate) => {
      if (other.length * rate < 1 || same.length === 0) return `${100 * rate} %: too few pairs`;
      const limit = other[Math.floor(other.length * rate)];
      const missed = same.filter((value) => value <= limit).length;
      return `${100 * rate} %: ${percent(missed, same.length)} (${interval(missed, same.length)}) above ${limit.toFixed(3)}`;
    });
    const counts = [
      photos.length,
      photos.length - found.length,
      found.length - usable.length,
      same.length,
      other.length,
    ];
    const widths = [6, 7, 10, 10, 11];
    const columns = counts.map((count, i) => String(count).padStart(widths[i])).join('  ');
    console.log(`${(set ?? 'all').padEnd(13)}  ${columns}  ${rates.join('; ')}`);
  }
}

/** A generator of numbers in [0, 1) that always starts the same (Park and Miller, 1988). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function shuffled(items, random) {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Enrols some people, each with some photos, and looks at all other photos. */
function openSet(seen, { persons, photos, trials }) {
  const random = seeded(20261008);
  const usable = seen.filter((face) => face.quality?.verdict === 'good');
  const results = [];
  for (let trial = 0; trial < trials; trial++) {
    const people = shuffled([...new Set(seen.map((face) => face.identity))], random);
    const rostered = new Set(people.slice(0, Math.min(persons, Math.floor(people.length / 2))));
    const enrolled = new Set();
    const roster = [...rostered].flatMap((person) => {
      const chosen = shuffled(
        usable.filter((face) => face.identity === person),
        random,
      ).slice(0, photos);
      for (const face of chosen) enrolled.add(face);
      return chosen.length > 0 ? [{ person, descriptor: meanDescriptor(chosen.map((face) => face.embedding)) }] : [];
    });
    for (const face of seen.filter((each) => each.embedding && !enrolled.has(each))) {
      const match = matchFace(face.embedding, roster, face.quality.verdict);
      results.push({ on: rostered.has(face.identity), right: match.person === face.identity, ...match });
    }
  }
  return results;
}

function printOpenSet(seen, sets) {
  console.log(
    `\nIdentification with the limits in use (rostered from ${MATCH_LIMITS.rostered}, stranger below ${MATCH_LIMITS.stranger})`,
  );
  console.log(
    'set            roster  photos  looks at rostered: found, unidentified, called stranger, wrong person  |  at strangers: called so, unidentified, accepted',
  );
  const runs = [];
  for (const set of [...sets, undefined]) {
    const faces = seen.filter((face) => set === undefined || face.set === set);
    for (const [persons, photos] of [
      [5, 1],
      [20, 1],
      [20, 3],
    ]) {
      if (persons > 5 && new Set(faces.map((face) => face.identity)).size < 2 * persons) continue;
      const results = openSet(faces, { persons, photos, trials: 20 });
      if (set === undefined) runs.push({ persons, photos, results });
      const on = results.filter((result) => result.on);
      const off = results.filter((result) => !result.on);
      if (on.length < 20 || off.length < 20) continue;
      const share = (list, test) => percent(list.filter(test).length, list.length);
      const rostered = [
        share(on, ({ right, outcome }) => right && outcome === 'rostered'),
        share(on, ({ outcome }) => outcome === 'unidentified'),
        share(on, ({ outcome }) => outcome === 'stranger'),
        share(on, ({ right, outcome }) => !right && outcome === 'rostered'),
      ];
      const strangers = ['stranger', 'unidentified', 'rostered'].map((name) =>
        share(off, ({ outcome }) => outcome === name),
      );
      console.log(
        `${(set ?? 'all').padEnd(13)}  ${String(persons).padStart(6)}  ${String(photos).padStart(6)}  ${on.length}: ${rostered.join(', ')}  |  ${off.length}: ${strangers.join(', ')}`,
      );
    }
  }
  return runs;
}

function printLimits(runs) {
  console.log(
    '\nWhat other limits would do (all sets, good faces): evidence, rostered found, strangers accepted, for each roster',
  );
  for (let step = 30; step <= 43; step++) {
    const limit = step / 50;
    const columns = runs.map(({ persons, photos, results }) => {
      const good = results.filter(
        ({ outcome, evidence }) => outcome !== 'unidentified' || evidence >= MATCH_LIMITS.stranger,
      );
      const on = good.filter((result) => result.on);
      const off = good.filter((result) => !result.on);
      const found = on.filter(({ right, evidence }) => right && evidence >= limit).length;
      const accepted = off.filter(({ evidence }) => evidence >= limit).length;
      return `${persons}x${photos}: ${percent(found, on.length).padStart(7)} ${percent(accepted, off.length).padStart(7)}`;
    });
    console.log(`${limit.toFixed(2)}  ${columns.join('   ')}`);
  }
}

const seen = await lookAtAll();
const sets = [...new Set(seen.map((face) => face.set))];
printVerification(seen, sets);
printLimits(printOpenSet(seen, sets));
const crowded = seen.filter((face) => face.count !== 1);
console.log(`\nPhotos of one person in which not exactly one face was found: ${crowded.length} of ${seen.length}`);
for (const { file, count } of crowded) console.log(`  ${file}: ${count}`);
