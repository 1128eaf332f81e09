import { AppError } from '../../../core/errors.js';
import type { Tensor, Tensors } from '../../../core/inference.js';
import type { NetworkEntry } from '../manifest.js';

/**
 * The one input tensor of a network, checked against the manifest: its name, its type, and that its values fit its shape.
 * @throws AppError `bad-input`
 */
export function checkInputs(inputs: Tensors, entry: NetworkEntry): Tensor {
  const { name, dtype } = entry.input;
  const tensor = inputs[name];
  const fail = (why: string): AppError => new AppError('bad-input', `network ${entry.name}: input ${name}: ${why}`);
  if (!tensor) throw fail(`missing; given: ${Object.keys(inputs).join(', ') || 'nothing'}`);
  const fits = dtype === 'uint8' ? tensor.data instanceof Uint8Array : tensor.data instanceof Float32Array;
  if (!fits) throw fail(`must be ${dtype}`);
  const length = tensor.shape.reduce((product, dim) => product * dim, 1);
  if (tensor.shape.length !== 4 || tensor.data.length !== length) {
    throw fail(`${tensor.data.length} values do not fill the shape [${tensor.shape.join(', ')}]`);
  }
  return tensor;
}
