import { AppError } from '../../core/errors.js';
import type { Landmarks } from '../faces/blazeface.js';
import { cutOut, grayOf, mirrored, type Pyramid } from '../faces/crops.js';
import { faceCrop } from '../faces/faceCrop.js';
import type { FaceNetwork } from '../faces/locateFaces.js';
import { type FaceQuality, judgeQuality, type QualityLimits } from '../faces/quality.js';

/** 0-1, 0.5 and more is a smile; `unknown` where the mouth cannot be judged. */
export type Smile = number | 'unknown';

const SIDE = 64;
/** The two looks that are averaged: a little further away, and a little nearer and mirrored. See the README. */
const LOOKS = [
  { eyes: 0.36, mirror: false },
  { eyes: 0.42, mirror: true },
] as const;
/** Where `happy` stands among the network's seven outputs. */
const HAPPY = 3;
/** The mean `happy` of the two looks that parts smiles from other faces best. */
const HAPPY_AT_SMILE = 0.36;

/** A face below these is `unknown`. A smile needs fewer pixels than a name, and is seen from half the side too. */
const JUDGEABLE: QualityLimits = { sizePx: 24, frontality: 0.15, sharpness: 0.1, mouth: 0.35 };

/**
 * How much a face smiles, from the expression network (Arriaga et al., "Real-time Convolutional Neural Networks for
 * emotion and gender classification", 2017).
 */
export async function smileOf(
  pyramid: Pyramid,
  face: { landmarks: Landmarks; quality: FaceQuality },
  emotion: FaceNetwork,
  signal?: AbortSignal,
): Promise<Smile> {
  if (judgeQuality(face.quality, JUDGEABLE) !== 'good') return 'unknown';
  const looks = LOOKS.map(({ eyes, mirror }) => {
    const rgb = cutOut(pyramid, faceCrop(face.landmarks, { side: SIDE, eyes }), { width: SIDE, height: SIDE });
    return happiness(grayOf(mirror ? mirrored(rgb, SIDE) : rgb), emotion, signal);
  });
  const values = await Promise.all(looks);
  return calibrated(values.reduce((sum, value) => sum + value, 0) / values.length);
}

async function happiness(gray: Float32Array, emotion: FaceNetwork, signal?: AbortSignal): Promise<number> {
  const data = gray.map((value) => value / 127.5 - 1);
  const outputs = await emotion.run({ input_1: { shape: [1, SIDE, SIDE, 1], data } }, signal);
  const value = outputs.Identity?.data[HAPPY];
  if (value === undefined) throw new AppError('internal', 'emotion: output missing');
  return value;
}

/** Moves the odds so that the best place to part smiles from other faces lies at 0.5; 0 and 1 stay where they are. */
export function calibrated(happy: number): number {
  const odds = (happy / (1 - happy)) * ((1 - HAPPY_AT_SMILE) / HAPPY_AT_SMILE);
  return happy >= 1 ? 1 : odds / (1 + odds);
}
