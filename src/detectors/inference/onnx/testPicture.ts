import type { Tensor } from '../../../core/inference.js';
import type { InputSize } from '../graph.js';
import type { NetworkEntry } from '../manifest.js';

/**
 * A picture that makes every part of a network answer: a lit background, a seated figure (head, shoulders, chest) and
 * fine texture, drawn from formulas so that it is the same everywhere and belongs to nobody. Values span the input's range.
 */
export function testPicture(entry: NetworkEntry, { width, height }: InputSize): Tensor {
  const channels = entry.input.shape[3];
  const [low, high] = entry.input.range;
  const length = width * height * channels;
  const data = entry.input.dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const brightness = shade(x / width, y / height) + texture(x, y);
      for (let c = 0; c < channels; c++) data[to++] = low + (high - low) * clamp(brightness * TINT[c % 3]!);
    }
  }
  return { shape: [1, height, width, channels], data };
}

const TINT = [1, 0.82, 0.7];
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const inEllipse = (x: number, y: number, [cx, cy, rx, ry]: readonly number[]): boolean =>
  ((x - cx!) / rx!) ** 2 + ((y - cy!) / ry!) ** 2 < 1;

/** Brightness 0-1 at a point given as fractions. */
function shade(x: number, y: number): number {
  if (y > 0.85) return 0.45;
  if (inEllipse(x, y, [0.47, 0.3, 0.008, 0.012]) || inEllipse(x, y, [0.53, 0.3, 0.008, 0.012])) return 0.1;
  if (inEllipse(x, y, [0.5, 0.38, 0.03, 0.01])) return 0.35;
  if (inEllipse(x, y, [0.5, 0.31, 0.08, 0.12])) return 0.85 - 0.3 * x;
  if (inEllipse(x, y, [0.5, 0.26, 0.1, 0.14])) return 0.12;
  if (inEllipse(x, y, [0.5, 0.78, 0.24, 0.36])) return 0.3 + 0.2 * Math.cos(6 * (x - 0.45));
  return 0.75 - 0.25 * y + 0.1 * x;
}

/** A little noise of fixed seed: the low bits of a linear congruence. */
const texture = (x: number, y: number): number => (((x * 73856093) ^ (y * 19349663)) % 97) / 2000;
