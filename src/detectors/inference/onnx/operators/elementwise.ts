import { attributeOf, type Constant, type GraphNode } from '../../graph.js';
import { type Builder, factorOf, type Value, withoutFactor } from '../builder.js';
import type { ElementType } from '../model.js';
import { hardSigmoid, hardSwish } from './activation.js';

/** An operator of two values that broadcasts like NumPy in both worlds. */
export const binary =
  (opType: string) =>
  (builder: Builder, node: GraphNode): Value[] => {
    const [a, b] = operands(builder, node.input[0]!, node.input[1]!);
    return [builder.emit(opType, [a, b], { layout: a.layout })];
  };

/** `Mul`, with the products that are hard swish and hard sigmoid recognised. */
export const multiply = (builder: Builder, node: GraphNode): Value[] =>
  hardSwish(builder, node) ?? hardSigmoid(builder, node) ?? product(builder, node);

function product(builder: Builder, node: GraphNode): Value[] {
  const [a, b] = operands(builder, node.input[0]!, node.input[1]!);
  const result = builder.emit('Mul', [withoutFactor(a), withoutFactor(b)], { layout: a.layout });
  return [{ ...result, factor: factorOf(a) * factorOf(b) }];
}

/** `SquaredDifference`. */
export function squaredDifference(builder: Builder, node: GraphNode): Value[] {
  const difference = binary('Sub')(builder, node)[0]!;
  return [builder.emit('Mul', [difference, difference], { layout: difference.layout })];
}

/** An operator of one value that looks at each element alone. */
export const unary =
  (opType: string) =>
  (builder: Builder, node: GraphNode): Value[] => {
    const value = builder.value(node.input[0]!);
    return [builder.emit(opType, [value], { layout: value.layout })];
  };

/** `Cast` between the number types in use. */
export function cast(builder: Builder, node: GraphNode): Value[] {
  const to: ElementType = attributeOf(node, 'DstT')?.type === 'DT_INT32' ? 'int32' : 'float32';
  return [builder.asType(builder.value(node.input[0]!), to)];
}

/**
 * Both operands in one layout: a constant is turned here, once. NCHW only where every computed operand is, since a plain
 * one may have another rank.
 */
function operands(builder: Builder, left: string, right: string): [Value, Value] {
  const computed = [left, right].filter((reference) => !builder.constantOf(reference));
  const nchw = computed.length > 0 && computed.every((reference) => builder.value(reference).layout === 'nchw');
  const place = (reference: string): Value => {
    const constant = builder.constantOf(reference);
    if (constant && nchw) return channelFirst(builder, constant);
    return nchw ? builder.value(reference) : builder.asPlain(builder.value(reference));
  };
  return [place(left), place(right)];
}

/** A constant of rank 0, 1 (channels), 3 or 4 for use against an NCHW value. */
function channelFirst(builder: Builder, { shape, data }: Constant): Value {
  const values = Float32Array.from(data);
  if (values.length === 1) return { ...builder.floats(values, []), layout: 'nchw' };
  const [height, width, channels] = [...Array<number>(3).fill(1), ...shape].slice(-3) as [number, number, number];
  const turned = new Float32Array(values.length);
  for (let cell = 0, from = 0; cell < height * width; cell++) {
    for (let c = 0; c < channels; c++) turned[c * height * width + cell] = values[from++]!;
  }
  return { ...builder.floats(turned, [channels, height, width]), layout: 'nchw' };
}
