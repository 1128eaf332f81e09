#!/usr/bin/env node
// What becomes of faces in bad conditions: node scripts/measure-face-conditions.mjs [FOOTAGE]
// FOOTAGE (default: $HALLWATCH_SHARED/footage or ../shared/footage) holds faces/labels.json. Ten people of the London set
// are enrolled with one photo, ten are strangers; everyone's second photo is made dark, blurred, small, masked, ... and
// compared. An honest answer to a face that cannot be seen is "unidentified" or no face at all, never a wrong name.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { systemClock } from '../dist/core/clock.js';
import { boxArea } from '../dist/core/geometry.js';
import { makeLogger } from '../dist/core/log.js';
import { faceNetworks, findFaces } from '../dist/detectors/faces/findFaces.js';
import { matchFace } from '../dist/detectors/faces/match.js';
import { openInference } from '../dist/detectors/inference/pool.js';
import { readPicture } from '../dist/detectors/readPicture.js';

const shared = process.env.HALLWATCH_SHARED ?? new URL('../../shared', import.meta.url).pathname;
const root = process.argv[2] ?? join(shared, 'footage');
if (!existsSync(join(root, 'faces', 'labels.json'))) {
  console.error(`measure-face-conditions: ${root}: no labelled faces`);
  process.exit(2);
}
const labels = JSON.parse(readFileSync(join(root, 'faces', 'labels.json'), 'utf8')).faces;

/** Each makes a picture of another; `face` is the one found in it, in pixels. */
const CONDITIONS = {
  'as it is': (image) => image,
  'quarter of the light': (image) => image.linear(0.25, 0),
  'tenth of the light': (image) => image.linear(0.1, 0),
  overexposed: (image) => image.linear(1.8, 30),
  'lit from the left': (image, { width, height }) =>
    image.composite([{ input: shade(width, height), blend: 'multiply' }]),
  grainy: (image, { width, height }) => image.composite([{ input: grain(width, height), blend: 'hard-light' }]),
  'hard JPEG': (image) => image.jpeg({ quality: 8 }),
  'face of 60 pixels': (image, { width }, face) => image.resize(Math.round((width * 60) / face.size)),
  'face of 40 pixels': (image, { width }, face) => image.resize(Math.round((width * 40) / face.size)),
  'face of 25 pixels': (image, { width }, face) => image.resize(Math.round((width * 25) / face.size)),
  'out of focus': (image, _, face) => image.blur(face.size / 25),
  'far out of focus': (image, _, face) => image.blur(face.size / 12),
  masked: (image, { width, height }, face) => image.composite([{ input: mask(width, height, face) }]),
  sunglasses: (image, { width, height }, face) => image.composite([{ input: glasses(width, height, face) }]),
  'half out of the frame': (image, { width, height }, { landmarks }) =>
    image.extract({ left: 0, top: 0, width: Math.max(1, Math.min(width, Math.round(landmarks.nose[0]))), height }),
  'tilted by 30 degrees': (image) => image.rotate(30, { background: '#888' }),
};

const svg = (width, height, content) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);
const shade = (width, height, fromRight = false) =>
  svg(
    width,
    height,
    `<defs><linearGradient id="g"${fromRight ? ' x1="1" x2="0"' : ''}><stop offset="0.3" stop-color="#fff"/><stop offset="0.65" stop-color="#222"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>`,
  );
/** Noise of fixed seed. */
const grain = (width, height) =>
  svg(
    width,
    height,
    '<filter id="n"><feTurbulence type="turbulence" baseFrequency="0.8" seed="3"/><feColorMatrix type="saturate" values="0"/></filter><rect width="100%" height="100%" filter="url(#n)" opacity="0.5"/>',
  );
function mask(width, height, { landmarks, size }) {
  const { leftEar, rightEar, nose, mouth } = landmarks;
  const points = [
    leftEar,
    [nose[0], nose[1] - size * 0.05],
    rightEar,
    [mouth[0] + size * 0.25, mouth[1] + size * 0.3],
    [mouth[0] - size * 0.25, mouth[1] + size * 0.3],
  ];
  return svg(width, height, `<polygon points="${points.map((point) => point.join(',')).join(' ')}" fill="#9fc4de"/>`);
}
function glasses(width, height, { landmarks, size }) {
  const lens = ([x, y]) => `<ellipse cx="${x}" cy="${y}" rx="${size * 0.17}" ry="${size * 0.13}" fill="#111"/>`;
  return svg(width, height, lens(landmarks.leftEye) + lens(landmarks.rightEye));
}

const largest = (faces) => [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box))[0];

async function changed(picture, make, face) {
  const { width, height, rgb } = picture;
  const image = make(sharp(rgb, { raw: { width, height, channels: 3 } }), picture, face);
  const encoded = await image.toFormat(make === CONDITIONS['hard JPEG'] ? 'jpeg' : 'png').toBuffer();
  const { data, info } = await sharp(encoded)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

const cacheFolder = mkdtempSync(join(tmpdir(), 'hallwatch-measure-'));
const log = makeLogger({ level: 'warn' });
const pool = await openInference({ backend: 'auto', workers: 1, cacheFolder, log, clock: systemClock });
const networks = faceNetworks(pool);
const look = async (picture) => largest((await findFaces(picture, networks, { embeddings: true })).faces);

const people = labels.filter((label) => label.set === 'London' && label.protocol === 'neutral').slice(0, 20);
const roster = [];
for (const { file, identity } of people.slice(0, 10)) {
  roster.push({ person: identity, descriptor: (await look(await readPicture(join(root, file)))).embedding });
}
const counts = new Map(Object.keys(CONDITIONS).map((name) => [name, {}]));
for (const { identity } of people) {
  const { file } = labels.find((label) => label.identity === identity && label.protocol === 'smiling');
  const picture = await readPicture(join(root, file));
  const { landmarks, quality } = await look(picture);
  for (const [name, make] of Object.entries(CONDITIONS)) {
    const face = await look(await changed(picture, make, { landmarks, size: quality.sizePx }));
    const { person, outcome } = face ? matchFace(face.embedding, roster, face.quality.verdict) : { outcome: 'no face' };
    const known = roster.some((template) => template.person === identity);
    const answer = outcome === 'rostered' && person !== identity ? 'wrong name' : outcome;
    const key = `${known ? 'rostered' : 'stranger'} ${answer}`;
    counts.get(name)[key] = (counts.get(name)[key] ?? 0) + 1;
  }
}

/** The same people enrolled from a picture in bad light, looked at in good light; and a real head in real coverings. */
const twins = {
  dark: (image) => image.linear(0.15, 0),
  'lit from the right': (image, { width, height }) =>
    image.composite([{ input: shade(width, height, true), blend: 'multiply' }]),
};
const twinAnswers = {};
for (const [name, make] of Object.entries(twins)) {
  const enrolled = [];
  for (const { file, identity } of people.slice(0, 10)) {
    const face = await look(await changed(await readPicture(join(root, file)), make, {}));
    if (face?.quality.verdict === 'good') enrolled.push({ person: identity, descriptor: face.embedding });
  }
  const answers = { 'enrolled of 10': enrolled.length };
  for (const { identity } of people) {
    const { file } = labels.find((label) => label.identity === identity && label.protocol === 'smiling');
    const face = await look(await changed(await readPicture(join(root, file)), CONDITIONS['lit from the left'], {}));
    const { person, outcome } = face
      ? matchFace(face.embedding, enrolled, face.quality.verdict)
      : { outcome: 'no face' };
    const known = enrolled.some((template) => template.person === identity);
    const key = `${known ? 'rostered' : 'other'}: ${outcome === 'rostered' && person !== identity ? 'wrong name' : outcome}`;
    answers[key] = (answers[key] ?? 0) + 1;
  }
  twinAnswers[name] = answers;
}
const poses = [];
const [front, ...others] = labels.filter((label) => label.set === 'AWS poses');
if (front) {
  const one = [
    ...roster,
    { person: front.identity, descriptor: (await look(await readPicture(join(root, front.file)))).embedding },
  ];
  for (const { file, pose, identity } of others) {
    const face = await look(await readPicture(join(root, file)));
    const { person, outcome } = face ? matchFace(face.embedding, one, face.quality.verdict) : { outcome: 'no face' };
    poses.push(`${pose}: ${outcome === 'rostered' && person !== identity ? 'wrong name' : outcome}`);
  }
}

/** Photos of photos, made: a picture shown on a screen and taken again, and a picture printed and held up. */
const SPOOFS = {
  'on a screen': async (picture) => {
    const { width, height, rgb } = picture;
    // Coarser than it was, a little blue and flat, with the beat of two pixel grids and the glare of a lamp.
    const shown = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .resize(Math.round(width * 0.6))
      .png()
      .toBuffer();
    const again = sharp(
      await sharp(shown).resize(width, height, { fit: 'fill' }).linear([0.85, 0.9, 1], [12, 12, 18]).png().toBuffer(),
    );
    const overlay = svg(
      width,
      height,
      '<defs><pattern id="p" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(2)"><rect width="1" height="3" fill="#000" opacity="0.18"/><rect width="3" height="1" fill="#000" opacity="0.1"/></pattern><radialGradient id="g" cx="0.75" cy="0.2" r="0.35"><stop offset="0" stop-color="#fff" stop-opacity="0.35"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#p)"/><rect width="100%" height="100%" fill="url(#g)"/>',
    );
    return pixels(
      await framed(
        await again
          .composite([{ input: overlay }])
          .png()
          .toBuffer(),
        '#0a0a0a',
      ),
    );
  },
  'printed and held up': async (picture) => {
    const { width, height, rgb } = picture;
    const printed = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .linear(0.7, 40)
      .modulate({ saturation: 0.7 })
      .blur(0.8)
      .composite([{ input: grain(width, height), blend: 'soft-light' }])
      .png()
      .toBuffer();
    return pixels(await framed(await sharp(printed).rotate(4, { background: '#f4f1e8' }).png().toBuffer(), '#f4f1e8'));
  },
};
/** A picture with its border, smaller, before a gray wall. */
async function framed(buffer, colour) {
  const { width, height } = await sharp(buffer).metadata();
  const edge = Math.round(width * 0.06);
  const inner = await sharp(buffer)
    .extend({ top: edge, bottom: edge, left: edge, right: edge, background: colour })
    .png()
    .toBuffer();
  return sharp(inner)
    .extend({ top: edge * 2, bottom: edge * 2, left: edge * 2, right: edge * 2, background: '#8b8f90' })
    .resize(width, height, { fit: 'fill' })
    .png()
    .toBuffer();
}
async function pixels(buffer) {
  const { data, info } = await sharp(buffer)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}
const liveOf = async (picture) => {
  const face = largest((await findFaces(picture, networks, { live: true, embeddings: true })).faces);
  return face && { live: face.live, match: matchFace(face.embedding, roster, face.quality.verdict) };
};
const lives = { 'the person': [], ...Object.fromEntries(Object.keys(SPOOFS).map((name) => [name, []])) };
const accepted = {};
for (const { file, identity } of labels.filter((label) => label.set === 'London').slice(0, 40)) {
  const picture = await readPicture(join(root, file), { longest: 900 });
  for (const name of Object.keys(lives)) {
    const found = await liveOf(name === 'the person' ? picture : await SPOOFS[name](picture));
    if (!found) continue;
    lives[name].push(found.live);
    if (found.match.outcome === 'rostered' && found.match.person === identity)
      accepted[name] = (accepted[name] ?? 0) + 1;
  }
}
await pool.close();
rmSync(cacheFolder, { recursive: true });

console.log(`${roster.length} people on the roster, ${people.length - roster.length} strangers`);
console.log(
  'condition              | rostered: found, unidentified, no face, stranger, wrong name | strangers: stranger, unidentified, no face, wrong name',
);
for (const [name, found] of counts) {
  const columns = (who, answers) =>
    answers.map((answer) => String(found[`${who} ${answer}`] ?? 0).padStart(3)).join(' ');
  console.log(
    `${name.padEnd(22)} | ${columns('rostered', ['rostered', 'unidentified', 'no face', 'stranger', 'wrong name'])} | ${columns('stranger', ['stranger', 'unidentified', 'no face', 'wrong name'])}`,
  );
}

console.log('\nenrolled in other light, looked at lit from the left (all 20 people):');
for (const [name, answers] of Object.entries(twinAnswers)) {
  const counted = Object.entries(answers).map(([answer, count]) => `${answer} ${count}`);
  console.log(`  ${name}: ${counted.join(', ')}`);
}
if (poses.length > 0) console.log(`one man, enrolled frontal with glasses: ${poses.join('; ')}`);

console.log(
  '\nantispoof      |   n  mean  below 0.5 | area under the curve against the person | recognised as who it shows',
);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
for (const [name, values] of Object.entries(lives)) {
  const real = lives['the person'];
  const wins = real.flatMap((a) => values.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  console.log(
    `${name.padEnd(20)} | ${String(values.length).padStart(3)}  ${mean(values).toFixed(2)}  ${String(values.filter((value) => value < 0.5).length).padStart(3)} | ${mean(wins).toFixed(2)} | ${accepted[name] ?? 0}`,
  );
}
