import { boxArea } from '../../core/geometry.js';
import type { Picture } from '../persons/picture.js';
import type { Descriptor } from './describe.js';
import { type Face, type FaceNetworks, findFaces } from './findFaces.js';
import { ENROLMENT, judgeQuality, type QualityVerdict } from './quality.js';

/** What a photo for the roster is worth; each has a message `faces.enrol.<verdict>`. */
export type EnrolmentVerdict = 'no-face' | 'two-faces' | QualityVerdict;

/** What became of one photo. */
export interface EnrolmentPhoto {
  verdict: EnrolmentVerdict;
  /** Present with `good`, and where the one face is poorer than that but may still be compared. */
  descriptor?: Descriptor;
}

/** A second face at least this large, as a share of the largest one's area, makes it unclear whose photo it is. */
const SECOND_FACE = 0.25;

/** Looks at one photo that is to stand for one person. */
export async function judgePhoto(
  picture: Picture,
  networks: FaceNetworks,
  signal?: AbortSignal,
): Promise<EnrolmentPhoto> {
  const { faces } = await findFaces(picture, networks, { embeddings: true, signal });
  const [largest, second] = [...faces].sort((a, b) => boxArea(b.box) - boxArea(a.box));
  if (!largest) return { verdict: 'no-face' };
  if (second && boxArea(second.box) > boxArea(largest.box) * SECOND_FACE) return { verdict: 'two-faces' };
  return photoOf(largest);
}

function photoOf({ quality, embedding }: Face): EnrolmentPhoto {
  const verdict = judgeQuality(quality, ENROLMENT);
  return quality.verdict === 'good' && embedding ? { verdict, descriptor: embedding } : { verdict };
}
