import { AppError } from '../../../core/errors.js';
import { attributeOf, type Constant, type Graph, type GraphNode, readConstants } from '../graph.js';
import type { NetworkEntry } from '../manifest.js';
import { type Builder, makeEmitter, type Parts, type Value } from './builder.js';
import { type ElementType, encodeOnnx } from './model.js';
import { operators } from './operators/table.js';
import { padChannels } from './padChannels.js';

/** Goes up when a change of the converter changes its output, so that cached files are made anew. */
export const CONVERTER_VERSION = 2;

/**
 * Turns a TFJS graph model into the bytes of an ONNX file with the same input and outputs (names, NHWC order). Only the
 * nodes that the manifest's outputs need are converted.
 * @throws AppError `unsupported` for an operator or a form that no network of the manifest had
 */
export function convertToOnnx(graph: Graph, entry: NetworkEntry): Uint8Array {
  const parts: Parts = { nodes: [], constants: [] };
  const builder = makeBuilder(graph, entry, parts);
  for (const output of entry.outputs) {
    const value = builder.multipliedOut(builder.asPlain(builder.value(output.name)));
    parts.nodes.push({ opType: 'Identity', inputs: [value.name], outputs: [output.name], attributes: {} });
  }
  const input = { name: entry.input.name, type: entry.input.dtype, shape: inputShape(graph, entry) };
  const outputs = entry.outputs.map((output) => ({ name: output.name, type: 'float32' as const }));
  return encodeOnnx(
    { name: entry.name, ...padChannels(parts), inputs: [input], outputs },
    `hallwatch ${CONVERTER_VERSION}`,
  );
}

function placeholder(graph: Graph, entry: NetworkEntry): GraphNode {
  const found = graph.topology.node.find((node) => node.name === entry.input.name && node.op === 'Placeholder');
  if (!found) throw new AppError('model', `model ${entry.name}: input ${entry.input.name}: not in the graph`);
  return found;
}

/** A batch of -1 in the file means any; we run one picture. */
function inputShape(graph: Graph, entry: NetworkEntry): number[] {
  const dims = attributeOf(placeholder(graph, entry), 'shape')?.shape?.dim ?? [];
  return dims.map((dim) => Math.max(1, Number(dim.size)));
}

function makeBuilder(graph: Graph, entry: NetworkEntry, parts: Parts): Builder {
  const nodes = new Map(graph.topology.node.map((node) => [node.name, node]));
  const constants = readConstants(graph);
  const results = new Map<string, Value[]>();

  const convert = (name: string): Value[] => {
    const node = nodes.get(name);
    if (!node) throw new AppError('model', `model ${entry.name}: node ${name}: not in the graph`);
    if (node.op === 'Placeholder') return [inputValue(builder, node, entry)];
    const constant = constants.get(name);
    if (constant) return [initializer(builder, constant)];
    const handler = operators[node.op];
    if (!handler) throw new AppError('unsupported', `convert ${entry.name} to ONNX: operator ${node.op}: not known`);
    return handler(builder, node);
  };
  const builder: Builder = {
    ...makeEmitter(parts),
    value(reference) {
      const { name, index } = parseReference(reference);
      const known = results.get(name) ?? convert(name);
      results.set(name, known);
      return known[index]!;
    },
    constantOf: (reference) => constants.get(parseReference(reference).name),
    producerOf(reference) {
      const node = nodes.get(parseReference(reference).name);
      return node?.op === 'Const' ? undefined : node;
    },
  };
  return builder;
}

/** The caller's numbers turned into what the placeholder holds. */
function inputValue(builder: Builder, node: GraphNode, entry: NetworkEntry): Value {
  const declared: ElementType = attributeOf(node, 'dtype')?.type === 'DT_INT32' ? 'int32' : 'float32';
  return builder.asType({ name: entry.input.name, layout: 'plain', type: entry.input.dtype }, declared);
}

function initializer(builder: Builder, { shape, data }: Constant): Value {
  return data instanceof Int32Array ? builder.ints([...data], 'int32', shape) : builder.floats(data, shape);
}

/** `name`, `name:1`, or `^name` for an order-only edge, which no network in use has. */
function parseReference(reference: string): { name: string; index: number } {
  const [name, index] = reference.split(':') as [string, string | undefined];
  return { name, index: Number(index ?? '0') };
}
