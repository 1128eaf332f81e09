import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/core/inference.js';
import { decodeBlazeface, mirrorFace } from '../../../src/detectors/faces/blazeface.js';

/** Outputs in which every anchor says "no face". */
function quiet(): Tensors {
  return {
    Identity: { shape: [1, 512, 1], data: new Float32Array(512).fill(-10) },
    Identity_1: { shape: [1, 384, 1], data: new Float32Array(384).fill(-10) },
    Identity_2: { shape: [1, 512, 16], data: new Float32Array(512 * 16) },
    Identity_3: { shape: [1, 384, 16], data: new Float32Array(384 * 16) },
  };
}

/** Makes one anchor say "a face of this size, this far from me", with the landmarks at `mark`. */
function say(outputs: Tensors, coarse: boolean, anchor: number, values: number[], logit: number): void {
  outputs[coarse ? 'Identity_1' : 'Identity']!.data[anchor] = logit;
  const marks = Array.from({ length: 12 }, (_, i) => values[4 + (i % 2)]!);
  outputs[coarse ? 'Identity_3' : 'Identity_2']!.data.set([...values.slice(0, 4), ...marks], anchor * 16);
}

describe('decodeBlazeface', () => {
  it('finds nothing where no anchor is sure', () => {
    expect(decodeBlazeface(quiet(), 0.5)).toEqual([]);
  });

  it('counts offsets from the middle of the cell in both grids', () => {
    const outputs = quiet();
    // Fine grid: anchor 37 is the second of cell 18, column 2, row 1: its middle is (40, 24).
    say(outputs, false, 37, [1, -2, 20, 30, 3, 4], 0);
    // Coarse grid: anchor 383 is the last of cell 63, column 7, row 7: its middle is (240, 240).
    say(outputs, true, 383, [0, 0, 10, 10, -1, -1], 2);
    const [first, second] = decodeBlazeface(outputs, 0.4);
    expect(first!.box.map(Math.round)).toEqual([235, 235, 245, 245]);
    expect(first!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(first!.landmarks.rightEar.map(Math.round)).toEqual([239, 239]);
    expect(second!.box.map(Math.round)).toEqual([31, 7, 51, 37]);
    expect(second!.score).toBeCloseTo(0.5, 6);
    expect(second!.landmarks.leftEye.map(Math.round)).toEqual([43, 28]);
  });

  it('averages anchors that mean the same face by their scores and keeps the best score', () => {
    const outputs = quiet();
    say(outputs, false, 36, [0, 0, 40, 40, 0, 0], 10);
    say(outputs, false, 37, [4, 0, 40, 40, 4, 0], 10);
    const faces = decodeBlazeface(outputs, 0.5);
    expect(faces).toHaveLength(1);
    expect(faces[0]!.box[0]).toBeCloseTo(22, 4);
    expect(faces[0]!.landmarks.nose[0]).toBeCloseTo(42, 4);
  });

  it('keeps faces that lie apart', () => {
    const outputs = quiet();
    say(outputs, false, 0, [0, 0, 16, 16, 0, 0], 3);
    say(outputs, false, 511, [0, 0, 16, 16, 0, 0], 3);
    expect(decodeBlazeface(outputs, 0.5)).toHaveLength(2);
  });

  it('turns a mirrored face back, left eye and all', () => {
    const outputs = quiet();
    say(outputs, false, 37, [1, -2, 20, 30, 3, 4], 3);
    const [face] = decodeBlazeface(outputs, 0.5);
    const mirrored = mirrorFace(face!, 256);
    expect(mirrored.box.map(Math.round)).toEqual([205, 7, 225, 37]);
    expect(mirrored.landmarks.leftEye[0]).toBeCloseTo(256 - face!.landmarks.rightEye[0], 6);
    expect(mirrorFace(mirrored, 256).landmarks).toEqual(face!.landmarks);
  });

  it('refuses outputs of another network', () => {
    expect(() => decodeBlazeface({}, 0.5)).toThrow(/outputs missing/);
  });
});
