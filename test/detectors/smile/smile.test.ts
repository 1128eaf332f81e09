import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/core/inference.js';
import type { Landmarks } from '../../../src/detectors/faces/blazeface.js';
import { pyramidOf } from '../../../src/detectors/faces/crops.js';
import { calibrated, smileOf } from '../../../src/detectors/smile/smile.js';

const pyramid = pyramidOf({ width: 200, height: 200, rgb: new Uint8Array(200 * 200 * 3).fill(128) });
const landmarks: Landmarks = {
  leftEye: [80, 80],
  rightEye: [120, 80],
  nose: [100, 100],
  mouth: [100, 123],
  leftEar: [60, 90],
  rightEar: [140, 90],
};
const quality = { sizePx: 90, frontality: 0.9, sharpness: 0.4, mouth: 0.9, whole: true, verdict: 'good' } as const;

/** A network that says these values for "happy", look after look. */
function network(...happy: number[]) {
  const asked: Tensors[] = [];
  return {
    asked,
    run: async (inputs: Tensors): Promise<Tensors> => {
      const data = new Float32Array(7);
      data[3] = happy[asked.push(inputs) - 1]!;
      return { Identity: { shape: [1, 7], data } };
    },
  };
}

describe('smileOf', () => {
  it('averages two looks at the face, gray and between -1 and 1', async () => {
    const emotion = network(0.2, 0.52);
    expect(await smileOf(pyramid, { landmarks, quality }, emotion)).toBeCloseTo(0.5, 5);
    expect(emotion.asked).toHaveLength(2);
    const { shape, data } = emotion.asked[0]!.input_1!;
    expect(shape).toEqual([1, 64, 64, 1]);
    expect(data[0]).toBeCloseTo(128 / 127.5 - 1, 4);
  });

  it.each([
    ['tiny', { sizePx: 15 }],
    ['turned away', { frontality: 0.1 }],
    ['blurred', { sharpness: 0.01 }],
    ['behind a mask', { mouth: 0.1 }],
    ['cut off', { whole: false }],
  ])('says unknown of a face that is %s, without asking the network', async (_, change) => {
    const emotion = network();
    expect(await smileOf(pyramid, { landmarks, quality: { ...quality, ...change } }, emotion)).toBe('unknown');
    expect(emotion.asked).toEqual([]);
  });
});

describe('calibrated', () => {
  it('keeps order and ends and puts the limit at one half', () => {
    const values = [0, 0.1, 0.36, 0.6, 0.99, 1].map(calibrated);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect([values[0], values[5]]).toEqual([0, 1]);
    expect(values[2]).toBeCloseTo(0.5, 9);
  });
});
