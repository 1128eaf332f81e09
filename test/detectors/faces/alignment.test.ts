import { describe, expect, it } from 'vitest';
import { applySimilarity, fitSimilarity, invertSimilarity, scaleOf } from '../../../src/detectors/faces/alignment.js';
import type { Landmarks, PixelPoint } from '../../../src/detectors/faces/blazeface.js';
import { cutOut, grayOf, mirrored, pyramidOf } from '../../../src/detectors/faces/crops.js';
import { faceCrop } from '../../../src/detectors/faces/faceCrop.js';

const near = (point: PixelPoint, [x, y]: PixelPoint): void => {
  expect(point[0]).toBeCloseTo(x, 6);
  expect(point[1]).toBeCloseTo(y, 6);
};

describe('similarities', () => {
  const turn = { a: 0, b: 2, tx: 5, ty: -3 };

  it.each<PixelPoint[]>([[[0, 0]], [[1, 0]], [[7, -4]]])('are undone by their inverse at %j', (point) => {
    near(applySimilarity(invertSimilarity(turn), applySimilarity(turn, point)), point);
  });

  it('are found again from the points they moved', () => {
    const points: PixelPoint[] = [
      [0, 0],
      [10, 0],
      [4, 9],
    ];
    const found = fitSimilarity(
      points,
      points.map((point) => applySimilarity(turn, point)),
    );
    for (const key of ['a', 'b', 'tx', 'ty'] as const) expect(found[key]).toBeCloseTo(turn[key], 9);
    expect(scaleOf(found)).toBeCloseTo(2, 9);
  });

  it('take the middle way where the points do not fit', () => {
    const found = fitSimilarity(
      [
        [0, 0],
        [2, 0],
        [0, 2],
        [2, 2],
      ],
      [
        [0, 0],
        [4, 0],
        [0, 2],
        [4, 2],
      ],
    );
    expect(scaleOf(found)).toBeCloseTo(1.5, 9);
    near(applySimilarity(found, [1, 1]), [2, 1]);
  });
});

describe('face crops', () => {
  it.each([0, 30, -75])('put the eyes level for a head turned by %i degrees', (degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const at = (x: number, y: number): PixelPoint => [300 + 40 * (cos * x - sin * y), 200 + 40 * (sin * x + cos * y)];
    const landmarks = { leftEye: at(-0.5, 0), rightEye: at(0.5, 0), mouth: at(0, 1.08) } as Landmarks;
    const back = invertSimilarity(faceCrop(landmarks, { side: 100, eyes: 0.3 }));
    near(applySimilarity(back, landmarks.leftEye), [35, 35]);
    near(applySimilarity(back, landmarks.rightEye), [65, 35]);
  });

  it('do not blow up a side view in which the eyes nearly meet', () => {
    const landmarks = { leftEye: [100, 100], rightEye: [104, 100], mouth: [102, 143] } as unknown as Landmarks;
    expect(scaleOf(faceCrop(landmarks, { side: 100, eyes: 0.3 }))).toBeGreaterThan(0.7);
  });
});

describe('cutOut', () => {
  const width = 300;
  const height = 200;
  /** Brightness grows to the right, green downward. */
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    return channel === 0
      ? ((pixel % width) * 255) / width
      : channel === 1
        ? (Math.floor(pixel / width) * 255) / height
        : 0;
  });
  const pyramid = pyramidOf({ width, height, rgb });

  it('copies pixels where the crop is the picture', () => {
    const crop = cutOut(pyramid, { a: 1, b: 0, tx: 10, ty: 20 }, { width: 2, height: 1 });
    expect([...crop]).toEqual([...rgb.subarray((20 * width + 10) * 3, (20 * width + 12) * 3)]);
  });

  it.each([0.5, 1.7, 3, 6])('keeps places when a pixel spans %d of the picture', (scale) => {
    const crop = cutOut(pyramid, { a: scale, b: 0, tx: 60, ty: 40 }, { width: 20, height: 20 });
    const middle = (10 * 20 + 10) * 3;
    const [x, y] = [60 + 10.5 * scale, 40 + 10.5 * scale];
    expect(Math.abs(crop[middle]! - ((x - 0.5) * 255) / width)).toBeLessThan(2);
    expect(Math.abs(crop[middle + 1]! - ((y - 0.5) * 255) / height)).toBeLessThan(2);
  });

  it('is gray outside the picture', () => {
    expect([...cutOut(pyramid, { a: 1, b: 0, tx: -9, ty: 0 }, { width: 1, height: 1 })]).toEqual([114, 114, 114]);
  });

  it('mirrors and weighs colours', () => {
    const two = Uint8Array.of(255, 0, 0, 0, 255, 0);
    expect([...mirrored(two, 2)]).toEqual([0, 255, 0, 255, 0, 0]);
    expect(grayOf(two)[0]).toBeCloseTo(76.245, 2);
  });
});
