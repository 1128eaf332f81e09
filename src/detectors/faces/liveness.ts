import { AppError } from '../../core/errors.js';
import type { Landmarks } from './blazeface.js';
import { cutOut, type Pyramid, scaled } from './crops.js';
import { faceCrop } from './faceCrop.js';
import type { FaceNetwork } from './locateFaces.js';

const CROP = { side: 128, eyes: 0.3 } as const;

/**
 * How likely it is that a face is there itself and not on a screen or a print, 0-1. Advice for a person who decides, not
 * proof: one small network looks at one picture.
 */
export async function liveness(
  pyramid: Pyramid,
  landmarks: Landmarks,
  antispoof: FaceNetwork,
  signal?: AbortSignal,
): Promise<number> {
  const rgb = cutOut(pyramid, faceCrop(landmarks, CROP), { width: CROP.side, height: CROP.side });
  const data = scaled(rgb, 1 / 255, 0);
  const outputs = await antispoof.run({ conv2d_input: { shape: [1, CROP.side, CROP.side, 3], data } }, signal);
  const real = outputs.Identity;
  if (!real) throw new AppError('internal', 'antispoof: output missing');
  return real.data[0]!;
}
