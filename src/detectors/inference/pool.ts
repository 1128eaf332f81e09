import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Tensors } from '../../core/inference.js';
import type { Logger } from '../../core/log.js';
import type { ObjectFinder } from '../persons/detectObjects.js';
import { type MosaicFinder, type MosaicGrid, mosaicSize } from '../persons/mosaic.js';
import { pixelsOf } from '../persons/picture.js';
import type { InputSize } from './graph.js';
import { jobQueue, type PoolStats } from './jobQueue.js';
import { type NetworkEntry, networkEntry, readManifest } from './manifest.js';
import type { BackendChoice } from './openBackend.js';
import type { Job, NetworkKey } from './protocol.js';
import { chosenSize } from './resizeGraph.js';
import { workerEntry } from './workerEntry.js';
import { workerSlot } from './workerSlot.js';

export interface InferenceOptions {
  /** Which runtime; `auto` is onnxruntime where it works, else tfjs-wasm. */
  backend: BackendChoice;
  /** Worker threads, 1 or more. Each uses one core and loads its own copy of a network. */
  workers: number;
  /** Folder for converted networks. */
  cacheFolder: string;
  log: Logger;
  clock: Clock;
  /** Jobs that may wait; beyond that the oldest one fails and is counted. Default 256. */
  queueLength?: number;
  /** A job that takes longer ends its worker, milliseconds. Default 120000: the first job loads and converts. */
  jobTimeoutMs?: number;
}

/** A network that runs in the pool. */
export interface PooledNetwork {
  name: string;
  entry: NetworkEntry;
  size: InputSize;
  /**
   * Runs the network. Tensors that own their whole buffer are moved and unusable afterwards; those on a SharedArrayBuffer
   * are shared; others are copied.
   * @throws AppError `cancelled` (signal, closed pool), `conflict` (queue full, retryable), `process` (worker died,
   * retryable), `bad-input`, `model`, `unsupported`
   */
  run(inputs: Tensors, signal?: AbortSignal): Promise<Tensors>;
}

export interface InferencePool {
  /** A network by its manifest name. Loaded by the first job, in each worker that gets one. */
  network(name: string, size?: Partial<InputSize>): PooledNetwork;
  /**
   * Finds objects at one input size. Scaling, network and decoding all run in the worker: the picture goes in (shared
   * where its pixels are on a SharedArrayBuffer, else copied, never taken away) and a few boxes come out.
   */
  objectFinder(size?: Partial<InputSize>): ObjectFinder;
  /** Finds objects in several parts of pictures with one run: see `persons/mosaic.ts`. */
  mosaicFinder(grid: MosaicGrid): MosaicFinder;
  stats(): PoolStats;
  /** Ends all workers and waits until they have; jobs that wait or run fail with `cancelled`. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the pool. A worker thread is needed because ONNX Runtime's `run` blocks the loop it is called on.
 * @throws AppError `model` (manifest), `internal` (worker not built)
 */
export async function openInference(options: InferenceOptions): Promise<InferencePool> {
  const manifest = readManifest();
  workerEntry();
  const { backend, cacheFolder, clock, log, workers, queueLength = 256, jobTimeoutMs = 120_000 } = options;
  const setup = { backend, cacheFolder };
  const slots = Array.from({ length: workers }, () => workerSlot({ setup, clock, log, jobTimeoutMs }));
  const queue = jobQueue(slots, { queueLength });
  const key = (entry: NetworkEntry, size: InputSize): NetworkKey => ({ name: entry.name, ...size });

  return {
    network(name, asked) {
      const entry = networkEntry(manifest, name);
      const size = chosenSize(entry, asked);
      return {
        name,
        entry,
        size,
        async run(inputs, signal) {
          const result = await queue.submit({ kind: 'run', network: key(entry, size), inputs }, signal);
          if (result.kind !== 'run') throw new AppError('internal', `inference: answer ${result.kind} to run`);
          return result.outputs;
        },
      };
    },
    objectFinder(asked) {
      const entry = networkEntry(manifest, 'centernet');
      const size = chosenSize(entry, asked);
      return async (picture, finderOptions, signal) => {
        const pixels = pixelsOf(picture);
        const network = { ...key(entry, size), classes: classesFor(finderOptions.labels) };
        const job: Job = { kind: 'objects', network, picture: pixels, options: finderOptions };
        const result = await queue.submit(job, signal);
        if (result.kind !== 'objects') throw new AppError('internal', `inference: answer ${result.kind} to objects`);
        return result.objects;
      };
    },
    mosaicFinder(grid) {
      const entry = networkEntry(manifest, 'centernet');
      const size = chosenSize(entry, mosaicSize(grid));
      return async (tiles, finderOptions, signal) => {
        const network = { ...key(entry, size), classes: classesFor(finderOptions.labels) };
        const job: Job = { kind: 'mosaic', network, tiles: [...tiles], grid, options: finderOptions };
        const result = await queue.submit(job, signal);
        if (result.kind !== 'mosaic') throw new AppError('internal', `inference: answer ${result.kind} to mosaic`);
        return result.objects;
      };
    },
    stats: queue.stats,
    close: queue.close,
  };
}

/** Persons and their phones: what nearly all looks ask for. One network for both, so that a worker does not load one for each set. */
const PEOPLE = ['person', 'cell phone'];

/** The classes that the network needs to tell; all of them where something else is wanted, too. */
const classesFor = (labels: readonly string[] | undefined): readonly string[] | undefined =>
  labels?.every((label) => PEOPLE.includes(label)) ? PEOPLE : undefined;
