import type { EvaluationId } from '../../core/evaluation.js';
import type { EventMs } from '../../core/time.js';
import type { Face } from '../faces/findFaces.js';
import { matchFace, type Template } from '../faces/match.js';
import type { FaceLook } from './claim.js';

/** Whose faces a room's evaluation knows. It lives in memory only, and no longer than the evaluation. */
export interface Gallery {
  evaluation: EvaluationId;
  /** Templates of this evaluation's roster; `person` is the roster's person id. */
  roster: readonly Template[];
  /** Templates of persons who belong to other evaluations that are not closed; `person` is `EVALUATION/PERSON`. */
  others: readonly Template[];
}

/** The gallery that holds in a room at an instant; undefined where no evaluation is open there. */
export type GalleryOf = (room: string, at: EventMs) => Gallery | undefined;

/**
 * Compares one face with a gallery. The two parts are asked apart: a person who is on two rosters must not stand in their
 * own way as the second candidate.
 */
export function lookAtFace({ embedding, quality, live }: Face, gallery: Gallery | undefined, at: EventMs): FaceLook {
  const mine = embedding && gallery ? matchFace(embedding, gallery.roster, quality.verdict) : undefined;
  const others = embedding && gallery ? matchFace(embedding, gallery.others, quality.verdict) : undefined;
  return {
    at,
    quality: quality.verdict,
    person: mine?.person ?? '',
    evidence: mine?.evidence ?? 0,
    other: others?.person ?? '',
    otherEvidence: others?.evidence ?? 0,
    ...(live === undefined ? {} : { live }),
  };
}
