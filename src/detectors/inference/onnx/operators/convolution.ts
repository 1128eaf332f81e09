import { AppError } from '../../../../core/errors.js';
import { attributeOf, type GraphNode } from '../../graph.js';
import { type Builder, factorOf, requireConstant, type Value, withoutFactor } from '../builder.js';
import type { OnnxAttribute } from '../model.js';
import { activate } from './activation.js';

const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('latin1');
const spatial = (node: GraphNode, name: string): number[] =>
  (attributeOf(node, name)?.list?.i ?? ['1', '1', '1', '1']).slice(1, 3).map(Number);

/** TensorFlow's SAME pads the odd pixel at the end: ONNX `SAME_UPPER`. */
function padding(node: GraphNode): OnnxAttribute {
  const mode = text(attributeOf(node, 'padding')?.s);
  if (mode === 'SAME') return { text: 'SAME_UPPER' };
  if (mode === 'VALID') return { text: 'VALID' };
  throw new AppError('unsupported', `convert to ONNX: ${node.name}: padding ${mode}`);
}

/** `Conv2D` and `_FusedConv2D`: weights [kh, kw, in, out] become [out, in, kh, kw]. */
export function convolution(builder: Builder, node: GraphNode): Value[] {
  const { shape, data } = requireConstant(builder, node.input[1]!, node.name);
  const [kh, kw, inner, outer] = shape as [number, number, number, number];
  const input = builder.asNchw(builder.value(node.input[0]!));
  const factor = factorOf(input);
  const turned = new Float32Array(data.length);
  for (let k = 0, from = 0; k < kh * kw; k++) {
    for (let i = 0; i < inner; i++) {
      for (let o = 0; o < outer; o++) turned[(o * inner + i) * kh * kw + k] = data[from++]! * factor;
    }
  }
  return [emitConv(builder, node, { input, weights: builder.floats(turned, [outer, inner, kh, kw]), group: 1 })];
}

/** `DepthwiseConv2dNative` and its fused form: weights [kh, kw, channels, multiplier] become [channels * multiplier, 1, kh, kw]. */
export function depthwise(builder: Builder, node: GraphNode): Value[] {
  const { shape, data } = requireConstant(builder, node.input[1]!, node.name);
  const [kh, kw, channels, multiplier] = shape as [number, number, number, number];
  const outer = channels * multiplier;
  const input = builder.asNchw(builder.value(node.input[0]!));
  const factor = factorOf(input);
  const turned = new Float32Array(data.length);
  for (let k = 0, from = 0; k < kh * kw; k++) {
    for (let o = 0; o < outer; o++) turned[o * kh * kw + k] = data[from++]! * factor;
  }
  return [emitConv(builder, node, { input, weights: builder.floats(turned, [outer, 1, kh, kw]), group: channels })];
}

interface ConvParts {
  input: Value;
  weights: Value;
  group: number;
}

function emitConv(builder: Builder, node: GraphNode, { input, weights, group }: ConvParts): Value {
  const fused = (attributeOf(node, 'fused_ops')?.list?.s ?? []).map(text);
  const bias = fused[0] === 'BiasAdd' ? [biasOf(builder, node)] : [];
  const result = builder.emit('Conv', [withoutFactor(input), weights, ...bias], {
    layout: 'nchw',
    type: 'float32',
    attributes: {
      auto_pad: padding(node),
      strides: { ints: spatial(node, 'strides') },
      dilations: { ints: spatial(node, 'dilations') },
      group: { int: group },
    },
  });
  return activate(builder, result, fused[bias.length]);
}

function biasOf(builder: Builder, node: GraphNode): Value {
  const { data, shape } = requireConstant(builder, node.input[2]!, node.name);
  return builder.floats(Float32Array.from(data), shape);
}

/** `MaxPool`. */
export function maxPool(builder: Builder, node: GraphNode): Value[] {
  return [
    builder.emit('MaxPool', [builder.asNchw(builder.value(node.input[0]!))], {
      layout: 'nchw',
      attributes: {
        auto_pad: padding(node),
        kernel_shape: { ints: spatial(node, 'ksize') },
        strides: { ints: spatial(node, 'strides') },
      },
    }),
  ];
}

/** `Pad` with zeros; the amounts [[before, after], ...] in NHWC become all befores, then all afters, in NCHW. */
export function pad(builder: Builder, node: GraphNode): Value[] {
  const { data } = requireConstant(builder, node.input[1]!, node.name);
  const order = [0, 3, 1, 2];
  const amounts = [...order.map((axis) => data[axis * 2]!), ...order.map((axis) => data[axis * 2 + 1]!)];
  const value = builder.asNchw(builder.value(node.input[0]!));
  return [builder.emit('Pad', [value, builder.ints(amounts)], { layout: 'nchw' })];
}

/** `ResizeBilinear` to a constant size. */
export function resizeBilinear(builder: Builder, node: GraphNode): Value[] {
  if (attributeOf(node, 'align_corners')?.b) {
    throw new AppError('unsupported', `convert to ONNX: ${node.name}: align_corners`);
  }
  const { data } = requireConstant(builder, node.input[1]!, node.name);
  const value = builder.asNchw(builder.value(node.input[0]!));
  const channels = channelsOf(builder, node.input[0]!);
  const none: Value = { name: '', layout: 'plain', type: 'float32' };
  return [
    builder.emit('Resize', [value, none, none, builder.ints([1, channels, data[0]!, data[1]!])], {
      layout: 'nchw',
      attributes: {
        mode: { text: 'linear' },
        coordinate_transformation_mode: {
          text: attributeOf(node, 'half_pixel_centers')?.b ? 'half_pixel' : 'asymmetric',
        },
      },
    }),
  ];
}

/** Channels of a value, found by walking up to the convolution that made it. */
function channelsOf(builder: Builder, reference: string): number {
  const node = builder.producerOf(reference);
  if (!node) throw new AppError('unsupported', `convert to ONNX: ${reference}: channels unknown`);
  if (node.op.includes('Conv2D') || node.op.startsWith('Depthwise')) {
    const { shape } = requireConstant(builder, node.input[1]!, node.name);
    return node.op.includes('epthwise') ? shape[2]! * shape[3]! : shape[3]!;
  }
  return channelsOf(builder, node.input[0]!);
}
