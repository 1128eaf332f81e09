import { type Box, boxArea, intersectionArea } from '../../core/geometry.js';
import type { Tensors } from '../../core/inference.js';
import { applySimilarity, type Similarity, scaleOf } from './alignment.js';
import {
  decodeBlazeface,
  FACE_INPUT,
  type InputFace,
  LANDMARKS,
  type Landmarks,
  mirrorFace,
  type PixelPoint,
} from './blazeface.js';
import { cutOut, mirrored, type Pyramid, scaled } from './crops.js';
import { faceCrop } from './faceCrop.js';
import { inTurns } from './inTurns.js';

/** A loaded network; `PooledNetwork` is one. */
export interface FaceNetwork {
  run(inputs: Tensors, signal?: AbortSignal): Promise<Tensors>;
}

/** A face and where its landmarks are. */
export interface LocatedFace {
  /** 0-1. */
  score: number;
  /** x1, y1, x2, y2 in picture pixels: around the eyes, the chin and the ears' landmarks. */
  box: Box;
  /** Picture pixels. */
  landmarks: Landmarks;
}

export interface LocateOptions {
  /** Where to look: see `faceViews`. */
  views: readonly Similarity[];
  /** Least score, 0-1. */
  minScore: number;
  signal?: AbortSignal;
}

/** A first look may be this much less sure than the second, close one has to be. */
const FIRST_LOOK = 0.6;
/** Distance of the eyes in the close look, as a share of its side: a face as BlazeFace sees it best. */
const CLOSE_EYES = 0.2;
/** How far the close look's face may lie from the expected one, in eye distances. */
const NEAR = 0.6;

/**
 * Finds faces in several looks. Each candidate is looked at twice more, upright and at the size the network is best at,
 * as it is and mirrored: the mean gives better landmarks, and what is no face is seldom found each time.
 * @returns best first
 */
export async function locateFaces(
  pyramid: Pyramid,
  blazeface: FaceNetwork,
  { views, minScore, signal }: LocateOptions,
): Promise<LocatedFace[]> {
  const first = await inTurns(views, (view) =>
    look(pyramid, blazeface, { view, minScore: minScore * FIRST_LOOK, signal }),
  );
  const candidates = onePerFace(first.flat());
  const second = await inTurns(candidates, (face) => closeLook(pyramid, blazeface, { face, minScore, signal }));
  return onePerFace(second.filter((face) => face !== undefined));
}

interface LookOptions {
  view: Similarity;
  minScore: number;
  mirror?: boolean;
  signal?: AbortSignal;
}

async function look(pyramid: Pyramid, blazeface: FaceNetwork, { view, minScore, mirror, signal }: LookOptions) {
  const rgb = cutOut(pyramid, view, { width: FACE_INPUT, height: FACE_INPUT });
  const data = scaled(mirror ? mirrored(rgb, FACE_INPUT) : rgb, 1 / 127.5, -1);
  const outputs = await blazeface.run({ input: { shape: [1, FACE_INPUT, FACE_INPUT, 3], data } }, signal);
  const faces = decodeBlazeface(outputs, minScore);
  return faces.map((face) => inPicture(mirror ? mirrorFace(face, FACE_INPUT) : face, view));
}

interface CloseLookOptions {
  face: LocatedFace;
  minScore: number;
  signal?: AbortSignal;
}

async function closeLook(pyramid: Pyramid, blazeface: FaceNetwork, { face, minScore, signal }: CloseLookOptions) {
  const view = faceCrop(face.landmarks, { side: FACE_INPUT, eyes: CLOSE_EYES });
  const eyesAt = eyeCentre(face.landmarks);
  const reach = NEAR * CLOSE_EYES * FACE_INPUT * scaleOf(view);
  const looks = await Promise.all(
    [false, true].map((mirror) => look(pyramid, blazeface, { view, minScore, mirror, signal })),
  );
  const found = looks.map((faces) => faces.find(({ landmarks }) => distance(eyeCentre(landmarks), eyesAt) < reach));
  const [plain, mirror] = found;
  return plain && mirror && halfWay(plain, mirror);
}

function halfWay(a: LocatedFace, b: LocatedFace): LocatedFace {
  const mean = (p: PixelPoint, q: PixelPoint): PixelPoint => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  const [left, top] = mean([a.box[0], a.box[1]], [b.box[0], b.box[1]]);
  const [right, bottom] = mean([a.box[2], a.box[3]], [b.box[2], b.box[3]]);
  const points = LANDMARKS.map((name) => [name, mean(a.landmarks[name], b.landmarks[name])] as const);
  return {
    score: (a.score + b.score) / 2,
    box: [left, top, right, bottom],
    landmarks: Object.fromEntries(points) as Landmarks,
  };
}

const distance = (p: PixelPoint, q: PixelPoint): number => Math.hypot(p[0] - q[0], p[1] - q[1]);
const eyeCentre = ({ leftEye, rightEye }: Landmarks): PixelPoint => [
  (leftEye[0] + rightEye[0]) / 2,
  (leftEye[1] + rightEye[1]) / 2,
];

/** The box of a turned view becomes an upright one of the same size about the same centre. */
function inPicture({ score, box, landmarks }: InputFace, view: Similarity): LocatedFace {
  const [cx, cy] = applySimilarity(view, [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]);
  const scale = scaleOf(view);
  const [w, h] = [((box[2] - box[0]) * scale) / 2, ((box[3] - box[1]) * scale) / 2];
  const moved = LANDMARKS.map((name) => [name, applySimilarity(view, landmarks[name])] as const);
  return { score, box: [cx - w, cy - h, cx + w, cy + h], landmarks: Object.fromEntries(moved) as Landmarks };
}

/** Two boxes that share this much of the smaller one's area are one face. */
const SAME_FACE = 0.5;

function onePerFace(faces: readonly LocatedFace[]): LocatedFace[] {
  const kept: LocatedFace[] = [];
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    const repeats = kept.some(({ box }) => {
      const smaller = Math.min(boxArea(box), boxArea(face.box));
      return intersectionArea(box, face.box) > smaller * SAME_FACE;
    });
    if (!repeats) kept.push(face);
  }
  return kept;
}
