import { AppError } from '../../../core/errors.js';
import type { InferenceBackend, Tensor, Tensors } from '../../../core/inference.js';
import type { NetworkEntry } from '../manifest.js';
import { checkInputs } from './checkInputs.js';

type Ort = typeof import('onnxruntime-node');

let loaded: Promise<Ort> | undefined;

/**
 * ONNX Runtime's Node binding, loaded on first use.
 * @throws AppError `unsupported` where its native library does not load (other system, package left out)
 */
function loadOnnxRuntime(): Promise<Ort> {
  loaded ??= import('onnxruntime-node').catch((cause: unknown) => {
    throw new AppError('unsupported', 'inference: onnxruntime-node: does not load', {
      cause,
      hint: 'run npm install on this machine, or set inference.backend to tfjs-wasm',
    });
  });
  return loaded;
}

/** A network in ONNX Runtime on the CPU: one thread, since two cost 19 % more processor time for the same work. */
export async function onnxruntimeBackend(model: Uint8Array, entry: NetworkEntry): Promise<InferenceBackend> {
  const ort = await loadOnnxRuntime();
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  // The binding refuses memory that threads share; such a tensor is copied here, in the worker.
  const own = (data: Tensor['data']): Tensor['data'] =>
    data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
  const feed = (tensor: Tensor) => new ort.Tensor(entry.input.dtype, own(tensor.data) as Uint8Array, tensor.shape);
  return {
    name: 'onnxruntime',
    async run(inputs) {
      const tensor = checkInputs(inputs, entry);
      const results = await session.run({ [entry.input.name]: feed(tensor) });
      return Object.fromEntries(
        entry.outputs.map(({ name }) => [
          name,
          { shape: results[name]!.dims, data: results[name]!.data as Float32Array },
        ]),
      ) satisfies Tensors;
    },
    close: () => session.release(),
  };
}
