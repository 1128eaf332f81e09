import { judgeArrival } from '../alerts/evaluations/arrival.js';
import {
  type SignInArrival,
  type SignInFace,
  type SignInState,
  stepSignIn,
} from '../alerts/evaluations/signInTracks.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { RoomConfig } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import type { EvaluationSession } from '../core/evaluation.js';
import type { Frame } from '../core/frame.js';
import { boxCentre, containsPoint } from '../core/geometry.js';
import { type CameraId, roomId } from '../core/ids.js';
import { type EventMs, plusMs } from '../core/time.js';
import { type Face, type FaceNetworks, findFaces } from '../detectors/faces/findFaces.js';
import { type MatchLimits, matchFace } from '../detectors/faces/match.js';
import type { FaceVault } from './faceVault.js';

export interface SignInWatchOptions {
  camera: CameraId;
  /** All rooms; those that sign in at this camera count. */
  rooms: readonly RoomConfig[];
  networks: FaceNetworks;
  limits: MatchLimits;
  vault: Pick<FaceVault, 'templatesOf'>;
  ledger: Pick<Ledger, 'evaluations' | 'signIns'>;
}

/** Somebody may sign in this long before the plan begins. */
const EARLY_MS = 4 * 3_600_000;
/** Whoever still stands there, or comes by again so soon, is the same arrival. */
const SAME_ARRIVAL_MS = 600_000;

/**
 * Watches a sign-in camera: faces are compared with the rosters of the evaluations that sign in here, and whoever several
 * looks agree on is recorded. It gives no observation: an arrival is a record of its own, with its verdict. While no
 * evaluation is near, no network runs.
 */
export function signInWatch({ camera, rooms, networks, limits, vault, ledger }: SignInWatchOptions): Detector {
  const own = rooms.filter(({ signIn }) => signIn?.camera === camera);
  let state: SignInState = [];

  const sessionsAt = (at: EventMs): EvaluationSession[] => {
    const near = own
      .flatMap(({ id }) => ledger.evaluations.pendingIn(roomId(id)))
      .filter((one) => one.state === 'open' || isNear(one, at));
    return [...new Map(near.map((session) => [session.id, session])).values()];
  };
  const nameFace = (
    { box, quality, embedding, live = 0 }: Face,
    sessions: readonly EvaluationSession[],
  ): SignInFace => {
    let best: SignInFace = { box, person: undefined, evidence: 0, similarity: 0, liveness: live };
    for (const session of embedding ? sessions : []) {
      const match = matchFace(embedding!, vault.templatesOf(session.id), quality.verdict, limits);
      if (match.outcome !== 'rostered' || match.evidence <= best.evidence) continue;
      best = {
        ...best,
        person: `${session.id}/${match.person}`,
        evidence: match.evidence,
        similarity: match.similarity,
      };
    }
    return best;
  };

  return {
    kind: 'sign-in',
    async observe(frame: Frame, signal) {
      const sessions = sessionsAt(frame.at);
      if (sessions.length === 0) {
        state = [];
        return [];
      }
      const { faces } = await findFaces(frame, networks, { embeddings: true, live: true, signal });
      const there = faces.filter(({ box }) => own.some(({ signIn }) => isInZone(signIn?.zone ?? [], box)));
      const named = there.map((face) => nameFace(face, sessions));
      const [next, arrivals] = stepSignIn(state, { at: frame.at, faces: named });
      state = next;
      for (const arrival of arrivals) record(arrival, { sessions, camera, ledger });
      return [];
    },
  };
}

const isNear = ({ plannedStart, plannedEnd }: EvaluationSession, at: EventMs): boolean =>
  at >= plannedStart - EARLY_MS && at < plannedEnd;

const isInZone = (zone: RoomConfig['zone'], box: Face['box']): boolean =>
  zone.length === 0 || containsPoint(zone, boxCentre(box));

interface Recording {
  sessions: readonly EvaluationSession[];
  camera: CameraId;
  ledger: SignInWatchOptions['ledger'];
}

function record(arrival: SignInArrival, { sessions, camera, ledger }: Recording): void {
  const { at, similarity, liveness } = arrival;
  const session = sessions.find(({ id }) => arrival.person.startsWith(`${id}/`));
  const person = session?.roster.find(({ id }) => arrival.person === `${session.id}/${id}`);
  if (!session || !person) return;
  const before = ledger.signIns.of(session.id).filter((other) => other.person === person.id);
  if (before.some((other) => other.at > plusMs(at, -SAME_ARRIVAL_MS))) return;
  const times = before.map((other) => other.at);
  const judged = judgeArrival({ person, at }, session.signIn, times);
  const facts = { list: session.id, person: person.id, at, way: 'camera', by: 'system', camera } as const;
  ledger.signIns.add({ ...facts, ...judged, similarity, liveness });
}
