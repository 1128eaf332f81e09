import { AppError } from '../../core/errors.js';
import type { Landmarks } from './blazeface.js';
import { cutOut, mirrored, type Pyramid } from './crops.js';
import { faceCrop } from './faceCrop.js';
import type { FaceNetwork } from './locateFaces.js';

/** 1024 values of 0 and more, of length 1. */
export type Descriptor = Float32Array;

export const DESCRIPTOR_LENGTH = 1024;

const SIDE = 224;
/**
 * The two looks that are averaged: the face a little larger and as it is, a little smaller and mirrored. Scales chosen by
 * measurement, see the README.
 */
const LOOKS = [
  { eyes: 0.34, mirror: false },
  { eyes: 0.3, mirror: true },
] as const;
/** Mean colour that the network was trained to have taken away: blue, green, red (the Caffe convention). */
const MEAN_BGR = [103.939, 116.779, 123.68] as const;

/**
 * Describes a face by the mean of two looks. Faces of different people differ more than two scales or the mirror image of
 * one do, so what is left is less about light, pose and where the landmarks fell.
 */
export async function describeFace(
  pyramid: Pyramid,
  landmarks: Landmarks,
  faceres: FaceNetwork,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const each = LOOKS.map(({ eyes, mirror }) => {
    const rgb = cutOut(pyramid, faceCrop(landmarks, { side: SIDE, eyes }), { width: SIDE, height: SIDE });
    return describe(mirror ? mirrored(rgb, SIDE) : rgb, faceres, signal);
  });
  return meanDescriptor(await Promise.all(each));
}

async function describe(rgb: Uint8Array, faceres: FaceNetwork, signal?: AbortSignal): Promise<Descriptor> {
  const data = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    data[i] = rgb[i + 2]! - MEAN_BGR[0];
    data[i + 1] = rgb[i + 1]! - MEAN_BGR[1];
    data[i + 2] = rgb[i]! - MEAN_BGR[2];
  }
  const outputs = await faceres.run({ input_1: { shape: [1, SIDE, SIDE, 3], data } }, signal);
  const values = outputs['global_pooling/Mean'];
  if (!values) throw new AppError('internal', 'faceres: output missing');
  return unitLength(Float32Array.from(values.data));
}

/** The direction half-way between descriptors; one or more. */
export function meanDescriptor(descriptors: readonly Descriptor[]): Descriptor {
  const sum = new Float32Array(DESCRIPTOR_LENGTH);
  for (const descriptor of descriptors) {
    for (let i = 0; i < DESCRIPTOR_LENGTH; i++) sum[i]! += descriptor[i]!;
  }
  return unitLength(sum);
}

function unitLength(values: Float32Array): Float32Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? values.map((value) => value / length) : values;
}

/** Cosine of the angle between two descriptors; 0-1, as no value of theirs is negative. */
export function cosine(a: Descriptor, b: Descriptor): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
