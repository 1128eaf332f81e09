import { AppError } from '../../core/errors.js';
import { type Graph, type GraphNode, type InputSize, weightOffsets } from './graph.js';
import type { NetworkEntry } from './manifest.js';

/**
 * The input size a caller gets: the network's own where none is asked for.
 * @throws AppError `usage` where the network cannot take that size
 */
export function chosenSize(entry: NetworkEntry, asked: Partial<InputSize> = {}): InputSize {
  const [, height, width] = entry.input.shape;
  const size = { width: asked.width ?? width, height: asked.height ?? height };
  if (size.width === width && size.height === height) return size;
  const step = entry.input.sizeMultipleOf;
  if (!step)
    throw new AppError('usage', `network ${entry.name}: ${size.width}x${size.height}: takes ${width}x${height} only`);
  if (size.width % step || size.height % step || size.width < step || size.height < step) {
    throw new AppError(
      'usage',
      `network ${entry.name}: ${size.width}x${size.height}: both must be multiples of ${step}`,
    );
  }
  return size;
}

/**
 * The same network for pictures of another size. The networks in question are fully convolutional: only the placeholder's
 * shape and the target sizes of the bilinear upsamplings, which are constants, know the size. They are scaled.
 */
export function resizeGraph(graph: Graph, entry: NetworkEntry, size: InputSize): Graph {
  const [, height, width] = entry.input.shape;
  if (size.width === width && size.height === height) return graph;
  const weightData = graph.weightData.slice();
  const view = new DataView(weightData.buffer);
  const offsets = weightOffsets(graph.weightSpecs);
  for (const node of graph.topology.node.filter((candidate) => candidate.op === 'ResizeBilinear')) {
    const offset = offsets.get(node.input[1]!);
    if (offset === undefined)
      throw new AppError('unsupported', `network ${entry.name}: ${node.name}: size is not constant`);
    view.setInt32(offset, (view.getInt32(offset, true) * size.height) / height, true);
    view.setInt32(offset + 4, (view.getInt32(offset + 4, true) * size.width) / width, true);
  }
  const node = graph.topology.node.map((each) =>
    each.name === entry.input.name ? withShape(each, entry, size) : each,
  );
  return { ...graph, topology: { ...graph.topology, node }, weightData };
}

function withShape(placeholder: GraphNode, entry: NetworkEntry, size: InputSize): GraphNode {
  const dim = [1, size.height, size.width, entry.input.shape[3]].map((value) => ({ size: String(value) }));
  return { ...placeholder, attr: { ...placeholder.attr, shape: { shape: { dim } } } };
}
