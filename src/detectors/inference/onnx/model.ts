import { bytesField, type Field, floatField, intField, joinFields, messageField, stringField } from './wire.js';

/** Element types by their number in `TensorProto.DataType`. */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof ELEMENT;

/** An attribute's value: a number is an `INT` where it is wrapped in `int`, else a `FLOAT`. */
export type OnnxAttribute = { int: number } | { float: number } | { ints: readonly number[] } | { text: string };

export interface OnnxNode {
  opType: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxConstant {
  name: string;
  type: ElementType;
  shape: readonly number[];
  /** Little-endian values, row-major. */
  bytes: Uint8Array;
}

export interface OnnxPort {
  name: string;
  type: ElementType;
  /** Absent: ONNX Runtime infers it. */
  shape?: readonly number[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  constants: readonly OnnxConstant[];
  inputs: readonly OnnxPort[];
  outputs: readonly OnnxPort[];
  /** `metadata_props` of the model: what some runtimes read their settings from. */
  metadata?: Readonly<Record<string, string>>;
}

/** Opset 17 (ONNX 1.12) has every operator in use; IR version 8 goes with it. */
const OPSET = 17;
const IR_VERSION = 8;

/** The bytes of an `.onnx` file. Field numbers are those of onnx.proto3 (github.com/onnx/onnx, Apache-2.0). */
export function encodeOnnx(graph: OnnxGraph, producer: string): Uint8Array {
  return joinFields([
    intField(1, IR_VERSION),
    stringField(2, producer),
    messageField(7, [
      ...graph.nodes.map((node) => messageField(1, nodeFields(node))),
      stringField(2, graph.name),
      ...graph.constants.map((constant) => messageField(5, constantFields(constant))),
      ...graph.inputs.map((port) => messageField(11, portFields(port))),
      ...graph.outputs.map((port) => messageField(12, portFields(port))),
    ]),
    messageField(8, [stringField(1, ''), intField(2, OPSET)]),
    ...Object.entries(graph.metadata ?? {}).map(([key, value]) =>
      messageField(14, [stringField(1, key), stringField(2, value)]),
    ),
  ]);
}

function nodeFields(node: OnnxNode): Field[] {
  return [
    ...node.inputs.map((name) => stringField(1, name)),
    ...node.outputs.map((name) => stringField(2, name)),
    stringField(3, node.outputs[0]!),
    stringField(4, node.opType),
    ...Object.entries(node.attributes).map(([name, value]) => messageField(5, attributeFields(name, value))),
  ];
}

function attributeFields(name: string, value: OnnxAttribute): Field[] {
  if ('int' in value) return [stringField(1, name), intField(3, BigInt(value.int)), intField(20, 2)];
  if ('float' in value) return [stringField(1, name), floatField(2, value.float), intField(20, 1)];
  if ('text' in value) return [stringField(1, name), stringField(4, value.text), intField(20, 3)];
  return [stringField(1, name), ...value.ints.map((item) => intField(8, BigInt(item))), intField(20, 7)];
}

const constantFields = (constant: OnnxConstant): Field[] => [
  ...constant.shape.map((dim) => intField(1, dim)),
  intField(2, ELEMENT[constant.type]),
  stringField(8, constant.name),
  bytesField(9, constant.bytes),
];

function portFields({ name, type, shape }: OnnxPort): Field[] {
  const dims = shape
    ? [
        messageField(
          2,
          shape.map((dim) => messageField(1, [intField(1, dim)])),
        ),
      ]
    : [];
  return [stringField(1, name), messageField(2, [messageField(1, [intField(1, ELEMENT[type]), ...dims])])];
}
