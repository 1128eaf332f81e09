import { describe, expect, it } from 'vitest';
import { encodeOnnx } from '../../../src/detectors/inference/onnx/model.js';
import {
  bytesField,
  floatField,
  intField,
  messageField,
  stringField,
} from '../../../src/detectors/inference/onnx/wire.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// Expected bytes are the examples of protobuf.dev/programming-guides/encoding.
describe('protocol buffer writer', () => {
  it.each([
    ['150 in field 1', intField(1, 150), '089601'],
    ['zero', intField(1, 0), '0800'],
    ['a negative number as ten bytes', intField(1, -2n), '08feffffffffffffffff01'],
    ['a number beyond 32 bits', intField(1, 2 ** 40), '08808080808020'],
    ['the string "testing" in field 2', stringField(2, 'testing'), '120774657374696e67'],
    ['a message in field 3', messageField(3, [intField(1, 150)]), '1a03089601'],
    ['a float in field 2', floatField(2, 1), '150000803f'],
    ['a field number above 15', intField(20, 1), 'a00101'],
    ['no bytes', bytesField(9, new Uint8Array(0)), '4a00'],
  ])('writes %s', (_what, field, expected) => {
    expect(hex(field)).toBe(expected);
  });
});

describe('ONNX writer', () => {
  it('is the same bytes for the same graph', () => {
    const graph = {
      name: 'g',
      nodes: [{ opType: 'Relu', inputs: ['x'], outputs: ['y'], attributes: {} }],
      constants: [],
      inputs: [{ name: 'x', type: 'float32' as const, shape: [1] }],
      outputs: [{ name: 'y', type: 'float32' as const }],
    };
    expect(hex(encodeOnnx(graph, 'test'))).toBe(hex(encodeOnnx(graph, 'test')));
  });
});
