#!/usr/bin/env node
// Compares two ways of telling what changed on a desk: node scripts/measure-desk-difference.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds desk/labels.json and its pictures. Each picture is
// its own reference; light, shadow, exposure, compression, noise and small shifts are put on it by calculation, and things
// of known place and area are laid on it. Prints, for each limit, false areas under each disturbance and things found.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { boxHeight, boxWidth, intersectionArea } from '../dist/core/geometry.js';
import { CELL, cellGrid, censusDistance } from '../dist/detectors/desk/census.js';
import { correlationDistance } from '../dist/detectors/desk/correlation.js';
import { differenceRegions } from '../dist/detectors/desk/difference.js';
import { colourPlane, planeSize } from '../dist/detectors/desk/plane.js';
import { distanceWithoutShadow } from '../dist/detectors/desk/shadow.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'desk', 'labels.json'))) {
  console.error(`measure-desk-difference: ${root}: no labelled desks`);
  process.exit(2);
}
const labels = JSON.parse(readFileSync(join(root, 'desk', 'labels.json'), 'utf8'));
const WHOLE = [0, 0, 1, 1];
const WIDTH = 640;

let seed = 7;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const raw = async (image) => {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { rgb: new Uint8Array(data), width: info.width, height: info.height };
};
const image = ({ rgb, width, height }) => sharp(Buffer.from(rgb), { raw: { width, height, channels: 3 } });
const lit = (picture, gain) => {
  const rgb = new Uint8Array(picture.rgb.length);
  for (let i = 0, p = 0; i < rgb.length; i += 3, p++) {
    const g = gain((p % picture.width) / picture.width, Math.floor(p / picture.width) / picture.height);
    for (let c = 0; c < 3; c++) rgb[i + c] = Math.max(0, Math.min(255, Math.round(picture.rgb[i + c] * g)));
  }
  return { ...picture, rgb };
};
const smooth = (from, to, x) => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};
const noisy = (picture, deviation) => ({
  ...picture,
  rgb: picture.rgb.map((value) =>
    Math.max(0, Math.min(255, Math.round(value + deviation * 1.73 * (random() + random() + random() + random() - 2)))),
  ),
});
const shifted = (picture, pixels) => {
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = (y * picture.width + Math.min(picture.width - 1, Math.max(0, x - pixels))) * 3;
      rgb.set(picture.rgb.subarray(from, from + 3), (y * picture.width + x) * 3);
    }
  }
  return { ...picture, rgb };
};

/** What must not be told as disorder. */
const DISTURBANCES = {
  'noise 3': (p) => noisy(p, 3),
  'jpeg 30': (p) => raw(image(p).jpeg({ quality: 30 })),
  'exposure x0.6': (p) =>
    noisy(
      lit(p, () => 0.6),
      2,
    ),
  'exposure x1.4': (p) =>
    noisy(
      lit(p, () => 1.4),
      2,
    ),
  'light from the left': (p) =>
    noisy(
      lit(p, (x) => 1.35 - 0.75 * x),
      2,
    ),
  lamp: (p) =>
    noisy(
      lit(p, (x, y) => 0.75 + 0.8 * Math.exp(-((x - 0.6) ** 2 + (y - 0.45) ** 2) / 0.05)),
      2,
    ),
  'soft shadow': (p) =>
    noisy(
      lit(p, (x, y) => 1 - 0.4 * smooth(0.3, 0.45, x + 0.2 * y) * (1 - smooth(0.65, 0.8, x))),
      2,
    ),
  'dark hard shadow': (p) =>
    noisy(
      lit(p, (x, y) => (x - 0.3 * y > 0.35 && x + 0.1 * y < 0.8 ? 0.5 : 1)),
      2,
    ),
  'hard shadow': (p) =>
    noisy(
      lit(p, (x, y) => (x + 0.2 * y > 0.4 && x < 0.7 ? 0.65 : 1)),
      2,
    ),
  'shift 1 px': (p) => noisy(shifted(p, 1), 2),
};

/** Things to lay on a desk, 100 units high; the box of each is what it covers. */
const THINGS = {
  cup: '<path d="M20 10 L28 92 C45 100 55 100 72 92 L80 10Z" fill="#e8e4dc"/><path d="M24 45 L26 65 L74 65 L76 45Z" fill="#b0392f"/><ellipse cx="50" cy="11" rx="30" ry="9" fill="#4a2c17"/>',
  bag: '<path d="M25 40 C25 0 75 0 75 40" stroke="#4c2313" stroke-width="7" fill="none"/><path d="M8 35 L92 35 L98 96 L2 96Z" fill="#7a3b22"/><rect x="42" y="55" width="16" height="14" fill="#d8b45a"/>',
  papers:
    '<path d="M4 10 L90 4 L97 92 L10 97Z" fill="#f3f1ea"/><path d="M16 25 L80 20 M17 40 L82 35 M18 55 L70 51 M19 70 L84 65" stroke="#777" stroke-width="3"/>',
  laptop:
    '<path d="M6 12 L94 12 L98 94 L2 94Z" fill="#5b5d60"/><path d="M12 20 L88 20 L90 60 L10 60Z" fill="#66686b"/>',
  folder: '<path d="M3 6 L94 3 L97 95 L6 97Z" fill="#27548a"/>',
  bottle:
    '<path d="M38 2 h24 v22 C80 34 76 50 76 60 V96 H24 V60 C24 50 20 34 38 24Z" fill="#3f7d4f"/><rect x="24" y="62" width="52" height="20" fill="#eee"/>',
};

async function withThing(picture, svg, side) {
  const size = Math.round(side * picture.width);
  const left = Math.floor((picture.width - size) * (0.1 + 0.8 * random()));
  const top = Math.floor((picture.height - size) * (0.3 + 0.6 * random()));
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="${size}" height="${size}">${svg}</svg>`;
  const rgb = await raw(image(picture).composite([{ input: Buffer.from(drawn), left, top }]));
  const { width, height } = picture;
  return { picture: rgb, box: [left / width, top / height, (left + size) / width, (top + size) / height] };
}

const METHODS = {
  correlation: correlationDistance,
  'no-shadow': distanceWithoutShadow,
  census: censusDistance,
};
const LIMITS = [0.3, 0.35, 0.4, 0.5, 0.6];
const MIN_AREA = 1;
const planeOf = (picture) => colourPlane(picture, WHOLE, planeSize(picture, WHOLE, { longest: 192, step: CELL }));

const score = {};
for (const method of Object.keys(METHODS))
  for (const limit of LIMITS) score[`${method} ${limit}`] = { false: {}, found: {}, ms: 0, area: 0, areas: 0 };

for (const { file } of labels) {
  const base = await raw(sharp(join(root, file)).autoOrient().resize(WIDTH).toColourspace('srgb'));
  const reference = planeOf(base);
  const grid = cellGrid(reference);
  const inside = new Uint8Array(grid.columns * grid.rows).fill(1);
  const covered = new Uint8Array(inside.length);
  const regionsOf = (distances, limit) =>
    differenceRegions(distances, { grid, region: WHOLE, inside, covered, limit, minArea: MIN_AREA });
  const judge = (picture, tell) => {
    const plane = planeOf(picture);
    for (const [method, distance] of Object.entries(METHODS)) {
      for (const limit of LIMITS) {
        const begin = process.hrtime.bigint();
        const distances = distance(reference, plane, limit);
        const ms = Number(process.hrtime.bigint() - begin) / 1e6;
        const entry = score[`${method} ${limit}`];
        entry.ms = Math.max(entry.ms, 0) * 0.9 + ms * 0.1;
        tell(entry, regionsOf(distances, limit));
      }
    }
  };
  for (const [name, disturb] of Object.entries(DISTURBANCES)) {
    judge(await disturb(base), (entry, regions) => {
      entry.false[name] = (entry.false[name] ?? 0) + (regions.length > 0 ? 1 : 0);
    });
  }
  const lights = [DISTURBANCES['light from the left'], DISTURBANCES.lamp, DISTURBANCES['noise 3']];
  for (const [name, svg] of Object.entries(THINGS)) {
    const light = lights[Math.floor(random() * lights.length)];
    const laid = await withThing(base, svg, 0.12 + 0.08 * random());
    const lightened = await light(laid.picture);
    judge(lightened, (entry, regions) => {
      const hit = regions.find(
        ({ box }) => intersectionArea(box, laid.box) > 0.3 * boxWidth(laid.box) * boxHeight(laid.box),
      );
      entry.found[name] = (entry.found[name] ?? 0) + (hit ? 1 : 0);
      if (hit) {
        entry.area += hit.area / (100 * boxWidth(laid.box) * boxHeight(laid.box));
        entry.areas += 1;
      }
    });
  }
}

const n = labels.length;
const percent = (count) => String(Math.round((100 * count) / n)).padStart(3);
console.log(
  `${n} pictures; false areas (percent of pictures with a region of ${MIN_AREA} % and more) | things found (percent)`,
);
console.log(
  ['method', 'limit', ...Object.keys(DISTURBANCES), '|', ...Object.keys(THINGS), 'area ratio', 'ms'].join('\t'),
);
for (const [name, entry] of Object.entries(score)) {
  const cells = [...Object.values(entry.false).map(percent), '|', ...Object.values(entry.found).map(percent)];
  console.log([...name.split(' '), ...cells, (entry.area / entry.areas).toFixed(2), entry.ms.toFixed(1)].join('\t'));
}
