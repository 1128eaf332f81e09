#!/usr/bin/env node
// Measures seat occupancy by look: whole pictures, single crops, and crops of several cameras in one mosaic, against the labelled
// zones of the footage and against what they cost: node scripts/measure-looks.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds room/, desk/, seq/ and video/ with their labels.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/core/clock.js';
import { boundsOf, clampBox } from '../dist/core/geometry.js';
import { makeLogger } from '../dist/core/log.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { areaFinder, liveFinder } from '../dist/detectors/persons/finders.js';
import { dropParts } from '../dist/detectors/persons/nms.js';
import { assignToZones } from '../dist/detectors/persons/zones.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'room', 'labels.json'))) {
  console.error(`measure-looks: ${root}: no labelled footage`);
  process.exit(2);
}
const labels = (path) => (existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')) : []);
const work = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));

/** Labelled zones by picture. */
const zonesOf = new Map();
const add = (path, zones) => zonesOf.set(path, [...(zonesOf.get(path) ?? []), ...zones]);
for (const { file, zones } of labels('room/seat_zones.json')) add(join(root, file), zones);
for (const { frames, zones = [] } of labels('seq/labels.json')) {
  const known = zones.filter((zone) => zone.occupied !== undefined);
  if (known.length > 0) for (const { file } of frames) add(join(root, file), known);
}
for (const name of readdirSync(join(root, 'video')).filter((file) => /^(?!asl|composed).*\.json$/.test(file))) {
  const clip = labels(`video/${name}`);
  for (const second of clip.per_second.filter((each) => !each.transition && clip.zones?.length > 0)) {
    const zones = clip.zones.filter((zone) => ['occupied', 'empty'].includes(second.zones?.[zone.id]));
    const path = join(work, `${name}-${second.t}.png`);
    if (zones.length === 0) continue;
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-ss',
      String(second.t),
      '-i',
      join(root, clip.file),
      '-frames:v',
      '1',
      path,
    ]);
    if (existsSync(path))
      add(
        path,
        zones.map((zone) => ({ ...zone, occupied: second.zones[zone.id] === 'occupied' })),
      );
  }
}

/** The part of the picture around one zone, as the pipeline cuts it: half its size more on every side. */
const around = (polygon, margin = 0.5) => {
  const [x1, y1, x2, y2] = boundsOf(polygon);
  const [x, y] = [(x2 - x1) * margin, (y2 - y1) * margin];
  return clampBox([x1 - x, y1 - y, x2 + x, y2 + y]);
};

const log = makeLogger({ level: 'warn' });
const cacheFolder = join(process.env.HALLWATCH_DATA ?? 'var', 'models');
const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
const MIN = 0.1;
const options = { minScore: MIN, labels: ['person'] };

/** Every seat: its picture, the zones of that picture, and which of them it is. */
const seats = [];
for (const [path, zones] of zonesOf) {
  // At most what a sub-stream shows.
  const picture = await readPicture(path, { longest: 640 });
  for (const zone of zones) seats.push({ picture, zones, zone, path });
}

const whole = (longest) => async () => {
  const find = liveFinder(pool, longest);
  const byPath = new Map();
  for (const { path, picture } of seats) if (!byPath.has(path)) byPath.set(path, await find(picture, options));
  return seats.map(({ path }) => byPath.get(path));
};
const crops = (cell) => async () => {
  const find = pool.objectFinder({ width: cell, height: cell });
  const found = [];
  for (const { picture, zone } of seats) found.push(await find(picture, { ...options, region: around(zone.polygon) }));
  return found.map(dropParts);
};
/** The crop in its own proportions, without a border. `planes`: as a live camera gives it. */
const shaped = (cell, planes) => async () => {
  const find = liveFinder(pool, cell);
  const found = [];
  for (const { picture, zone } of seats) {
    const shown = planes ? inPlanes(picture) : picture;
    found.push(await find(shown, { ...options, region: around(zone.polygon) }));
  }
  return found;
};
/** As many pixels as a square of that side, whatever the shape: what the pipeline does. */
const parts = (side) => async () => {
  const find = areaFinder(pool, side * side);
  const found = [];
  for (const { picture, zone } of seats) found.push(await find(picture, { ...options, region: around(zone.polygon) }));
  return found;
};
/** RGB as YUV 4:2:0, BT.601: chroma is the mean of four pixels. */
function inPlanes({ width, height, rgb }) {
  const [w, h] = [width & ~1, height & ~1];
  const yuv = new Uint8Array((w * h * 3) / 2);
  const at = (x, y, c) => rgb[(y * width + x) * 3 + c];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      yuv[y * w + x] = 16.5 + (65.481 * at(x, y, 0) + 128.553 * at(x, y, 1) + 24.966 * at(x, y, 2)) / 255;
    }
  }
  const mean = (x, y, c) => (at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c)) / 4;
  for (let y = 0, to = w * h; y < h; y += 2) {
    for (let x = 0; x < w; x += 2, to++) {
      const [r, g, b] = [0, 1, 2].map((c) => mean(x, y, c));
      yuv[to] = 128.5 + (-37.797 * r - 74.203 * g + 112 * b) / 255;
      yuv[to + (w * h) / 4] = 128.5 + (112 * r - 93.786 * g - 18.214 * b) / 255;
    }
  }
  return { width: w, height: h, yuv, rgb };
}
const mosaic = (cell, columns, rows, margin) => async () => {
  const find = pool.mosaicFinder({ cell, columns, rows });
  // Strangers beside each other: seats of different pictures share a mosaic.
  const order = seats.map((_, i) => i).sort((a, b) => ((a * 31) % seats.length) - ((b * 31) % seats.length));
  const found = [];
  for (let at = 0; at < order.length; at += columns * rows) {
    const batch = order.slice(at, at + columns * rows);
    const tiles = batch.map((i) => ({ picture: seats[i].picture, region: around(seats[i].zone.polygon, margin) }));
    (await find(tiles, options)).forEach((objects, k) => {
      found[batch[k]] = dropParts(objects);
    });
  }
  return found;
};

function judge(found, minScore) {
  const sum = { hit: 0, wrong: 0, missed: 0 };
  const verdicts = seats.map(({ zones, zone }, i) => {
    const people = found[i].filter((person) => person.score >= minScore);
    const drawn = zones.map(({ id, polygon }) => ({ id, polygon, side: 'staff' }));
    const seen = assignToZones(people, drawn).get(zone.id).length > 0;
    if (seen) sum[zone.occupied ? 'hit' : 'wrong'] += 1;
    else if (zone.occupied) sum.missed += 1;
    return seen;
  });
  return { ...sum, verdicts };
}

const looks = [
  ['whole 384', whole(384)],
  ['whole 320', whole(320)],
  ...[320, 256, 224, 192, 160, 128, 96].map((cell) => [`crop ${cell}`, crops(cell)]),
  ...[256, 224, 192, 160].map((cell) => [`shape ${cell}`, shaped(cell)]),
  ...[248, 216, 184, 160].map((side) => [`part ${side}x${side}`, parts(side)]),
  ...[256, 224, 192, 160].map((cell) => [`planes ${cell}`, shaped(cell, true)]),
  ...[256, 224, 192, 160, 128, 96].map((cell) => [`mosaic 2x2 of ${cell}`, mosaic(cell, 2, 2)]),
  ['mosaic 2x1 of 160', mosaic(160, 2, 1)],
  ['mosaic 3x3 of 128', mosaic(128, 3, 3)],
  // A camera's region holds its citizen zone, too, so that the seat fills less of the cell: a third, a quarter, a fifth of its side.
  ...[1, 1.5, 2].map((margin) => [`192, margin ${margin}`, mosaic(192, 2, 2, margin)]),
  ['192 alone', mosaic(192, 1, 1)],
  ['192 in pairs', mosaic(192, 2, 1)],
];
const only = process.env.LOOKS ? new RegExp(process.env.LOOKS) : /./;
try {
  console.log('look               | ms a seat | least score: precision / recall, agreement with crop 320');
  let reference;
  for (const [name, look] of looks.filter(([each]) => only.test(each))) {
    // Once to load the network, then measured.
    await look();
    const before = process.cpuUsage();
    const found = await look();
    const { user, system } = process.cpuUsage(before);
    const cells = [0.15, 0.18, 0.2, 0.22, 0.25, 0.3].map((minScore) => {
      const { hit, wrong, missed, verdicts } = judge(found, minScore);
      if (name === 'crop 320' && minScore === 0.2) reference = verdicts;
      const same = reference ? verdicts.filter((seen, i) => seen === reference[i]).length / seats.length : Number.NaN;
      return `${minScore}: ${(hit / (hit + wrong)).toFixed(2)}/${(hit / (hit + missed)).toFixed(2)} ${same.toFixed(2)}`;
    });
    console.log(
      [name.padEnd(18), ((user + system) / 1000 / seats.length).toFixed(1).padStart(9), ...cells].join(' | '),
    );
  }
  console.log(
    `${seats.length} seats in ${zonesOf.size} pictures, ${seats.filter(({ zone }) => zone.occupied).length} occupied.`,
  );
} finally {
  await pool.close();
  rmSync(work, { recursive: true, force: true });
}
