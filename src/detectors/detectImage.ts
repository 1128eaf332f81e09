import { AppError } from '../core/errors.js';
import type { Box } from '../core/geometry.js';
import type { ObjectFinder } from './persons/detectObjects.js';
import type { Picture } from './persons/picture.js';
import { readPicture } from './readPicture.js';

/** What `detect` can look for. */
export const DETECT_KINDS = ['person', 'item', 'face', 'smile'] as const;
export type DetectKind = (typeof DETECT_KINDS)[number];

/** One face in a picture. */
export interface FoundFace {
  /** Fractions of the picture. */
  box: Box;
  /** 0-1. */
  score: number;
  /** 0-1, or unknown where the face is too small or turned away. */
  smile?: number | 'unknown';
  embedding?: number[];
}

export interface FaceFinderOptions {
  smile: boolean;
  embeddings: boolean;
}

/** Finds faces in a picture. */
export type FaceFinder = (picture: Picture, options: FaceFinderOptions, signal?: AbortSignal) => Promise<FoundFace[]>;

export interface DetectImageOptions {
  kinds: ReadonlySet<DetectKind>;
  /** `stillFinder(pool)` for pictures in files. */
  objects: ObjectFinder;
  /** Needed for the kinds `face` and `smile`. */
  faces?: FaceFinder;
  /** Adds a descriptor to each face. */
  embeddings?: boolean;
  /** Least score of a person or thing, 0-1. Default 0.2, where persons are counted right most often. */
  minScore?: number;
  signal?: AbortSignal;
}

/** One line of `detect --json`. A kind that was not asked for is an empty list. Boxes are fractions. */
export interface ImageFindings {
  file: string;
  /** Upright size of the file's picture, pixels. */
  width: number;
  height: number;
  persons: Array<{ box: Box; score: number }>;
  items: Array<{ label: string; box: Box; score: number }>;
  faces: FoundFace[];
}

/**
 * Looks at one picture file.
 * @throws AppError `not-found`, `bad-input` (not a picture), `unsupported` (faces asked for without a finder), `model`
 */
export async function detectImage(path: string, options: DetectImageOptions): Promise<ImageFindings> {
  const { kinds, signal } = options;
  const picture = await readPicture(path);
  const objects = await findObjects(picture, options);
  const wantsFaces = kinds.has('face') || kinds.has('smile');
  if (wantsFaces && !options.faces) throw new AppError('unsupported', `detect: ${path}: no face finder`);
  const face = { smile: kinds.has('smile'), embeddings: options.embeddings ?? false };
  return {
    file: path,
    width: picture.fullWidth,
    height: picture.fullHeight,
    persons: objects.filter(({ label }) => label === 'person').map(({ box, score }) => ({ box, score })),
    items: objects.filter(({ label }) => label !== 'person').map(({ label, box, score }) => ({ label, box, score })),
    faces: wantsFaces ? await options.faces!(picture, face, signal) : [],
  };
}

async function findObjects(picture: Picture, { kinds, objects, minScore = 0.2, signal }: DetectImageOptions) {
  if (!kinds.has('person') && !kinds.has('item')) return [];
  const labels = kinds.has('item') ? undefined : ['person'];
  const found = await objects(picture, { minScore, labels }, signal);
  return kinds.has('person') ? found : found.filter(({ label }) => label !== 'person');
}
