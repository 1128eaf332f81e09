import { AppError } from '../../../core/errors.js';
import type { Constant, GraphNode } from '../graph.js';
import { ELEMENT, type ElementType, type OnnxAttribute, type OnnxConstant, type OnnxNode } from './model.js';

/**
 * A value on its way through the ONNX graph. TensorFlow keeps pictures as NHWC, ONNX convolutions want NCHW: a value says
 * which it is, and is turned only where an operator needs the other order. `plain` is TensorFlow's order.
 */
export interface Value {
  name: string;
  layout: 'nchw' | 'plain';
  type: ElementType;
  /**
   * The TensorFlow value is this times the ONNX one. Convolutions take the factor into their weights, products and means
   * pass it on; anywhere else it is multiplied out.
   */
  factor?: number;
}

/** What an operator handler works with. */
export interface Builder {
  /** The converted value of a TensorFlow input reference (`name` or `name:index`). Constants become initializers. */
  value(reference: string): Value;
  /** The value of a weight; undefined where the reference is computed. */
  constantOf(reference: string): Constant | undefined;
  /** The TensorFlow node that computes a reference; undefined for a weight. */
  producerOf(reference: string): GraphNode | undefined;
  asNchw(value: Value): Value;
  asPlain(value: Value): Value;
  asType(value: Value, type: ElementType): Value;
  /** The value with its factor applied. */
  multipliedOut(value: Value): Value;
  /** Adds an operator with one result. Factors of its inputs are applied first. */
  emit(opType: string, inputs: readonly Value[], options: EmitOptions): Value;
  /** Adds an operator with several results of one layout and type. */
  emitMany(opType: string, inputs: readonly Value[], options: EmitOptions & { count: number }): Value[];
  /** Adds a constant made by the converter. */
  floats(values: Float32Array, shape: readonly number[]): Value;
  ints(values: readonly number[], type?: 'int32' | 'int64', shape?: readonly number[]): Value;
}

export interface EmitOptions {
  layout: Value['layout'];
  type?: ElementType;
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface Parts {
  nodes: OnnxNode[];
  constants: OnnxConstant[];
}

const toNchw: OnnxAttribute = { ints: [0, 3, 1, 2] };
const toNhwc: OnnxAttribute = { ints: [0, 2, 3, 1] };

/** The part of a builder that does not read the TensorFlow graph: names, operators, constants, changes of layout. */
export function makeEmitter(parts: Parts): Omit<Builder, 'value' | 'constantOf' | 'producerOf'> {
  const turned = new Map<string, Value>();
  let serial = 0;
  const fresh = (hint: string): string => `${hint}_${serial++}`;

  const emitMany: Builder['emitMany'] = (opType, inputs, { layout, type, attributes = {}, count }) => {
    const outputs = Array.from({ length: count }, () => fresh(opType));
    const names = inputs.map((input) => multipliedOut(input).name);
    parts.nodes.push({ opType, inputs: names, outputs, attributes });
    return outputs.map((name) => ({ name, layout, type: type ?? inputs[0]!.type }));
  };
  const emit: Builder['emit'] = (opType, inputs, options) => emitMany(opType, inputs, { ...options, count: 1 })[0]!;

  const once = (label: string, value: Value, make: () => Value): Value => {
    const memo = `${label} ${value.name}`;
    const known = turned.get(memo) ?? make();
    turned.set(memo, known);
    return known;
  };
  const multipliedOut = (value: Value): Value => {
    if (factorOf(value) === 1) return value;
    const factor = (): Value => constant('float32', [], bytesOf(Float32Array.of(factorOf(value))));
    return once('factor', value, () => emit('Mul', [withoutFactor(value), factor()], { layout: value.layout }));
  };
  const turn = (value: Value, layout: Value['layout'], perm: OnnxAttribute): Value => {
    if (value.layout === layout) return value;
    const turned = once(layout, value, () =>
      emit('Transpose', [withoutFactor(value)], { layout, attributes: { perm } }),
    );
    return { ...turned, factor: factorOf(value) };
  };
  const constant = (type: ElementType, shape: readonly number[], bytes: Uint8Array): Value => {
    const name = fresh('constant');
    parts.constants.push({ name, type, shape, bytes });
    return { name, layout: 'plain', type };
  };

  return {
    emit,
    emitMany,
    multipliedOut,
    asNchw: (value) => turn(value, 'nchw', toNchw),
    asPlain: (value) => turn(value, 'plain', toNhwc),
    asType: (value, type) =>
      value.type === type
        ? value
        : once(type, value, () =>
            emit('Cast', [value], { layout: value.layout, type, attributes: { to: { int: ELEMENT[type] } } }),
          ),
    floats: (values, shape) => constant('float32', shape, bytesOf(values)),
    ints: (values, type = 'int64', shape = [values.length]) =>
      constant(type, shape, bytesOf(type === 'int32' ? Int32Array.from(values) : BigInt64Array.from(values, BigInt))),
  };
}

function bytesOf(values: Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The factor that still has to be applied to a value. */
export const factorOf = (value: Value): number => value.factor ?? 1;

/** The ONNX value itself, for an operator that deals with the factor. */
export const withoutFactor = ({ name, layout, type }: Value): Value => ({ name, layout, type });

/** The weight behind a reference. @throws AppError `unsupported` where it is computed */
export function requireConstant(builder: Builder, reference: string, what: string): Constant {
  const constant = builder.constantOf(reference);
  if (constant) return constant;
  throw new AppError('unsupported', `convert to ONNX: ${what}: ${reference} is not a constant`);
}
