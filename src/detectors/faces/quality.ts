import { applySimilarity, invertSimilarity, type Similarity } from './alignment.js';
import type { Landmarks } from './blazeface.js';

/** What is wrong with a face, worst first; `good` where nothing is. */
export type QualityVerdict = 'cut-off' | 'too-small' | 'side-face' | 'blurred' | 'covered' | 'good';

/** How well a face can be seen. */
export interface FaceQuality {
  /** Shorter side of the face's box in the file's own pixels as given to the finder. */
  sizePx: number;
  /** 1 looks straight into the camera, 0 to the side. */
  frontality: number;
  /** 0-1: 0 is a smooth blob, 1 shows every lash. */
  sharpness: number;
  /** Contrast about the mouth as a share of that about the eyes: a mask has next to none. */
  mouth: number;
  /** Both eyes and the mouth lie inside the picture. */
  whole: boolean;
  verdict: QualityVerdict;
}

/** Least values of a face that may be compared with others. */
export interface QualityLimits {
  sizePx: number;
  frontality: number;
  sharpness: number;
  mouth: number;
}

/** A face below these is never compared: measured in the README. */
export const USABLE: QualityLimits = { sizePx: 32, frontality: 0.35, sharpness: 0.1, mouth: 0.35 };
/** What a photo for the roster must have. */
export const ENROLMENT: QualityLimits = { sizePx: 48, frontality: 0.5, sharpness: 0.15, mouth: 0.35 };

/** Whether a face is good enough, and if not, why. */
export function judgeQuality(measures: Omit<FaceQuality, 'verdict'>, limits: QualityLimits): QualityVerdict {
  if (!measures.whole) return 'cut-off';
  if (measures.sizePx < limits.sizePx) return 'too-small';
  if (measures.frontality < limits.frontality) return 'side-face';
  if (measures.sharpness < limits.sharpness) return 'blurred';
  return measures.mouth < limits.mouth ? 'covered' : 'good';
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

/** The crop in which sharpness and contrast are measured. */
export const QUALITY_CROP = { side: 96, eyes: 0.4 } as const;

/**
 * Sharpness of a picture, 0-1: the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in
 * brightfield microscopy", ICPR 2000) over the variance of the brightness, so that contrast does not count.
 * @param gray side * side, a face filling it
 */
export function sharpness(gray: Float32Array, side: number): number {
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

/** Rectangles of the quality crop, pixels: left, top, right, bottom. */
const EYES = [
  [20, 21, 39, 38],
  [57, 21, 76, 38],
] as const;
const MOUTH = [30, 62, 66, 81] as const;

/**
 * Contrast about the mouth over that about the eyes. Lips, teeth, a beard and the shadow under the lip make it about as
 * strong as the eyes'; a mask is smooth.
 * @param gray 96 * 96, the face cut out as `QUALITY_CROP`
 */
export function mouthContrast(gray: Float32Array): number {
  const eyes = EYES.reduce((sum, eye) => sum + spread(gray, eye) / EYES.length, 0);
  return eyes > 0 ? spread(gray, MOUTH) / eyes : 0;
}

function spread(gray: Float32Array, [left, top, right, bottom]: readonly [number, number, number, number]): number {
  const values: number[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) values.push(gray[y * QUALITY_CROP.side + x]!);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
