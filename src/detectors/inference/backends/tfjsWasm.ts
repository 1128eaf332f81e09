import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../../../core/errors.js';
import type { TfjsRuntime } from './tfjs.js';

let started: Promise<TfjsRuntime> | undefined;

/**
 * TensorFlow.js on WebAssembly: slower than the native runtimes, but it needs nothing of the machine, so it is what
 * remains where they do not load, and the yardstick the converted networks are checked against.
 * @throws AppError `unsupported`
 */
export function tfjsWasmRuntime(): Promise<TfjsRuntime> {
  started ??= start().catch((cause: unknown) => {
    throw new AppError('unsupported', 'inference: tfjs-wasm: does not start', { cause, hint: 'run npm install' });
  });
  return started;
}

async function start(): Promise<TfjsRuntime> {
  const tf = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  // The package looks for its .wasm files beside the script that runs; in Node they lie beside its entry point.
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), sep));
  tf.env().set('PROD', true);
  if (!(await tf.setBackend('wasm'))) throw new Error('setBackend("wasm") was refused');
  await tf.ready();
  return {
    name: 'tfjs-wasm',
    io: tf.io,
    loadGraphModel,
    tensor: (values, shape, dtype) => tf.tensor(values, shape, dtype),
  };
}
