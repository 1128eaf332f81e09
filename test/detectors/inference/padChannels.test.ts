import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Parts } from '../../../src/detectors/inference/onnx/builder.js';
import { encodeOnnx, type OnnxConstant, type OnnxNode } from '../../../src/detectors/inference/onnx/model.js';
import { padChannels } from '../../../src/detectors/inference/onnx/padChannels.js';

const SIDE = 6;

function weights(name: string, shape: number[]): OnnxConstant {
  const length = shape.reduce((product, dim) => product * dim, 1);
  const values = Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + name.length));
  return { name, type: 'float32', shape, bytes: new Uint8Array(values.buffer) };
}
const conv = (inputs: string[], output: string, group = 1): OnnxNode => ({
  ...{ opType: 'Conv', inputs, outputs: [output] },
  attributes: { auto_pad: { text: 'SAME_UPPER' }, group: { int: group } },
});
const one = (opType: string, input: string, output: string): OnnxNode => ({
  ...{ opType, inputs: [input], outputs: [output], attributes: {} },
});

/** 3 channels to 18, each of them by itself, and to 5 that go out. */
const chain = (): Parts => ({
  nodes: [
    conv(['in', 'w1', 'b1'], 'a'),
    one('Relu', 'a', 'b'),
    conv(['b', 'w2', 'b2'], 'c', 18),
    conv(['c', 'w3', 'b3'], 'd'),
    one('Identity', 'd', 'out'),
  ],
  constants: [
    ...[weights('w1', [18, 3, 3, 3]), weights('b1', [18]), weights('w2', [18, 1, 3, 3]), weights('b2', [18])],
    ...[weights('w3', [5, 18, 1, 1]), weights('b3', [5])],
  ],
});

async function run(parts: Parts): Promise<Float32Array> {
  const shape = [1, 3, SIDE, SIDE];
  const ports = {
    inputs: [{ name: 'in', type: 'float32' as const, shape }],
    outputs: [{ name: 'out', type: 'float32' as const }],
  };
  const session = await InferenceSession.create(encodeOnnx({ name: 'test', ...parts, ...ports }, 'test'));
  const input = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.cos(i));
  const { out } = await session.run({ in: new Tensor('float32', input, shape) });
  return out!.data as Float32Array;
}

const shapes = ({ constants }: Parts) => Object.fromEntries(constants.map(({ name, shape }) => [name, shape]));

describe('channels filled up to whole blocks', () => {
  it('gives the same result with a run of 18 channels made 24', async () => {
    const before = chain();
    const after = padChannels(before);
    expect(shapes(after)).toEqual({
      ...{ w1: [24, 3, 3, 3], b1: [24], w2: [24, 1, 3, 3], b2: [24] },
      ...{ w3: [5, 24, 1, 1], b3: [5] },
    });
    expect(after.nodes[2]!.attributes.group).toEqual({ int: 24 });
    const [plain, padded] = [await run(before), await run(after)];
    const worst = plain.reduce((most, value, i) => Math.max(most, Math.abs(value - padded[i]!)), 0);
    expect(plain.some((value) => Math.abs(value) > 1)).toBe(true);
    expect(worst).toBeLessThan(1e-5);
  });

  it.each([
    ['a sum', one('Add', 'b', 'sum')],
    ['an output', one('Identity', 'b', 'other')],
  ])('leaves channels alone that %s uses, too', (_, node) => {
    const parts = chain();
    const added = { ...parts, nodes: [...parts.nodes, node] };
    expect(padChannels(added)).toEqual(added);
  });

  it('leaves whole blocks alone', () => {
    const parts: Parts = {
      nodes: [conv(['in', 'w'], 'a'), conv(['a', 'v'], 'out')],
      constants: [weights('w', [16, 3, 1, 1]), weights('v', [8, 16, 1, 1])],
    };
    expect(padChannels(parts)).toEqual(parts);
  });
});
