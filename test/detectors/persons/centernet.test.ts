import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/core/inference.js';
import { decodeCenternet } from '../../../src/detectors/persons/centernet.js';

const [PERSON, CUP] = [0, 41];

/** Network outputs of an 8x6 grid with the given scores; every cell's edges are 8, 12, 16, 20 input pixels away. */
function outputs(peaks: Array<{ x: number; y: number; c: number; score: number }>): Tensors {
  const [width, height] = [8, 6];
  const heat = new Float32Array(width * height * 80);
  const sizes = new Float32Array(width * height * 4).map((_, i) => [8, 12, 16, 20][i % 4]!);
  for (const { x, y, c, score } of peaks) heat[(y * width + x) * 80 + c] = score;
  return {
    'tower_0/keypoints': { shape: [1, height, width, 80], data: heat },
    'tower_0/wh': { shape: [1, height, width, 4], data: sizes },
  };
}

describe('centernet decoding', () => {
  it('turns a peak into a box around its cell', () => {
    const found = decodeCenternet(outputs([{ x: 3, y: 2, c: CUP, score: 0.5 }]), { minScore: 0.3 });
    expect(found).toEqual([{ label: 'cup', score: 0.5, x1: 12 - 8, y1: 8 - 12, x2: 12 + 16, y2: 8 + 20 }]);
  });

  it('keeps the greatest of neighbouring cells, in each class for itself', () => {
    const peaks = [
      { x: 3, y: 2, c: PERSON, score: 0.5 },
      { x: 4, y: 3, c: PERSON, score: 0.8 },
      { x: 4, y: 2, c: CUP, score: 0.6 },
    ];
    const found = decodeCenternet(outputs(peaks), { minScore: 0.3 });
    expect(found.map(({ label, score }) => [label, Math.round(score * 10)])).toEqual([
      ['cup', 6],
      ['person', 8],
    ]);
  });

  it.each([
    ['top left', 0, 0],
    ['bottom right', 7, 5],
  ])('finds a peak in the corner %s', (_what, x, y) => {
    expect(decodeCenternet(outputs([{ x, y, c: PERSON, score: 0.9 }]), { minScore: 0.3 })).toHaveLength(1);
  });

  it('leaves out what is below the score or of another class', () => {
    const two = outputs([
      { x: 1, y: 1, c: PERSON, score: 0.2 },
      { x: 5, y: 4, c: CUP, score: 0.9 },
    ]);
    expect(decodeCenternet(two, { minScore: 0.3, labels: ['person'] })).toEqual([]);
  });

  it('refuses a class that COCO does not have', () => {
    expect(() => decodeCenternet(outputs([]), { minScore: 0.3, labels: ['clerk'] })).toThrow(
      /clerk: not a class of this network/,
    );
  });
});
