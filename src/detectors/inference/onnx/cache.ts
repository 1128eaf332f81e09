import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { AppError, messageOf } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../core/files.js';
import { sha256 } from '../../../core/hash.js';
import type { InferenceBackend, Tensors } from '../../../core/inference.js';
import type { Logger } from '../../../core/log.js';
import { onnxruntimeBackend } from '../backends/onnxruntime.js';
import { tfjsBackend } from '../backends/tfjs.js';
import { tfjsWasmRuntime } from '../backends/tfjsWasm.js';
import type { Graph, InputSize } from '../graph.js';
import type { KeptChannels } from '../keepChannels.js';
import type { NetworkEntry } from '../manifest.js';
import { compareOutputs } from './compare.js';
import { CONVERTER_VERSION, convertToOnnx } from './convert.js';
import { testPicture } from './testPicture.js';

export interface OnnxCacheOptions {
  /** Folder for converted networks, made when needed. */
  cacheFolder: string;
  log: Logger;
  /** Greatest difference allowed. Default `TOLERANCE`. */
  tolerance?: number;
  /** What the graph was cut to, if anything. */
  keep?: KeptChannels | undefined;
}

/** Greatest difference between the converted and the original network, relative to the output's own scale. */
export const TOLERANCE = 1e-3;

/** File name of a converted network: changes with the weights, the size and the converter. */
function cacheKey(entry: NetworkEntry, size: InputSize, keep: KeptChannels | undefined): string {
  const source = [entry.topology.sha256, entry.weights.sha256, size.width, size.height, CONVERTER_VERSION];
  const interfaceOfEntry = JSON.stringify([entry.input, entry.outputs, ...(keep ? [keep] : [])]);
  return `${entry.name}-${size.width}x${size.height}-${sha256(source.join(' ') + interfaceOfEntry).slice(0, 16)}`;
}

/**
 * The converted network in ONNX Runtime. The first time it is converted, compared with tfjs-wasm on a picture, and only
 * then stored, with its own sha256 beside it; a stored file that no longer has that sha256 is made anew.
 * @throws AppError `model` where the outputs differ by more than `TOLERANCE`, `unsupported` where it cannot be converted
 */
export async function cachedOnnxBackend(
  graph: Graph,
  entry: NetworkEntry,
  size: InputSize,
  { cacheFolder, log, tolerance = TOLERANCE, keep }: OnnxCacheOptions,
): Promise<InferenceBackend> {
  const path = join(cacheFolder, `${cacheKey(entry, size, keep)}.onnx`);
  const stored = readStored(path);
  if (stored) return onnxruntimeBackend(stored, entry);
  const model = convertToOnnx(graph, entry);
  const backend = await onnxruntimeBackend(model, entry);
  try {
    const difference = await differenceFromTfjs(backend, graph, entry, size);
    if (!(difference <= tolerance)) throw differs(entry, size, difference);
    log.info({ network: entry.name, ...size, difference }, 'network converted and checked');
  } catch (error) {
    await backend.close();
    throw error;
  }
  store(path, model, log);
  return backend;
}

function readStored(path: string): Uint8Array | undefined {
  if (!existsSync(path) || !existsSync(`${path}.sha256`)) return undefined;
  const bytes = readFileSync(path);
  return sha256(bytes) === readFileSync(`${path}.sha256`, 'utf8').trim() ? bytes : undefined;
}

/** A folder that cannot be written costs the conversion at each start, never the service. */
function store(path: string, model: Uint8Array, log: Logger): void {
  try {
    writeShared(path, model);
    writeShared(`${path}.sha256`, `${sha256(model)}\n`);
  } catch (error) {
    log.warn({ path, error: messageOf(error) }, 'converted network not stored');
  }
}

/** Several workers, also of several processes, may convert the same network at once: each writes a file of its own, the last rename stays. */
function writeShared(path: string, data: string | Uint8Array): void {
  const own = `${path}.${process.pid}-${threadId}`;
  writeFileAtomic(own, data);
  renameSync(own, path);
}

async function differenceFromTfjs(
  backend: InferenceBackend,
  graph: Graph,
  entry: NetworkEntry,
  size: InputSize,
): Promise<number> {
  const reference = await tfjsBackend(await tfjsWasmRuntime(), graph, entry);
  try {
    const inputs: Tensors = { [entry.input.name]: testPicture(entry, size) };
    return compareOutputs(await backend.run(inputs), await reference.run(inputs));
  } finally {
    await reference.close();
  }
}

const differs = (entry: NetworkEntry, { width, height }: InputSize, difference: number): AppError =>
  new AppError(
    'model',
    `network ${entry.name}: ${width}x${height}: converted outputs differ from tfjs-wasm by ${difference.toExponential(1)}`,
    { hint: 'set inference.backend to tfjs-wasm, and report this with the versions of the packages' },
  );
