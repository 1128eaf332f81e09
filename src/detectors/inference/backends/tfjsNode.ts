import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type * as TfCore from '@tensorflow/tfjs-core';
import { AppError } from '../../../core/errors.js';
import type { TfjsRuntime } from './tfjs.js';

type TfjsNode = Pick<typeof TfCore, 'io' | 'tensor' | 'ready'> & { loadGraphModel: typeof loadGraphModel };

// Not a dependency: it runs on Node up to 22 only and brings 400 MB. A name in a variable keeps the compiler from asking for it.
const PACKAGE: string = '@tensorflow/tfjs-node';

/**
 * TensorFlow's own library behind TensorFlow.js, where the site has installed it.
 * @throws AppError `unsupported` where it has not, or where it does not load
 */
export async function tfjsNodeRuntime(): Promise<TfjsRuntime> {
  let module: TfjsNode & { default?: TfjsNode };
  try {
    module = (await import(PACKAGE)) as TfjsNode & { default?: TfjsNode };
  } catch (cause) {
    throw new AppError('unsupported', 'inference: tfjs-node: not installed or does not load', {
      cause,
      hint: 'npm install @tensorflow/tfjs-node (Node up to 22), or set inference.backend to auto',
    });
  }
  const tf = module.default ?? module;
  await tf.ready();
  return {
    name: 'tfjs-node',
    io: tf.io,
    loadGraphModel: tf.loadGraphModel,
    tensor: (values, shape, dtype) => tf.tensor(values, shape, dtype),
  };
}
