import type { FacesPort, IdentifiedPhoto } from '../board/roomPorts.js';
import { AppError } from '../core/errors.js';
import { personId } from '../core/evaluation.js';
import { boxArea } from '../core/geometry.js';
import { judgePhoto } from '../detectors/faces/enrol.js';
import { faceNetworks, findFaces } from '../detectors/faces/findFaces.js';
import { type MatchLimits, matchFace } from '../detectors/faces/match.js';
import type { InferencePool } from '../detectors/inference/pool.js';
import { readPicture } from '../detectors/readPicture.js';
import type { FaceVault } from './faceVault.js';

/** Larger photos say no more about a face and take longer. */
const LONGEST_PX = 1280;
/** A second face at least this large, as a share of the largest one's area, makes it unclear who signs in. */
const SECOND_FACE = 0.25;

export interface FacesPortOptions {
  vault: FaceVault;
  enabled: () => boolean;
  limits: MatchLimits;
  /** Whether a list takes no more faces: its evaluation is over. */
  isOver: (list: string) => boolean;
}

/** What the board may ask about faces: the networks look, the vault keeps; neither photo nor template comes back. */
export function facesPort(
  pool: Pick<InferencePool, 'network'>,
  { vault, enabled, limits, isOver }: FacesPortOptions,
): FacesPort {
  const networks = faceNetworks(pool);
  return {
    enabled,
    photos: vault.photosOf,
    forget: vault.forget,
    async enrol({ list, person, by }, photo, signal) {
      const picture = await readPicture(photo, { longest: LONGEST_PX });
      const { verdict, descriptor } = await judgePhoto(picture, networks, signal);
      // Asked after the look and in one go with the keeping: what comes too late must not make a new key.
      if (isOver(list)) throw new AppError('conflict', `faces of ${list}: the evaluation is over`);
      if (descriptor) vault.add({ list, person, descriptor, verdict, by });
      return { verdict, used: descriptor !== undefined };
    },
    async identify(list, photo, signal) {
      const picture = await readPicture(photo, { longest: LONGEST_PX });
      const { faces } = await findFaces(picture, networks, { embeddings: true, live: true, signal });
      const [largest, second] = [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box));
      if (!largest?.embedding) return { outcome: 'unidentified', verdict: 'no-face' };
      if (second && boxArea(second.box) > boxArea(largest.box) * SECOND_FACE) {
        return { outcome: 'unidentified', verdict: 'two-faces' };
      }
      const { verdict } = largest.quality;
      const { person, similarity, outcome } = matchFace(largest.embedding, vault.templatesOf(list), verdict, limits);
      const live = largest.live === undefined ? {} : { liveness: largest.live };
      const known = person === undefined ? {} : { person: personId(person), similarity };
      return { outcome, verdict, ...known, ...live } satisfies IdentifiedPhoto;
    },
  };
}
