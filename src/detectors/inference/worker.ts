import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from '../../core/log.js';
import { HEAT } from '../persons/centernet.js';
import { COCO_LABELS } from '../persons/cocoLabels.js';
import { detectObjects } from '../persons/detectObjects.js';
import { detectInMosaic } from '../persons/mosaic.js';
import { type LoadedNetwork, openBackend } from './openBackend.js';
import {
  type Job,
  type JobMessage,
  type JobResult,
  type NetworkKey,
  type ToWorker,
  toWire,
  transferable,
  type WorkerMessage,
  type WorkerSetup,
} from './protocol.js';

/** A worker thread of the pool: loads networks when first asked, runs one job after the other. */
const port = parentPort!;
const setup = workerData as WorkerSetup;
const networks = new Map<string, Promise<LoadedNetwork>>();

const tell = (message: WorkerMessage, moved: ArrayBuffer[] = []): void => port.postMessage(message, moved);
const say =
  (level: 'info' | 'warn') =>
  (fields: object, message: string): void =>
    tell({ type: 'log', level, fields, message });
const log = { info: say('info'), warn: say('warn') } as unknown as Logger;

function network({ name, width, height, classes }: NetworkKey): Promise<LoadedNetwork> {
  const key = `${name} ${width}x${height} ${classes ?? 'all'}`;
  const keep = classes && { output: HEAT, channels: classes.map((label) => COCO_LABELS.indexOf(label)) };
  const known = networks.get(key) ?? openBackend(name, { width, height }, { ...setup, log, keep });
  networks.set(key, known);
  // A failed load is tried again by the next job: a disk may have been full.
  known.catch(() => networks.delete(key));
  return known;
}

async function perform(job: Job): Promise<JobResult> {
  const loaded = await network(job.network);
  const objects = { ...loaded, classes: job.network.classes };
  switch (job.kind) {
    case 'run':
      return { kind: 'run', backend: loaded.name, outputs: await loaded.run(job.inputs) };
    case 'objects':
      return { kind: 'objects', objects: await detectObjects(job.picture, objects, job.options) };
    case 'mosaic':
      return { kind: 'mosaic', objects: await detectInMosaic(job.tiles, objects, job.grid, job.options) };
  }
}

const underWay = new Set<Promise<void>>();

async function answer({ id, job }: JobMessage): Promise<void> {
  try {
    const result = await perform(job);
    tell({ type: 'done', id, result }, result.kind === 'run' ? transferable(result.outputs) : []);
  } catch (error) {
    tell({ type: 'failed', id, error: toWire(error) });
  }
}

port.on('message', (message: ToWorker) => {
  if (message === 'stop') {
    // Ended from outside in the middle of a run, ONNX Runtime takes the whole process along.
    void Promise.all(underWay).then(() => process.exit(0));
    return;
  }
  const job = answer(message);
  underWay.add(job);
  void job.then(() => underWay.delete(job));
});
