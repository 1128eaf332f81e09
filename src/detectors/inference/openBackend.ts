import { messageOf } from '../../core/errors.js';
import type { InferenceBackend } from '../../core/inference.js';
import type { Logger } from '../../core/log.js';
import { tfjsBackend } from './backends/tfjs.js';
import { tfjsNodeRuntime } from './backends/tfjsNode.js';
import { tfjsWasmRuntime } from './backends/tfjsWasm.js';
import { type Graph, type InputSize, parseGraph } from './graph.js';
import { type KeptChannels, keepChannels } from './keepChannels.js';
import type { NetworkEntry } from './manifest.js';
import { readModel } from './modelFiles.js';
import { cachedOnnxBackend } from './onnx/cache.js';
import { chosenSize, resizeGraph } from './resizeGraph.js';

export type BackendChoice = 'auto' | 'onnxruntime' | 'tfjs-wasm' | 'tfjs-node';

export interface OpenBackendOptions {
  backend: BackendChoice;
  /** Folder for converted networks. */
  cacheFolder: string;
  log: Logger;
  /** Greatest difference allowed between a converted network and the original. Default 1e-3. */
  tolerance?: number;
  /** Channels that are wanted of one output; all of them where absent. */
  keep?: KeptChannels | undefined;
}

/** A loaded network with what the manifest says of it. */
export interface LoadedNetwork extends InferenceBackend {
  entry: NetworkEntry;
  size: InputSize;
}

/**
 * Loads one network at one input size, in this thread. `auto` takes ONNX Runtime and falls back to tfjs-wasm, with the
 * reason in the log; a backend named outright is used or refused.
 * @throws AppError `not-found`, `usage` (size), `model` (sha256, check), `unsupported` (backend)
 */
export async function openBackend(
  name: string,
  asked: Partial<InputSize>,
  options: OpenBackendOptions,
): Promise<LoadedNetwork> {
  const bytes = readModel(name);
  const entry = bytes.entry;
  const size = chosenSize(entry, asked);
  const sized = resizeGraph(parseGraph(bytes), entry, size);
  const graph = options.keep ? keepChannels(sized, entry, options.keep) : sized;
  const backend = await open(graph, entry, size, options);
  return { ...backend, entry, size };
}

async function open(
  graph: Graph,
  entry: NetworkEntry,
  size: InputSize,
  options: OpenBackendOptions,
): Promise<InferenceBackend> {
  switch (options.backend) {
    case 'onnxruntime':
      return cachedOnnxBackend(graph, entry, size, options);
    case 'tfjs-wasm':
      return tfjsBackend(await tfjsWasmRuntime(), graph, entry);
    case 'tfjs-node':
      return tfjsBackend(await tfjsNodeRuntime(), graph, entry);
    case 'auto':
      return fastest(graph, entry, size, options);
  }
}

async function fastest(
  graph: Graph,
  entry: NetworkEntry,
  size: InputSize,
  options: OpenBackendOptions,
): Promise<InferenceBackend> {
  try {
    return await cachedOnnxBackend(graph, entry, size, options);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
    const fields = { network: entry.name, ...size, reason: messageOf(error), cause };
    options.log.warn(fields, 'onnxruntime not usable, tfjs-wasm takes over');
    return tfjsBackend(await tfjsWasmRuntime(), graph, entry);
  }
}
