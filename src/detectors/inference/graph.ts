import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import type { ModelBytes } from './modelFiles.js';

/** A TensorFlow node attribute as TFJS writes it (protobuf JSON); only what the networks in use carry. */
const attribute = z.object({
  b: z.boolean().optional(),
  i: z.string().optional(),
  s: z.string().optional(),
  type: z.string().optional(),
  shape: z.object({ dim: z.array(z.object({ size: z.string() })).optional() }).optional(),
  list: z.object({ i: z.array(z.string()).optional(), s: z.array(z.string()).optional() }).optional(),
});

const node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});

const weight = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});

const topology = z.object({
  modelTopology: z.looseObject({ node: z.array(node) }),
  weightsManifest: z.array(z.object({ weights: z.array(weight) })),
});

export type GraphNode = z.output<typeof node>;
export type WeightSpec = z.output<typeof weight>;
export type Attribute = z.output<typeof attribute>;

/** A TFJS graph model in memory. */
export interface Graph {
  /** The `modelTopology` of the JSON file, for TFJS. */
  topology: { node: GraphNode[] };
  weightSpecs: WeightSpec[];
  /** The weights back to back, in the order of `weightSpecs`. */
  weightData: Uint8Array;
}

/** A weight with its values unpacked. `data.length` is the product of `shape`. */
export interface Constant {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

/** Height and width of a network's input, pixels. */
export interface InputSize {
  width: number;
  height: number;
}

/** Parses the two files of a TFJS graph model. */
export function parseGraph({ entry, topology: json, weights }: ModelBytes): Graph {
  const parsed = topology.safeParse(JSON.parse(json.toString('utf8')));
  if (!parsed.success) {
    throw new AppError('model', `model ${entry.name}: ${entry.topology.path}: ${z.prettifyError(parsed.error)}`);
  }
  const weightSpecs = parsed.data.weightsManifest.flatMap((group) => group.weights);
  return { topology: parsed.data.modelTopology, weightSpecs, weightData: new Uint8Array(weights) };
}

/** One attribute, parsed; undefined where the node has none of that name. */
export function attributeOf(from: GraphNode, name: string): Attribute | undefined {
  const value = from.attr[name];
  return value === undefined ? undefined : attribute.parse(value);
}

/** Size of a weight in `weightData`, bytes. */
export const weightBytes = (spec: WeightSpec): number => elements(spec.shape) * (spec.quantization ? 2 : 4);
const elements = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** Where each weight starts in `weightData`, bytes. */
export function weightOffsets(specs: readonly WeightSpec[]): Map<string, number> {
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const spec of specs) {
    offsets.set(spec.name, offset);
    offset += weightBytes(spec);
  }
  return offsets;
}

/** Unpacks all weights; half precision becomes single. */
export function readConstants(graph: Graph): Map<string, Constant> {
  const offsets = weightOffsets(graph.weightSpecs);
  return new Map(
    graph.weightSpecs.map((spec) => {
      const start = offsets.get(spec.name)!;
      const bytes = graph.weightData.slice(start, start + weightBytes(spec)).buffer;
      return [spec.name, { shape: spec.shape, data: unpack(spec, bytes) }];
    }),
  );
}

function unpack(spec: WeightSpec, bytes: ArrayBuffer): Float32Array | Int32Array {
  if (spec.dtype === 'int32') return new Int32Array(bytes);
  if (spec.quantization) return unpackHalf(new Uint16Array(bytes));
  return new Float32Array(bytes);
}

let halfTable: Float32Array | undefined;

/** Millions of weights, 65536 possible values: a table made once is 20 times as fast as the arithmetic. */
function unpackHalf(bits: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 0x10000 }, (_, value) => halfToSingle(value));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = halfTable[bits[i]!]!;
  return values;
}

/** IEEE 754 binary16 to a number. */
function halfToSingle(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
