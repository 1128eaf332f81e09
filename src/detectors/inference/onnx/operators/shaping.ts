import { AppError } from '../../../../core/errors.js';
import { attributeOf, type GraphNode } from '../../graph.js';
import { type Builder, factorOf, requireConstant, type Value, withoutFactor } from '../builder.js';
import { activate } from './activation.js';

const NCHW_AXIS = [0, 2, 3, 1] as const;
const integer = (node: GraphNode, name: string): number => Number(attributeOf(node, name)?.i ?? '0');
const plainInput = (builder: Builder, node: GraphNode, i: number): Value =>
  builder.asPlain(builder.value(node.input[i]!));

const isPlane = (axes: readonly number[]): boolean => axes.length === 2 && axes.includes(2) && axes.includes(3);

/** `Mean` over height and width, or over plain axes. */
export function mean(builder: Builder, node: GraphNode): Value[] {
  const value = builder.value(node.input[0]!);
  const axes = [...requireConstant(builder, node.input[1]!, node.name).data];
  const keep = attributeOf(node, 'keep_dims')?.b ?? false;
  const turned = value.layout === 'nchw' ? axes.map((axis) => NCHW_AXIS[axis]!) : axes;
  // Without its height and width an NCHW value is [batch, channels]: plain.
  const layout = value.layout === 'nchw' && keep ? 'nchw' : 'plain';
  // ONNX Runtime averages whole planes in the blocked layout of its convolutions; any other mean is turned there and back.
  if (keep && value.layout === 'nchw' && isPlane(turned)) {
    return [{ ...builder.emit('GlobalAveragePool', [withoutFactor(value)], { layout }), factor: factorOf(value) }];
  }
  const attributes = { axes: { ints: turned }, keepdims: { int: keep ? 1 : 0 } };
  return [{ ...builder.emit('ReduceMean', [withoutFactor(value)], { layout, attributes }), factor: factorOf(value) }];
}

/** `ConcatV2`: the axis is the last input. Stays NCHW where any part is. */
export function concat(builder: Builder, node: GraphNode): Value[] {
  const references = node.input.slice(0, -1);
  const axis = requireConstant(builder, node.input.at(-1)!, node.name).data[0]!;
  const values = references.map((reference) => builder.value(reference));
  const nchw = values.some((value) => value.layout === 'nchw');
  const parts = values.map((value) => (nchw ? builder.asNchw(value) : value));
  const turned = nchw ? NCHW_AXIS[(axis + 4) % 4]! : axis;
  return [builder.emit('Concat', parts, { layout: nchw ? 'nchw' : 'plain', attributes: { axis: { int: turned } } })];
}

/** `Reshape` to a constant shape. */
export function reshape(builder: Builder, node: GraphNode): Value[] {
  const shape = builder.ints([...requireConstant(builder, node.input[1]!, node.name).data]);
  return [builder.emit('Reshape', [plainInput(builder, node, 0), shape], { layout: 'plain' })];
}

/** `_FusedMatMul`: weights are [in, out], neither side transposed. */
export function fusedMatMul(builder: Builder, node: GraphNode): Value[] {
  if (attributeOf(node, 'transpose_a')?.b || attributeOf(node, 'transpose_b')?.b) {
    throw new AppError('unsupported', `convert to ONNX: ${node.name}: transposed matrix`);
  }
  const fused = (attributeOf(node, 'fused_ops')?.list?.s ?? []).map((s) => Buffer.from(s, 'base64').toString('latin1'));
  const inputs = [0, 1, 2].map((i) => plainInput(builder, node, i));
  return [activate(builder, builder.emit('Gemm', inputs, { layout: 'plain' }), fused[1])];
}

/** `Softmax` over the last axis of a plain value. */
export const softmax = (builder: Builder, node: GraphNode): Value[] => [
  builder.emit('Softmax', [plainInput(builder, node, 0)], { layout: 'plain', attributes: { axis: { int: -1 } } }),
];

/** `ExpandDims` at a constant axis. */
export function expandDims(builder: Builder, node: GraphNode): Value[] {
  const axis = requireConstant(builder, node.input[1]!, node.name).data[0]!;
  return [builder.emit('Unsqueeze', [plainInput(builder, node, 0), builder.ints([axis])], { layout: 'plain' })];
}

/** `Squeeze` of the listed axes. */
export function squeeze(builder: Builder, node: GraphNode): Value[] {
  const axes = (attributeOf(node, 'squeeze_dims')?.list?.i ?? []).map(Number);
  return [builder.emit('Squeeze', [plainInput(builder, node, 0), builder.ints(axes)], { layout: 'plain' })];
}

/** `Unpack`: one value a slice of the axis. */
export function unpack(builder: Builder, node: GraphNode): Value[] {
  const axis = integer(node, 'axis');
  const count = integer(node, 'num');
  const attributes = { axis: { int: axis } };
  const input = plainInput(builder, node, 0);
  const sizes = builder.ints(Array<number>(count).fill(1));
  const slices = builder.emitMany('Split', [input, sizes], { layout: 'plain', attributes, count });
  return slices.map((slice) => builder.emit('Squeeze', [slice, builder.ints([axis])], { layout: 'plain' }));
}

/** `Pack`: values stacked along a new axis. */
export function pack(builder: Builder, node: GraphNode): Value[] {
  const axis = integer(node, 'axis');
  const parts = node.input.map((_, i) =>
    builder.emit('Unsqueeze', [plainInput(builder, node, i), builder.ints([axis])], { layout: 'plain' }),
  );
  return [builder.emit('Concat', parts, { layout: 'plain', attributes: { axis: { int: axis } } })];
}

/** `ArgMax` along a constant axis, as int32. */
export function argMax(builder: Builder, node: GraphNode): Value[] {
  const axis = requireConstant(builder, node.input[1]!, node.name).data[0]!;
  const attributes = { axis: { int: axis }, keepdims: { int: 0 } };
  const found = builder.emit('ArgMax', [plainInput(builder, node, 0)], { layout: 'plain', type: 'int64', attributes });
  return [builder.asType(found, 'int32')];
}

/** `GatherNd`. */
export function gatherNd(builder: Builder, node: GraphNode): Value[] {
  const indices = builder.asType(plainInput(builder, node, 1), 'int64');
  return [builder.emit('GatherND', [plainInput(builder, node, 0), indices], { layout: 'plain' })];
}

/** `Identity`. */
export const identity = (builder: Builder, node: GraphNode): Value[] => [builder.value(node.input[0]!)];
