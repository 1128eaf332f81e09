import { type Box, boxHeight, boxWidth, clampBox } from '../../core/geometry.js';
import type { InferencePool } from '../inference/pool.js';
import type { Picture } from '../persons/picture.js';
import type { Landmarks } from './blazeface.js';
import { cutOut, grayOf, type Pyramid, pyramidOf } from './crops.js';
import { type Descriptor, describeFace } from './describe.js';
import { faceCrop } from './faceCrop.js';
import { inTurns } from './inTurns.js';
import { liveness } from './liveness.js';
import { type FaceNetwork, type LocatedFace, locateFaces } from './locateFaces.js';
import {
  type FaceQuality,
  frontality,
  judgeQuality,
  mouthContrast,
  QUALITY_CROP,
  sharpness,
  USABLE,
} from './quality.js';
import { faceViews, headViews } from './views.js';

/** The networks a look at faces needs; `faceNetworks(pool)` gives them. */
export interface FaceNetworks {
  blazeface: FaceNetwork;
  faceres: FaceNetwork;
  antispoof: FaceNetwork;
}

export const faceNetworks = (pool: Pick<InferencePool, 'network'>): FaceNetworks => ({
  blazeface: pool.network('blazeface'),
  faceres: pool.network('faceres'),
  antispoof: pool.network('antispoof'),
});

/** One face of a picture. */
export interface Face {
  /** Fractions of the picture, inside 0-1. */
  box: Box;
  /** 0-1. */
  score: number;
  /** Picture pixels. */
  landmarks: Landmarks;
  quality: FaceQuality;
  embedding?: Descriptor;
  /** 0-1, see `liveness`. */
  live?: number;
}

export interface FindFacesOptions {
  /** Boxes of persons, fractions: their heads get a close look. */
  heads?: readonly Box[];
  /** Looks at those heads alone, not at the picture around them. */
  headsOnly?: boolean;
  /** Adds a descriptor to each face (`good`: to those alone that may be compared); the quality's verdict says which. */
  embeddings?: boolean | 'good';
  /** Adds the advice of `antispoof`, to all faces or to those alone that may be compared. */
  live?: boolean | 'good';
  signal?: AbortSignal;
}

/** Faces of a picture with their pyramid, for what else looks at them. */
export interface FacesOfPicture {
  pyramid: Pyramid;
  /** Best first. */
  faces: Face[];
}

/**
 * Finds the faces of a picture and says how well each can be seen.
 * @throws AppError `cancelled`, `conflict`, `process`, `model` as the pool does
 */
export async function findFaces(
  picture: Picture,
  networks: FaceNetworks,
  options: FindFacesOptions = {},
): Promise<FacesOfPicture> {
  const { heads = [], signal } = options;
  const pyramid = pyramidOf(picture);
  const views = options.headsOnly ? headViews(picture, heads) : faceViews(picture, heads);
  const located = await locateFaces(pyramid, networks.blazeface, { views, minScore: LIKELY, signal });
  const likely = located.filter((face) => face.score >= SURE || isOnHead(face, picture, heads));
  const faces = await inTurns(likely, (face) => lookClosely(face, { picture, pyramid, networks, options }));
  return { pyramid, faces };
}

/** From this score on a face is one wherever it is; below, hands and pictures on a wall score as high. */
const SURE = 0.72;
/** Least score of a face on a person's head. */
const LIKELY = 0.5;
/** The part of a person's box, from the top, in which a face may be. */
const HEAD = 0.5;

function isOnHead({ box }: LocatedFace, { width, height }: Picture, heads: readonly Box[]): boolean {
  const [x, y] = [(box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height];
  return heads.some(([x1, y1, x2, y2]) => x > x1 && x < x2 && y > y1 && y < y1 + (y2 - y1) * HEAD);
}

interface Surroundings {
  picture: Picture;
  pyramid: Pyramid;
  networks: FaceNetworks;
  options: FindFacesOptions;
}

async function lookClosely(located: LocatedFace, around: Surroundings): Promise<Face> {
  const { picture, pyramid, networks, options } = around;
  const { landmarks, score } = located;
  const quality = qualityOf(pyramid, located, picture);
  const asked = (option: boolean | 'good' | undefined) => (option === 'good' ? quality.verdict === 'good' : option);
  const [embedding, live] = await Promise.all([
    asked(options.embeddings) ? describeFace(pyramid, landmarks, networks.faceres, options.signal) : undefined,
    asked(options.live) ? liveness(pyramid, landmarks, networks.antispoof, options.signal) : undefined,
  ]);
  const [x1, y1, x2, y2] = located.box;
  const box = clampBox([x1 / picture.width, y1 / picture.height, x2 / picture.width, y2 / picture.height]);
  return { box, score, landmarks, quality, ...(embedding && { embedding }), ...(live !== undefined && { live }) };
}

function qualityOf(pyramid: Pyramid, { box, landmarks }: LocatedFace, picture: Picture): FaceQuality {
  const at = faceCrop(landmarks, QUALITY_CROP);
  const { side } = QUALITY_CROP;
  const gray = grayOf(cutOut(pyramid, at, { width: side, height: side }));
  const { leftEye, rightEye, mouth } = landmarks;
  const measures = {
    sizePx: Math.min(boxWidth(box), boxHeight(box)),
    frontality: frontality(landmarks, at),
    sharpness: sharpness(gray, side),
    mouth: mouthContrast(gray),
    whole: [leftEye, rightEye, mouth].every(([x, y]) => x > 0 && y > 0 && x < picture.width && y < picture.height),
  };
  return { ...measures, verdict: judgeQuality(measures, USABLE) };
}
