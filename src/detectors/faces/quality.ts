import { applySimilarity, invertSimilarity, type Similarity } from './alignment.js';
import type { Landmarks } from './blazeface.js';
import { grayOf } from './crops.js';

/** What is wrong with a face, worst first; `good` where nothing is. */
export type QualityVerdict = 'cut-off' | 'too-small' | 'side-face' | 'blurred' | 'good';

/** How well a face can be seen. */
export interface FaceQuality {
  /** Shorter side of the face's box in the file's own pixels as given to the finder. */
  sizePx: number;
  /** 1 looks straight into the camera, 0 to the side. */
  frontality: number;
  /** 0-1: 0 is a smooth blob, 1 shows every lash. */
  sharpness: number;
  /** Both eyes and the mouth lie inside the picture. */
  whole: boolean;
  verdict: QualityVerdict;
}

/** Least values of a face that may be compared with others. */
export interface QualityLimits {
  sizePx: number;
  frontality: number;
  sharpness: number;
}

/** A face below these is never compared: measured in the README. */
export const USABLE: QualityLimits = { sizePx: 32, frontality: 0.35, sharpness: 0.1 };
/** What a photo for the roster must have. */
export const ENROLMENT: QualityLimits = { sizePx: 48, frontality: 0.5, sharpness: 0.15 };

/** Whether a face is good enough, and if not, why. */
export function judgeQuality(measures: Omit<FaceQuality, 'verdict'>, limits: QualityLimits): QualityVerdict {
  if (!measures.whole) return 'cut-off';
  if (measures.sizePx < limits.sizePx) return 'too-small';
  if (measures.frontality < limits.frontality) return 'side-face';
  return measures.sharpness < limits.sharpness ? 'blurred' : 'good';
}

/**
 * How straight a face looks into the camera, 0-1, from where the nose lies between the ears along the line of the eyes,
 * and between eyes and mouth across it. In a frontal view the nose is half-way in both.
 * @param upright the crop's similarity: takes upright points to the picture
 */
export function frontality(landmarks: Landmarks, upright: Similarity): number {
  const back = invertSimilarity(upright);
  const at = (name: keyof Landmarks) => applySimilarity(back, landmarks[name]);
  const [nose, leftEar, rightEar] = [at('nose'), at('leftEar'), at('rightEar')];
  const [left, right] = [nose[0] - leftEar[0], rightEar[0] - nose[0]];
  const yaw = left + right > 0 ? Math.abs(right - left) / (left + right) : 1;
  const eyes = (at('leftEye')[1] + at('rightEye')[1]) / 2;
  const depth = at('mouth')[1] - eyes;
  const pitch = depth > 0 ? Math.abs((nose[1] - eyes) / depth - NOSE_DEPTH) / NOSE_DEPTH : 1;
  return Math.max(0, 1 - Math.max(yaw, pitch * PITCH_WEIGHT));
}

/** Nose below the eyes as a share of the way to the mouth, median of frontal faces. */
const NOSE_DEPTH = 0.5;
const PITCH_WEIGHT = 0.7;

/**
 * Sharpness of an upright face crop, 0-1: the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in
 * brightfield microscopy", ICPR 2000) over the variance of the brightness, so that contrast does not count.
 * @param rgb side * side * 3, the face filling it
 */
export function sharpness(rgb: Uint8Array, side: number): number {
  const gray = grayOf(rgb);
  let [laplacian, sum, squares, n] = [0, 0, 0, 0];
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++, n++) {
      const i = y * side + x;
      const edge = gray[i - 1]! + gray[i + 1]! + gray[i - side]! + gray[i + side]! - 4 * gray[i]!;
      laplacian += edge * edge;
      sum += gray[i]!;
      squares += gray[i]! * gray[i]!;
    }
  }
  const variance = squares / n - (sum / n) ** 2;
  return variance > 1 ? Math.min(1, Math.sqrt(laplacian / n / variance)) : 0;
}
