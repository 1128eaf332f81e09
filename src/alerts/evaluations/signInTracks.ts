import { type Box, iou } from '../../core/geometry.js';
import type { EventMs } from '../../core/time.js';
import { decideSignIn, SIGN_IN_LIMITS, type SignInLook } from './signInDecision.js';

/** One face that a look of the sign-in camera showed. */
export interface SignInFace {
  /** Fractions of the picture. */
  box: Box;
  /** Whom it was taken for; undefined where it did not decide. */
  person: string | undefined;
  /** `evidenceOf` of the match. */
  evidence: number;
  /** 0-1. */
  similarity: number;
  /** 0-1, advice only. */
  liveness: number;
}

interface FaceTrack {
  box: Box;
  seenAt: EventMs;
  looks: SignInLook[];
  /** Poorest liveness and mean likeness are told with the arrival. */
  faces: SignInFace[];
  /** Already told: the same visit is one arrival. */
  told: boolean;
}
export type SignInState = readonly FaceTrack[];

/** Somebody arrived. */
export interface SignInArrival {
  person: string;
  /** The first look that agreed. */
  at: EventMs;
  /** Mean of the agreeing looks, 0-1. */
  similarity: number;
  /** The lowest of them, 0-1: one look that seems a picture is worth mentioning. */
  liveness: number;
}

/** Two boxes of one face in looks two seconds apart overlap by at least this much: people stand still to sign in. */
const SAME_FACE = 0.2;

/** Goes on with one look: faces are followed by where they are, and whoever several looks agree on has arrived. Pure. */
export function stepSignIn(
  state: SignInState,
  look: { at: EventMs; faces: readonly SignInFace[] },
): [SignInState, SignInArrival[]] {
  const { at, faces } = look;
  const left = state.filter((track) => at >= track.seenAt && at - track.seenAt <= SIGN_IN_LIMITS.withinMs);
  const arrivals: SignInArrival[] = [];
  const seen = faces.map((face): FaceTrack => {
    const index = nearest(left, face.box);
    const [before] = index < 0 ? [] : left.splice(index, 1);
    const next = followed(before, face, at);
    const decision = next.told ? undefined : decideSignIn(next.looks);
    if (!decision) return next;
    const agreeing = next.faces.filter(({ person }) => person === decision.person);
    const similarity = agreeing.reduce((sum, one) => sum + one.similarity, 0) / agreeing.length;
    const liveness = Math.min(...agreeing.map((one) => one.liveness));
    arrivals.push({ person: decision.person, at: decision.at, similarity, liveness });
    return { ...next, told: true };
  });
  return [[...seen, ...left], arrivals];
}

function nearest(tracks: readonly FaceTrack[], box: Box): number {
  const overlaps = tracks.map((track) => iou(track.box, box));
  const best = overlaps.indexOf(Math.max(...overlaps));
  return best >= 0 && overlaps[best]! >= SAME_FACE ? best : -1;
}

/** Only the newest looks count; another person in the same place begins anew, and may be told again. */
function followed(before: FaceTrack | undefined, face: SignInFace, at: EventMs): FaceTrack {
  const look: SignInLook = { at, person: face.person, evidence: face.evidence };
  const named = before?.looks.findLast(({ person }) => person !== undefined)?.person;
  const changed = face.person !== undefined && named !== undefined && face.person !== named;
  if (!before || changed) return { box: face.box, seenAt: at, looks: [look], faces: [face], told: false };
  const looks = [...before.looks, look].slice(-10);
  return { box: face.box, seenAt: at, looks, faces: [...before.faces, face].slice(-10), told: before.told };
}
