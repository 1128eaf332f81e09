import { AppError, type ErrorCode, messageOf } from '../../core/errors.js';
import type { Tensors } from '../../core/inference.js';
import type { DetectedObject, DetectOptions } from '../persons/detectObjects.js';
import type { MosaicGrid, Tile } from '../persons/mosaic.js';
import type { Pixels } from '../persons/picture.js';
import type { InputSize } from './graph.js';
import type { BackendChoice } from './openBackend.js';

/** What a worker is started with. */
export interface WorkerSetup {
  backend: BackendChoice;
  cacheFolder: string;
}

/** One network at one input size. */
export interface NetworkKey extends InputSize {
  name: string;
  /** COCO classes that are wanted of an object network, as it is to number them; all where absent. */
  classes?: readonly string[] | undefined;
}

/** A piece of work. `objects` does the whole look in the worker, so that only a picture goes in and a few boxes come out. */
export type Job =
  | { kind: 'run'; network: NetworkKey; inputs: Tensors }
  | { kind: 'objects'; network: NetworkKey; picture: Pixels; options: DetectOptions }
  | { kind: 'mosaic'; network: NetworkKey; tiles: Tile[]; grid: MosaicGrid; options: DetectOptions };

export type JobResult =
  | { kind: 'run'; backend: string; outputs: Tensors }
  | { kind: 'objects'; objects: DetectedObject[] }
  | { kind: 'mosaic'; objects: DetectedObject[][] };

/** What a worker is told: a job, or `stop`, after which it ends when the jobs it has are done. */
export type ToWorker = JobMessage | 'stop';

export interface JobMessage {
  id: number;
  job: Job;
}

export type WorkerMessage =
  | { type: 'done'; id: number; result: JobResult }
  | { type: 'failed'; id: number; error: WireError }
  | { type: 'log'; level: 'info' | 'warn'; fields: object; message: string };

/** An error as it crosses a thread boundary: `AppError` loses its class there. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  hint?: string;
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof AppError))
    return { code: 'internal', message: `inference: ${messageOf(error)}`, retryable: false };
  const { code, message, retryable, hint } = error;
  return { code, message, retryable, hint };
}

export const fromWire = ({ code, message, retryable, hint }: WireError): AppError =>
  new AppError(code, message, { retryable, hint });

/** The buffers of tensors that can be moved instead of copied: whole ones that are not shared already. */
export function transferable(tensors: Tensors): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength) buffers.add(data.buffer);
  }
  return [...buffers];
}
