import type { FaceFinder, FoundFace } from '../detectImage.js';
import type { InferencePool } from '../inference/pool.js';
import type { ObjectFinder } from '../persons/detectObjects.js';
import { liveFinder } from '../persons/finders.js';
import type { Picture } from '../persons/picture.js';
import { smileOf } from '../smile/smile.js';
import { type FacesOfPicture, type FindFacesOptions, faceNetworks, findFaces } from './findFaces.js';
import { inTurns } from './inTurns.js';

/** Longest side of the input for a still picture, pixels: nobody waits for it as a camera does. */
const STILL_LOOK = 512;
/** Least score of a person whose head is looked at, 0-1; a wrong one costs one look. */
const PERSON = 0.25;

/** Faces of a picture of a room: the heads of the persons in it get a look each. */
export type RoomFaces = (picture: Picture, options?: Omit<FindFacesOptions, 'heads'>) => Promise<FacesOfPicture>;

/** Finds persons first, then faces. */
export function roomFaces(
  pool: Pick<InferencePool, 'network' | 'objectFinder'>,
  persons: ObjectFinder = liveFinder(pool, STILL_LOOK),
): RoomFaces {
  const networks = faceNetworks(pool);
  return async (picture, options = {}) => {
    const found = await persons(picture, { minScore: PERSON, labels: ['person'] }, options.signal);
    return findFaces(picture, networks, { ...options, heads: found.map(({ box }) => box) });
  };
}

/** What `detect` needs for its kinds `face` and `smile`. */
export function faceFinder(pool: Pick<InferencePool, 'network' | 'objectFinder'>): FaceFinder {
  const find = roomFaces(pool);
  const emotion = pool.network('emotion');
  return async (picture, { embeddings, smile }, signal) => {
    const { faces, pyramid } = await find(picture, { embeddings, signal });
    return inTurns(faces, async (face): Promise<FoundFace> => {
      const { box, score, embedding } = face;
      return {
        box,
        score,
        ...(smile && { smile: await smileOf(pyramid, face, emotion, signal) }),
        ...(embedding && { embedding: [...embedding] }),
      };
    });
  };
}
