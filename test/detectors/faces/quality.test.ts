import { describe, expect, it } from 'vitest';
import type { Landmarks, PixelPoint } from '../../../src/detectors/faces/blazeface.js';
import { faceCrop } from '../../../src/detectors/faces/faceCrop.js';
import {
  ENROLMENT,
  frontality,
  judgeQuality,
  mouthContrast,
  sharpness,
  USABLE,
} from '../../../src/detectors/faces/quality.js';
import { faceViews } from '../../../src/detectors/faces/views.js';

const fine = { sizePx: 200, frontality: 0.9, sharpness: 0.4, mouth: 0.9, whole: true };

describe('judgeQuality', () => {
  it.each([
    ['a fine face', {}, 'good'],
    ['a face that leaves the picture', { whole: false, sizePx: 5 }, 'cut-off'],
    ['a face far away', { sizePx: 12 }, 'too-small'],
    ['a face in profile', { frontality: 0.1 }, 'side-face'],
    ['a face in motion', { sharpness: 0.02 }, 'blurred'],
    ['a face behind a mask', { mouth: 0.1 }, 'covered'],
  ])('%s', (_, change, verdict) => {
    expect(judgeQuality({ ...fine, ...change }, USABLE)).toBe(verdict);
  });

  it('asks more of a photo for the roster than of a face on a camera', () => {
    for (const key of ['sizePx', 'frontality', 'sharpness'] as const)
      expect(ENROLMENT[key]).toBeGreaterThan(USABLE[key]);
  });
});

/** A face seen from the front, eyes 40 pixels apart, the nose shifted. */
function face(noseX: number, noseY: number): Landmarks {
  const at = (x: number, y: number): PixelPoint => [100 + 40 * x, 100 + 40 * y];
  return {
    leftEye: at(-0.5, 0),
    rightEye: at(0.5, 0),
    nose: at(noseX, noseY),
    mouth: at(0, 1.08),
    leftEar: at(-1, 0.3),
    rightEar: at(1, 0.3),
  };
}
const seenAs = (landmarks: Landmarks): number => frontality(landmarks, faceCrop(landmarks, { side: 96, eyes: 0.4 }));

describe('frontality', () => {
  it('is best straight on and falls the further the nose goes to either side', () => {
    expect(seenAs(face(0, 0.54))).toBeCloseTo(1, 5);
    expect(seenAs(face(0.3, 0.54))).toBeCloseTo(0.7, 5);
    expect(seenAs(face(-0.3, 0.54))).toBeCloseTo(seenAs(face(0.3, 0.54)), 5);
    expect(seenAs(face(1.2, 0.54))).toBe(0);
  });

  it('falls for a head that looks up or down', () => {
    expect(seenAs(face(0, 0.15))).toBeLessThan(0.6);
    expect(seenAs(face(0, 0.95))).toBeLessThan(0.6);
  });

  it('does not mind a head that is tilted', () => {
    const tilted = Object.fromEntries(
      Object.entries(face(0.1, 0.5)).map(([name, [x, y]]) => [name, [0.8 * x - 0.6 * y + 200, 0.6 * x + 0.8 * y]]),
    ) as unknown as Landmarks;
    expect(seenAs(tilted)).toBeCloseTo(seenAs(face(0.1, 0.5)), 5);
  });
});

describe('sharpness and contrast', () => {
  const side = 96;
  const picture = (value: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side)));

  it('does not depend on contrast', () => {
    const strong = sharpness(
      picture((x) => (x % 16 < 8 ? 200 : 40)),
      side,
    );
    const weak = sharpness(
      picture((x) => (x % 16 < 8 ? 140 : 100)),
      side,
    );
    expect(strong).toBeCloseTo(weak, 3);
  });

  it('goes with the mouth: a smooth lower half has no contrast', () => {
    const eyes = (x: number, y: number): number => (y < 48 && x % 8 < 4 ? 60 : 160);
    expect(mouthContrast(picture(eyes))).toBe(0);
    expect(mouthContrast(picture((x, y) => (y < 48 ? eyes(x, y) : y % 8 < 4 ? 60 : 160)))).toBeGreaterThan(0.9);
  });

  it('is low for a slow wave, high for a fine one and zero for a blank', () => {
    const wave = (period: number) =>
      sharpness(
        picture((x) => 128 + 90 * Math.sin((x * 2 * Math.PI) / period)),
        side,
      );
    expect(wave(48)).toBeLessThan(0.05);
    expect(wave(6)).toBeGreaterThan(0.5);
    expect(
      sharpness(
        picture(() => 90),
        side,
      ),
    ).toBe(0);
  });
});

describe('faceViews', () => {
  const picture = (width: number, height: number) => ({ width, height, rgb: new Uint8Array() });

  it('is one look at all of a small picture', () => {
    const [whole, ...rest] = faceViews(picture(92, 112), []);
    expect(rest).toEqual([]);
    expect(whole!.a * 256).toBeCloseTo(112 * 1.3, 6);
    expect(whole!.tx + (whole!.a * 256) / 2).toBeCloseTo(46, 6);
  });

  it.each([
    [1920, 1080],
    [640, 480],
    [720, 1280],
  ])('covers %ix%i with overlapping tiles inside the picture', (width, height) => {
    const [, ...tiles] = faceViews(picture(width, height), []);
    const side = tiles[0]!.a * 256;
    const lefts = [...new Set(tiles.map(({ tx }) => Math.round(tx)))].sort((a, b) => a - b);
    expect(lefts[0]).toBe(0);
    expect(lefts.at(-1)! + side).toBeCloseTo(width, 0);
    for (let i = 1; i < lefts.length; i++) expect(lefts[i]! - lefts[i - 1]!).toBeLessThan(side * 0.75);
  });

  it('looks at the top of a standing person, and at all of a face-filling one', () => {
    const standing = faceViews(picture(400, 400), [[0.4, 0.1, 0.6, 0.9]])[1]!;
    const side = standing.a * 256;
    expect(standing.ty).toBeLessThan(40);
    expect(standing.ty + side).toBeLessThan(200);
    expect(standing.tx + side / 2).toBeCloseTo(200, 6);
  });
});
