import type { Tensors } from '../../../core/inference.js';

/**
 * Greatest absolute difference of any value, divided by the reference output's largest magnitude where that is above 1, so
 * that outputs in pixels and outputs in probabilities are held to the same standard. Infinity where names, shapes or
 * numbers (NaN) do not fit.
 */
export function compareOutputs(found: Tensors, reference: Tensors): number {
  const names = Object.keys(reference);
  if (names.length !== Object.keys(found).length) return Number.POSITIVE_INFINITY;
  return Math.max(...names.map((name) => compareOne(found[name], reference[name]!)));
}

function compareOne(found: Tensors[string] | undefined, reference: Tensors[string]): number {
  if (!found || found.shape.join() !== reference.shape.join()) return Number.POSITIVE_INFINITY;
  let scale = 1;
  let worst = 0;
  for (let i = 0; i < reference.data.length; i++) {
    const difference = Math.abs(found.data[i]! - reference.data[i]!);
    if (!(difference < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, difference);
    scale = Math.max(scale, Math.abs(reference.data[i]!));
  }
  return worst / scale;
}
