import { AppError } from '../../core/errors.js';
import { type Graph, type GraphNode, type WeightSpec, weightBytes, weightOffsets } from './graph.js';
import type { NetworkEntry } from './manifest.js';

/** Channels of one output that are wanted, in the order in which they will come. */
export interface KeptChannels {
  /** Output name in the manifest. */
  output: string;
  channels: readonly number[];
}

/** Nodes between an output and the convolution that makes it, which treat each channel by itself. */
const CHANNELWISE = ['Identity', 'Sigmoid'];

/**
 * The same network without the other channels of one output: the rows of the last convolution's weights and biases that nobody
 * reads are left out. What stays is computed exactly as before. Of the 80 classes of a look at a window two are asked for, and
 * the other 78 cost a tenth of it and nearly all of the memory that each run leaves behind.
 * @throws AppError `unsupported` where no convolution with constant weights makes the output
 */
export function keepChannels(graph: Graph, entry: NetworkEntry, { output, channels }: KeptChannels): Graph {
  const head = headOf(graph, entry, output);
  const cut = new Set(head.input.slice(1));
  const offsets = weightOffsets(graph.weightSpecs);
  const parts = graph.weightSpecs.map((spec) => {
    const from = offsets.get(spec.name)!;
    const bytes = graph.weightData.subarray(from, from + weightBytes(spec));
    return cut.has(spec.name) ? pick(spec, bytes, channels) : { spec, bytes };
  });
  return {
    ...graph,
    weightSpecs: parts.map(({ spec }) => spec),
    weightData: new Uint8Array(Buffer.concat(parts.map(({ bytes }) => bytes))),
  };
}

/** The convolution (weights and biases are its second and third input) at the end of which an output stands. */
function headOf(graph: Graph, entry: NetworkEntry, output: string): GraphNode {
  const nodes = new Map(graph.topology.node.map((node) => [node.name, node]));
  let node = nodes.get(output);
  while (node && CHANNELWISE.includes(node.op)) node = nodes.get(node.input[0]!);
  const known = new Set(graph.weightSpecs.map(({ name }) => name));
  if (node?.op !== '_FusedConv2D' || node.input.length !== 3 || !node.input.slice(1).every((name) => known.has(name))) {
    throw new AppError(
      'unsupported',
      `network ${entry.name}: ${output}: no convolution whose channels could be left out`,
    );
  }
  return node;
}

/** Values of the last axis that are wanted. */
function pick(spec: WeightSpec, bytes: Uint8Array, channels: readonly number[]) {
  const of = spec.shape.at(-1)!;
  const each = spec.quantization ? 2 : 4;
  const rows = bytes.length / each / of;
  const kept = new Uint8Array(rows * channels.length * each);
  for (let row = 0; row < rows; row++) {
    channels.forEach((channel, i) => {
      const from = (row * of + channel) * each;
      kept.set(bytes.subarray(from, from + each), (row * channels.length + i) * each);
    });
  }
  return { spec: { ...spec, shape: [...spec.shape.slice(0, -1), channels.length] }, bytes: kept };
}
