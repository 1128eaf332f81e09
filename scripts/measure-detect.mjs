#!/usr/bin/env node
// Measures how well persons, seats and things are found on labelled footage: node scripts/measure-detect.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds room/, desk/, seq/ and video/ with their labels.
// Prints one table; what the columns mean stands under it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { iou } from '../dist/core/geometry.js';
import { makeLogger } from '../dist/core/log.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { liveFinder, stillFinder } from '../dist/detectors/persons/finders.js';
import { assignToZones } from '../dist/detectors/persons/zones.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'room', 'labels.json'))) {
  console.error(`measure-detect: ${root}: no labelled footage`);
  process.exit(2);
}
const labels = (path) => (existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')) : []);
const work = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));

// Which COCO classes answer a hand label of the desk pictures; kinds that COCO does not know (papers, tape) are left out.
const ITEM_CLASSES = {
  monitor: ['tv', 'laptop'],
  laptop: ['laptop', 'tv'],
  tablet: ['laptop', 'cell phone', 'tv'],
  keyboard: ['keyboard', 'laptop'],
  mouse: ['mouse'],
  cup: ['cup'],
  bottle: ['bottle'],
  book: ['book'],
  phone: ['cell phone'],
  telephone: ['cell phone'],
  plant: ['potted plant', 'vase'],
  chair: ['chair'],
};

/** One labelled picture: what of it is known. */
const cases = new Map();
const caseOf = (path) => {
  if (!cases.has(path)) cases.set(path, { path, zones: [] });
  return cases.get(path);
};
const persons = (label) => [label.persons_min ?? label.persons, label.persons_max ?? label.persons];

for (const label of labels('room/labels.json')) {
  Object.assign(caseOf(join(root, label.file)), { set: 'room', persons: persons(label), boxes: label.person_boxes });
}
for (const label of labels('room/seat_zones.json')) caseOf(join(root, label.file)).zones.push(...label.zones);
for (const label of labels('desk/labels.json')) caseOf(join(root, label.file)).items = label.items;
for (const { frames, zones = [] } of labels('seq/labels.json')) {
  for (const frame of frames) {
    // Its boxes are drawn around whole persons, hidden parts included: they are no measure for ours.
    Object.assign(caseOf(join(root, frame.file)), { set: 'seq', persons: persons(frame) });
    caseOf(join(root, frame.file)).zones.push(...zones.filter((zone) => zone.occupied !== undefined));
  }
}
for (const name of readdirSync(join(root, 'video')).filter(
  (file) => file.endsWith('.json') && !/asl|composed/.test(file),
)) {
  const clip = labels(`video/${name}`);
  for (const second of clip.per_second.filter((each) => !each.transition && clip.zones?.length > 0)) {
    const path = join(work, `${name}-${second.t}.png`);
    const input = ['-ss', String(second.t), '-i', join(root, clip.file)];
    execFileSync('ffmpeg', ['-v', 'error', ...input, '-frames:v', '1', path]);
    if (!existsSync(path)) continue;
    const zones = clip.zones.filter((zone) => ['occupied', 'empty'].includes(second.zones?.[zone.id]));
    const judged = zones.map((zone) => ({ ...zone, occupied: second.zones[zone.id] === 'occupied' }));
    Object.assign(caseOf(path), { set: 'video', persons: persons(second), zones: judged });
  }
}

const ratio = (part, whole) => (whole > 0 ? (part / whole).toFixed(2) : '-');

const zero = () => ({ seat: [0, 0, 0], box: [0, 0, 0], room: [0, 0], all: [0, 0], item: [0, 0], off: 0 });

/** Counts right and wrong of one finder over all cases, for each least score. */
async function measure({ find, minScores }, pictures) {
  const sums = new Map(minScores.map((minScore) => [minScore, zero()]));
  let ms = 0;
  for (const each of cases.values()) {
    const picture = pictures.get(each.path);
    const before = process.cpuUsage();
    const found = await find(picture, { minScore: Math.min(...minScores) });
    const spent = process.cpuUsage(before);
    ms += (spent.user + spent.system) / 1000;
    for (const [minScore, sum] of sums) {
      judge(
        sum,
        each,
        found.filter(({ score }) => score >= minScore),
      );
    }
  }
  return { sums, ms: ms / cases.size };
}

function judge(sum, each, found) {
  const people = found.filter(({ label }) => label === 'person');
  countSeats(sum.seat, each.zones, people);
  if (each.persons) countPersons(sum, each, people.length);
  if (each.boxes) matchBoxes(sum.box, each.boxes, people);
  const kinds = new Set(found.map(({ label }) => label));
  for (const item of (each.items ?? []).filter((kind) => ITEM_CLASSES[kind])) {
    sum.item[1] += 1;
    if (ITEM_CLASSES[item].some((label) => kinds.has(label))) sum.item[0] += 1;
  }
}

function countSeats(sum, zones, people) {
  const assigned = assignToZones(
    people,
    zones.map(({ id, polygon }) => ({ id, polygon, side: 'staff' })),
  );
  for (const { id, occupied } of zones) {
    const seen = assigned.get(id).length > 0;
    if (seen && occupied) sum[0] += 1;
    else if (seen) sum[1] += 1;
    else if (occupied) sum[2] += 1;
  }
}

function countPersons(sum, { persons: [least, most], set }, count) {
  const right = count >= least && count <= most ? 1 : 0;
  for (const key of set === 'room' ? ['room', 'all'] : ['all']) {
    sum[key][0] += right;
    sum[key][1] += 1;
  }
  sum.off += Math.max(0, least - count, count - most);
}

function matchBoxes(sum, truth, people) {
  const free = new Set(truth);
  for (const { box } of people) {
    const match = [...free].find((other) => iou(other, box) >= 0.5);
    if (match) free.delete(match);
    sum[match ? 0 : 1] += 1;
  }
  sum[2] += free.size;
}

const log = makeLogger({ level: 'warn' });
const cacheFolder = join(process.env.HALLWATCH_DATA ?? 'var', 'models');
const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
const live = (longest) => ({ name: `live ${longest}`, find: liveFinder(pool, longest), minScores: [0.2, 0.22, 0.25] });
const looks = [
  { name: 'still (3 views)', find: stillFinder(pool), minScores: [0.2, 0.22, 0.25] },
  { name: 'one look 512x512', find: pool.objectFinder(), minScores: [0.2, 0.22, 0.25] },
  ...[512, 384, 320].map(live),
];

function print(look, minScore, { seat, box, room, all, off, item }, ms) {
  const both = ([hit, wrong, missed]) => `${ratio(hit, hit + wrong)} / ${ratio(hit, hit + missed)}`;
  const counts = [room, all].map(([right, of]) => `${right}/${of} ${ratio(right, of)}`);
  const rest = [String(off).padStart(3), ` ${ratio(...item)}`, ms.toFixed(0).padStart(3)];
  console.log([look.name.padEnd(16), minScore.toFixed(2), both(seat), both(box), ...counts, ...rest].join(' | '));
}

try {
  const pictures = new Map();
  for (const path of cases.keys()) pictures.set(path, await readPicture(path));
  console.log('look             | min  | seats P / R | boxes P / R | room counts | all counts | off | items | ms');
  for (const look of looks) {
    await look.find(pictures.values().next().value, { minScore: 0.5 });
    const { sums, ms } = await measure(look, pictures);
    for (const [minScore, sum] of sums) print(look, minScore, sum, ms);
  }
  console.log(`
seats: occupied or empty at ${[...cases.values()].reduce((n, each) => n + each.zones.length, 0)} labelled zones. boxes: persons in the COCO pictures, IoU 0.5.
counts: pictures whose number of persons is within the label's range; off: persons too many or too few, summed.
items: desk labels of kinds that COCO knows, found anywhere in the picture. ms: processor time of a look (scaling, network, decoding), mean.`);
} finally {
  await pool.close();
  rmSync(work, { recursive: true, force: true });
}
