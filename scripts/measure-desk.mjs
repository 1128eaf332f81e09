#!/usr/bin/env node
// Measures how well desks are judged from one picture: node scripts/measure-desk.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds desk/labels.json and the pictures it names.
// Uses the default standard, the whole picture as the desk, and no reference. `cluttered` must be disorder and `tidy` must be
// tidy; `minor` is told apart. Then: each desk judged by limits that were chosen without it, and things by class.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { makeLogger } from '../dist/core/log.js';
import { clutterOf } from '../dist/detectors/desk/clutter.js';
import { judgeDesk } from '../dist/detectors/desk/lookAtDesk.js';
import { defaultStandard } from '../dist/detectors/desk/standard.js';
import { deskZone } from '../dist/detectors/desk/zone.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { stillFinder } from '../dist/detectors/persons/finders.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'desk', 'labels.json'))) {
  console.error(`measure-desk: ${root}: no labelled desks`);
  process.exit(2);
}
const labels = JSON.parse(readFileSync(join(root, 'desk', 'labels.json'), 'utf8'));

// Which COCO classes answer a hand label; kinds that COCO does not know (papers, tape, cables) are left out.
const CLASSES = {
  monitor: ['tv', 'laptop'],
  laptop: ['laptop', 'tv'],
  keyboard: ['keyboard', 'laptop'],
  mouse: ['mouse'],
  cup: ['cup'],
  bottle: ['bottle'],
  book: ['book'],
  phone: ['cell phone'],
  plant: ['potted plant', 'vase'],
  chair: ['chair'],
  food: ['sandwich', 'apple', 'banana', 'orange', 'pizza', 'donut', 'cake', 'hot dog', 'carrot', 'broccoli'],
  toy: ['teddy bear'],
};
// Answers to other labels that are as good: a bowl of coffee is a cup, a can is a bottle.
const ALSO = { cup: ['can'], bottle: ['can'], book: ['papers'], phone: ['tablet', 'power bank'], plant: ['flowers'] };

const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
const log = makeLogger({ level: 'warn' });
const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
const find = stillFinder(pool);
const zone = deskZone([]);
const options = { zone, standard: defaultStandard(), references: [], coveredShare: 0.3 };
const seen = [];
for (const label of labels) {
  const picture = await readPicture(join(root, label.file));
  const objects = await find(picture, { minScore: 0.16, region: zone.region });
  const { loose, crowded } = clutterOf(picture, zone.bounds, { zone: zone.polygon, objects });
  seen.push({ ...label, objects, loose, crowded, ...judgeDesk(picture, objects, options) });
}
await pool.close();
rmSync(cacheFolder, { recursive: true });

console.log('verdict\ttidy\tdisorder\tunknown');
for (const state of ['tidy', 'minor', 'cluttered']) {
  const of = seen.filter((desk) => desk.state === state);
  const count = (verdict) => of.filter((desk) => desk.verdict === verdict).length;
  console.log([state, count('tidy'), count('disorder'), count('unknown')].join('\t'));
}
const judged = seen.filter(({ state, verdict }) => state !== 'minor' && verdict !== 'unknown');
const right = judged.filter(({ state, verdict }) => state === 'cluttered' && verdict === 'disorder').length;
const told = judged.filter(({ verdict }) => verdict === 'disorder').length;
const clutteredDesks = seen.filter(({ state }) => state === 'cluttered').length;
const ratio = (part, whole) => (whole > 0 ? (part / whole).toFixed(2) : '-');
console.log(
  `disorder: precision ${ratio(right, told)} (${right}/${told}), recall ${ratio(right, clutteredDesks)} (${right}/${clutteredDesks})`,
);
console.log('\npicture\tstate\tverdict\tclutter\tloose\tcrowded\treasons');
for (const desk of seen) {
  const kinds = desk.reasons.filter(({ kind }) => kind === 'item').map(({ label }) => label);
  console.log(
    [
      basename(desk.file),
      desk.state,
      desk.verdict,
      desk.clutter,
      desk.loose.toFixed(2),
      desk.crowded.toFixed(3),
      [...new Set(kinds)].join(' '),
    ].join('\t'),
  );
}

// Each scene left out in turn: weight and limit of the clutter chosen on the others, with the greatest margin.
const sceneOf = ({ file }) => (basename(file).startsWith('tum_fr2') ? 'tum_fr2' : file);
const both = seen.filter(({ state }) => state !== 'minor');
const choose = (desks) => {
  let best = { margin: Number.NEGATIVE_INFINITY };
  for (let weight = 2; weight <= 12; weight += 0.5) {
    const value = ({ loose, crowded }) => (loose + weight * crowded) / weight;
    const tidy = Math.max(...desks.filter(({ state }) => state === 'tidy').map(value));
    const cluttered = Math.min(...desks.filter(({ state }) => state === 'cluttered').map(value));
    if (cluttered - tidy > best.margin)
      best = { margin: cluttered - tidy, weight, limit: (weight * (tidy + cluttered)) / 2 };
  }
  return best;
};
const wrong = both.filter((desk) => {
  const { weight, limit } = choose(both.filter((other) => sceneOf(other) !== sceneOf(desk)));
  const disorder =
    desk.loose + weight * desk.crowded >= limit ||
    desk.reasons.some(({ score, label }) => score && desk.verdict === 'disorder' && desk.clutter < 1 && label);
  return disorder !== (desk.state === 'cluttered');
});
const scenes = new Set(both.map(sceneOf)).size;
const whole = choose(both);
console.log(
  `\nleft out in turn (${scenes} scenes, ${both.length} pictures): wrong ${wrong.length}: ${wrong.map(({ file }) => basename(file)).join(' ')}`,
);
console.log(
  `chosen on all: weight ${whole.weight}, limit ${whole.limit.toFixed(2)}, margin ${whole.margin.toFixed(3)}`,
);

console.log('\nthing\tlabelled\tP 0.25\tR 0.25\tP 0.35\tR 0.35\tP 0.45\tR 0.45');
for (const [thing, classes] of Object.entries(CLASSES)) {
  const isThere = ({ items }) => items.includes(thing) || (ALSO[thing] ?? []).some((other) => items.includes(other));
  const cells = [0.25, 0.35, 0.45].flatMap((limit) => {
    const found = (desk) => desk.objects.some(({ label, score }) => classes.includes(label) && score >= limit);
    const hits = seen.filter((desk) => found(desk) && isThere(desk)).length;
    const exact = seen.filter((desk) => desk.items.includes(thing));
    return [ratio(hits, seen.filter(found).length), ratio(exact.filter(found).length, exact.length)];
  });
  console.log([thing, seen.filter(({ items }) => items.includes(thing)).length, ...cells].join('\t'));
}
