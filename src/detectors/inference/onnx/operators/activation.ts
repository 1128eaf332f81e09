import { AppError } from '../../../../core/errors.js';
import type { GraphNode } from '../../graph.js';
import type { Builder, Value } from '../builder.js';

const scalar = (builder: Builder, value: number): Value => builder.floats(Float32Array.of(value), []);

/** Applies the activation that TensorFlow fused into a convolution or matrix product. */
export function activate(builder: Builder, value: Value, name: string | undefined): Value {
  const options = { layout: value.layout };
  switch (name) {
    case undefined:
      return value;
    case 'Relu':
      return builder.emit('Relu', [value], options);
    case 'Relu6':
      return builder.emit('Clip', [value, scalar(builder, 0), scalar(builder, 6)], options);
    default:
      throw new AppError('unsupported', `convert to ONNX: fused ${name}`);
  }
}

/** An activation that stands alone. */
export const activation =
  (name: 'Relu' | 'Relu6') =>
  (builder: Builder, node: GraphNode): Value[] => [activate(builder, builder.value(node.input[0]!), name)];

/**
 * Hard swish, x * relu6(x + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019), which TensorFlow writes as
 * `Mul(Mul(1/6, x), Relu6(Add(x, 3)))`: four passes over memory that ONNX knows as one operator. The file's "1/6" is a
 * half-precision number, 0.02 % off; what is missing stays with the value as a factor. Undefined for another product.
 */
export function hardSwish(builder: Builder, node: GraphNode): Value[] | undefined {
  const [scaled, clipped] = node.input.map((reference) => builder.producerOf(reference));
  if (scaled?.op !== 'Mul' || clipped?.op !== 'Relu6') return undefined;
  const x = hardSigmoidArgument(builder, clipped);
  const sixth = nearSixth(builder, scaled.input[0]!);
  if (x === undefined || sixth === undefined || scaled.input[1] !== x) return undefined;
  const value = builder.value(x);
  return [{ ...builder.emit('HardSwish', [value], { layout: value.layout }), factor: 6 * sixth }];
}

/** `Mul(1/6, Relu6(Add(x, 3)))`, the gate of a squeeze-and-excite block; undefined for another product. */
export function hardSigmoid(builder: Builder, node: GraphNode): Value[] | undefined {
  const clipped = builder.producerOf(node.input[1]!);
  const sixth = nearSixth(builder, node.input[0]!);
  if (clipped?.op !== 'Relu6' || sixth === undefined) return undefined;
  const x = hardSigmoidArgument(builder, clipped);
  if (x === undefined) return undefined;
  const value = builder.value(x);
  const attributes = { alpha: { float: 1 / 6 }, beta: { float: 0.5 } };
  return [{ ...builder.emit('HardSigmoid', [value], { layout: value.layout, attributes }), factor: 6 * sixth }];
}

/** The `x` of `Relu6(Add(x, 3))`. */
function hardSigmoidArgument(builder: Builder, clipped: GraphNode): string | undefined {
  const sum = builder.producerOf(clipped.input[0]!);
  return sum?.op === 'Add' && single(builder, sum.input[1]!) === 3 ? sum.input[0] : undefined;
}

function nearSixth(builder: Builder, reference: string): number | undefined {
  const value = single(builder, reference);
  return value !== undefined && Math.abs(value - 1 / 6) < 1e-4 ? value : undefined;
}

/** The number behind a reference to a constant of one element. */
function single(builder: Builder, reference: string): number | undefined {
  const data = builder.constantOf(reference)?.data;
  return data?.length === 1 ? data[0] : undefined;
}
