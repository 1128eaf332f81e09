import { judgePunch } from '../alerts/evaluations/punch.js';
import { type SignInFace, type SignInState, stepSignIn } from '../alerts/evaluations/signInTracks.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Config } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import { personId, STAFF_LIST } from '../core/evaluation.js';
import { type CameraId, cameraId } from '../core/ids.js';
import { plusMs } from '../core/time.js';
import { type Face, type FaceNetworks, findFaces } from '../detectors/faces/findFaces.js';
import { type MatchLimits, matchFace, type Template } from '../detectors/faces/match.js';
import type { FaceVault } from './faceVault.js';

export interface PunchWatchOptions {
  config: Pick<Config, 'attendance' | 'site'>;
  networks: FaceNetworks;
  limits: MatchLimits;
  vault: Pick<FaceVault, 'templatesOf'>;
  ledger: Pick<Ledger, 'signIns'>;
}

/** Whoever comes by again so soon is the same punch. */
const SAME_PUNCH_MS = 300_000;

/**
 * Watches the staff entrance in the windows of the day's punches: whoever several looks agree on has punched. Outside the
 * windows, and while nobody is enrolled, no network runs.
 */
export function punchWatch({ config, networks, limits, vault, ledger }: PunchWatchOptions): Detector {
  const { attendance, site } = config;
  const camera: CameraId = cameraId(attendance.camera ?? '');
  let state: SignInState = [];
  return {
    kind: 'punch',
    async observe(frame, signal) {
      const templates = judgePunch(frame.at, attendance.punches, site.timeZone) ? vault.templatesOf(STAFF_LIST) : [];
      if (templates.length === 0) return [];
      const { faces } = await findFaces(frame, networks, { embeddings: true, live: true, signal });
      const look = { at: frame.at, faces: faces.map((face) => nameFace(face, templates, limits)) };
      const [next, arrivals] = stepSignIn(state, look);
      state = next;
      for (const { person, at, similarity, liveness } of arrivals) {
        const judged = judgePunch(at, attendance.punches, site.timeZone);
        const recent = ledger.signIns.within(STAFF_LIST, plusMs(at, -SAME_PUNCH_MS), plusMs(at, 1));
        if (!judged || recent.some((other) => other.person === person && other.punch === judged.punch)) continue;
        const facts = { list: STAFF_LIST, person: personId(person), at, way: 'camera', by: 'system', camera } as const;
        ledger.signIns.add({ ...facts, ...judged, duplicate: false, similarity, liveness });
      }
      return [];
    },
  };
}

function nameFace(
  { box, quality, embedding, live = 0 }: Face,
  templates: readonly Template[],
  limits: MatchLimits,
): SignInFace {
  const nobody: SignInFace = { box, person: undefined, evidence: 0, similarity: 0, liveness: live };
  if (!embedding) return nobody;
  const match = matchFace(embedding, templates, quality.verdict, limits);
  if (match.outcome !== 'rostered') return nobody;
  return { ...nobody, person: match.person, evidence: match.evidence, similarity: match.similarity };
}
