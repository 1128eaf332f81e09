import { fitSimilarity, type Similarity } from './alignment.js';
import type { Landmarks, PixelPoint } from './blazeface.js';

/** How an upright face lies in a square crop. */
export interface CropShape {
  /** Side of the crop, pixels. */
  side: number;
  /** Distance of the eyes as a share of the side. */
  eyes: number;
  /** Which height of the face is at the centre, in eye distances below the eyes. Default 0.5, the tip of the nose. */
  centre?: number;
}

/** Mouth below the eyes, in eye distances; the median of BlazeFace on frontal faces. */
const MOUTH = 1.08;

/**
 * The crop that shows a face upright. Eyes and mouth are fitted together: in a side view the eyes come close to each
 * other and alone would make the face too large.
 * @returns takes a point of the crop to the picture, pixels
 */
export function faceCrop(landmarks: Landmarks, { side, eyes, centre = 0.5 }: CropShape): Similarity {
  const at = (x: number, y: number): PixelPoint => [side * (0.5 + x * eyes), side * (0.5 + (y - centre) * eyes)];
  return fitSimilarity(
    [at(-0.5, 0), at(0.5, 0), at(0, MOUTH)],
    [landmarks.leftEye, landmarks.rightEye, landmarks.mouth],
  );
}
