import type { Polygon } from '../../../core/geometry.js';
import type { CameraId, SubjectId } from '../../../core/ids.js';
import type { Ledger } from '../../ledger/openLedger.js';
import type { Manifests } from '../chain/manifests.js';

/** What packages are made from. */
export interface PackageDeps {
  ledger: Pick<
    Ledger,
    | 'incidents'
    | 'stepsOf'
    | 'observations'
    | 'ruleVersions'
    | 'clips'
    | 'snapshots'
    | 'workflowSteps'
    | 'evaluations'
    | 'evaluationEntries'
    | 'signIns'
    | 'transcripts'
    | 'soundClips'
    | 'wordLists'
    | 'patrolVisits'
  >;
  /** The data folder: `recordings/`, `evidence/` and what patrols and sign-ins keep lie below it. */
  data: string;
  manifests: Manifests;
  site: { id: string; name: string; timeZone: string };
  /** `sm3` puts a second hash beside each SHA-256. */
  digest: 'sha256' | 'sm3';
  /** Version of Hallwatch. */
  version: string;
  /** Cameras of a room, the one with its sound too. */
  camerasOf(subject: SubjectId): CameraId[];
  nameOf(id: string): string;
  /** Zones of staff in a camera's picture; none for a camera that shows no public. */
  staffZones(camera: CameraId): Polygon[];
  /** Whether the public is blurred in pictures. */
  blur: boolean;
  /** False while a package would take what belongs to the ledger. Default: always true. */
  hasRoom?(): boolean;
}
