import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { AppError, messageOf } from '../../core/errors.js';
import { type Filterbank, FRAME_MS, logMel, MEL_BANDS } from './features.js';

/** Milliseconds from one step of the network's output to the next. */
export const STEP_MS = 3 * FRAME_MS;

/** What the network heard: natural log-probabilities, `steps * units`, row-major. Unit 0 is the blank. */
export interface Heard {
  steps: number;
  units: number;
  logProb: Float32Array;
}

/** A loaded network. */
export interface UnitNetwork {
  /** Names of the units in the order of its output; the first is the blank. */
  units: readonly string[];
  /** Listens to one segment: mono, 16 kHz, -1 to 1. Shorter than one frame (25 ms) gives no steps. */
  listen(samples: Float32Array): Promise<Heard>;
  close(): Promise<void>;
}

/** Folder of the network that is part of this installation; the same relative path from `src/` and from `dist/`. */
export const unitNetworkFolder = fileURLToPath(new URL('../../../models/mandarin-units/', import.meta.url));

const unitsFile = z.object({ units: z.array(z.string().min(1)).min(2) });

/**
 * Loads the network of Mandarin initials and finals. It runs in the calling process, on one thread: about 0.0005 of
 * real time.
 * @throws AppError `model` where a file is missing or damaged, `unsupported` where onnxruntime does not load
 */
export async function openUnitNetwork(folder = unitNetworkFolder): Promise<UnitNetwork> {
  const ort = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new AppError('unsupported', 'speech network: onnxruntime-node: does not load', { cause });
  });
  const [units, filterbank, session] = await Promise.all([
    readPart(folder, 'units.json', (text) => unitsFile.parse(JSON.parse(text)).units),
    readPart(folder, 'mel_filterbank.csv', parseFilterbank),
    openSession(ort, join(folder, 'mandarin-units.onnx')),
  ]);
  return {
    units,
    listen: async (samples) => {
      const { frames, data } = logMel(samples, filterbank);
      if (frames === 0) return { steps: 0, units: units.length, logProb: new Float32Array(0) };
      const outcome = await session.run({ logmel: new ort.Tensor('float32', data, [1, frames, MEL_BANDS]) });
      return toHeard(outcome.logprob, units.length);
    },
    close: () => session.release(),
  };
}

function toHeard(tensor: InferenceSession.ReturnType[string] | undefined, units: number): Heard {
  if (tensor?.dims.length === 3 && tensor.dims[2] === units && tensor.data instanceof Float32Array)
    return { steps: tensor.dims[1]!, units, logProb: tensor.data };
  throw new AppError('model', `speech network: output of shape ${tensor?.dims.join('x')}: ${units} units expected`);
}

async function openSession(ort: typeof import('onnxruntime-node'), path: string): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (cause) {
    throw partError(path, cause);
  }
}

async function readPart<T>(folder: string, name: string, parse: (text: string) => T): Promise<T> {
  const path = join(folder, name);
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw partError(path, cause);
  }
}

const partError = (path: string, cause: unknown): AppError =>
  new AppError('model', `speech network: ${path}: ${messageOf(cause)}`, { cause, hint: 'reinstall Hallwatch' });

/** Reads the mel weights: `MEL_BANDS` lines of 129 numbers. Throws where they are not that. */
export function parseFilterbank(text: string): Filterbank {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => Float64Array.from(line.split(','), Number));
  const fits = rows.length === MEL_BANDS && rows.every((row) => row.length === 129 && row.every(Number.isFinite));
  if (!fits) throw new Error(`not ${MEL_BANDS} rows of 129 weights`);
  return rows;
}
