import type { Parts } from './builder.js';
import type { OnnxConstant, OnnxNode } from './model.js';

/** ONNX Runtime's convolutions work on blocks of eight channels (AVX2). */
const BLOCK = 8;
/** Operators of one value that look at each channel alone. */
const CHANNELWISE = new Set(['Relu', 'HardSwish', 'HardSigmoid', 'Clip']);

/** What one run of channels touches: operators to widen, weights that make channels, and weights that read them. */
interface Chain {
  grouped: OnnxNode[];
  made: string[];
  read: string[];
}

/**
 * Widens runs of channels that are no multiple of eight by channels of zero weights: 18 become 24. A convolution whose channels fill no
 * whole block is computed the slow way, and so is what comes after it; with the added ones the whole network stays in
 * blocks. What is added is read with weights of zero by the convolution that ends the run, so that the result is the same. Runs
 * that end otherwise (an output, a sum, a concatenation) are left as they are.
 */
export function padChannels({ nodes, constants }: Parts): Parts {
  const weights = new Map(constants.map((constant) => [constant.name, constant]));
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  }
  const widened = new Map<OnnxNode, number>();
  for (const node of nodes) {
    const channels = weights.get(node.inputs[1] ?? '')?.shape[0] ?? 0;
    if (node.opType !== 'Conv' || groupOf(node) !== 1 || channels % BLOCK === 0) continue;
    const chain = follow(node, { channels, consumers });
    if (!chain) continue;
    const wide = Math.ceil(channels / BLOCK) * BLOCK;
    for (const name of chain.made) weights.set(name, padded(weights.get(name)!, 0, wide));
    for (const name of chain.read) weights.set(name, padded(weights.get(name)!, 1, wide));
    for (const grouped of chain.grouped) widened.set(grouped, wide);
  }
  return {
    nodes: nodes.map((node) => {
      const group = widened.get(node);
      return group === undefined ? node : { ...node, attributes: { ...node.attributes, group: { int: group } } };
    }),
    constants: [...weights.values()],
  };
}

/** All that carries the channels `first` makes; undefined where something else than a convolution uses them up. */
function follow(
  first: OnnxNode,
  { channels, consumers }: { channels: number; consumers: ReadonlyMap<string, readonly OnnxNode[]> },
): Chain | undefined {
  const chain: Chain = { grouped: [], made: first.inputs.slice(1), read: [] };
  const open = [first.outputs[0]!];
  for (const value of open) {
    const users = consumers.get(value) ?? [];
    if (users.length === 0) return undefined;
    for (const user of users) {
      if (CHANNELWISE.has(user.opType)) open.push(user.outputs[0]!);
      else if (user.opType !== 'Conv' || user.inputs[0] !== value) return undefined;
      else if (groupOf(user) === 1) chain.read.push(user.inputs[1]!);
      else if (groupOf(user) === channels) {
        chain.grouped.push(user);
        chain.made.push(...user.inputs.slice(1));
        open.push(user.outputs[0]!);
      } else return undefined;
    }
  }
  return chain;
}

function groupOf(node: OnnxNode): number {
  const { group } = node.attributes;
  return group && 'int' in group ? group.int : 1;
}

/** A float constant with zeros after its last index of one axis. */
function padded({ name, type, shape, bytes }: OnnxConstant, axis: number, size: number): OnnxConstant {
  const inner = shape.slice(axis + 1).reduce((product, dim) => product * dim, Float32Array.BYTES_PER_ELEMENT);
  const outer = shape.slice(0, axis).reduce((product, dim) => product * dim, 1);
  const row = shape[axis]! * inner;
  const wide = new Uint8Array(outer * size * inner);
  for (let i = 0; i < outer; i++) wide.set(bytes.subarray(i * row, (i + 1) * row), i * size * inner);
  return { name, type, shape: shape.map((dim, i) => (i === axis ? size : dim)), bytes: wide };
}
