#!/usr/bin/env node
// Measures how well smiles are told on labelled pictures: node scripts/measure-smile.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds smile/labels.json and the pictures it names.
// `slight` is left out, as nobody can say what it should be. Prints precision and recall at each limit, and by set at 0.5.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { boxArea } from '../dist/core/geometry.js';
import { makeLogger } from '../dist/core/log.js';
import { faceFinder } from '../dist/detectors/faces/faceFinder.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'smile', 'labels.json'))) {
  console.error(`measure-smile: ${root}: no labelled smiles`);
  process.exit(2);
}
const labels = JSON.parse(readFileSync(join(root, 'smile', 'labels.json'), 'utf8'));

async function lookAtAll() {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
  const log = makeLogger({ level: 'warn' });
  const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
  const find = faceFinder(pool);
  const seen = [];
  for (const { file, set, smile, faces: count } of labels.filter((label) => label.smile !== 'slight')) {
    const found = await find(await readPicture(join(root, file)), { smile: true, embeddings: false });
    const largest = found.sort((a, b) => boxArea(b.box) - boxArea(a.box)).slice(0, count);
    for (let i = 0; i < count; i++) seen.push({ file, set, smiles: smile === 'yes', value: largest[i]?.smile });
  }
  await pool.close();
  rmSync(cacheFolder, { recursive: true });
  return seen;
}

function rates(faces, limit) {
  const judged = faces.filter(({ value }) => typeof value === 'number');
  const said = judged.filter(({ value }) => value >= limit);
  const right = said.filter(({ smiles }) => smiles).length;
  const smiling = judged.filter(({ smiles }) => smiles).length;
  const [precision, recall] = [right / said.length, right / smiling];
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall), said: said.length, smiling };
}

const share = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : 'none').padStart(8);

const seen = await lookAtAll();
console.log('limit  precision   recall       F1');
for (let limit = 0.1; limit < 0.95; limit += 0.05) {
  const { precision, recall, f1 } = rates(seen, limit);
  console.log(`${limit.toFixed(2)}   ${share(precision)}  ${share(recall)}  ${share(f1)}`);
}
console.log('\nAt 0.5          faces  no face  unknown  smiling  said so  precision   recall');
for (const set of [...new Set(seen.map((face) => face.set)), undefined]) {
  const faces = seen.filter((face) => set === undefined || face.set === set);
  const { precision, recall, said, smiling } = rates(faces, 0.5);
  const missed = faces.filter(({ value }) => value === undefined).length;
  const unknown = faces.filter(({ value }) => value === 'unknown').length;
  const counts = [faces.length, missed, unknown, smiling, said].map((count) => String(count).padStart(7)).join('  ');
  console.log(`${(set ?? 'all').padEnd(15)}${counts}   ${share(precision)} ${share(recall)}`);
}
const wrong = seen.filter(({ value, smiles }) => typeof value === 'number' && value >= 0.5 !== smiles);
console.log(`\nWrong at 0.5: ${wrong.length}`);
for (const { file, smiles, value } of wrong)
  console.log(`  ${file}: ${smiles ? 'smiles' : 'does not smile'}, said ${value.toFixed(2)}`);
