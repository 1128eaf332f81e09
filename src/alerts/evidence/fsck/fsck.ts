import type { CameraId } from '../../../core/ids.js';
import type { RecordedFile } from '../../../core/recording.js';
import type { EventMs, WallMs } from '../../../core/time.js';
import type { Ledger } from '../../ledger/openLedger.js';
import type { Manifests } from '../chain/manifests.js';
import { checkChains } from './checkChains.js';
import { checkEvidence } from './checkEvidence.js';
import { checkRecordings } from './checkRecordings.js';
import { declareHoles } from './declareHoles.js';

/** What fsck did or found about one file or chain. The first three need nobody; the others somebody should look at. */
export interface FsckLine {
  did: 'attached' | 'signed' | 'mended' | 'quarantined' | 'missing' | 'changed';
  /** Path below the data folder, or a chain. */
  what: string;
  detail: string;
}

export interface FsckOptions {
  /** The data folder. */
  data: string;
  ledger: Pick<Ledger, 'incidents' | 'snapshots' | 'clips'>;
  manifests: Manifests;
  /** What a recorded file is, from its bytes; undefined where it is none. `path` is below `recordings/`. */
  describe(path: string): RecordedFile | undefined;
  /** Only days from this one on, `2026-10-08`; all where absent. */
  since?: string;
  /** Whether a stretch of a camera should have been recorded; where absent, no gap is declared. */
  expected?(camera: CameraId, from: EventMs, to: EventMs): boolean;
  /** Only files last changed before this instant of the machine's clock: what is newer belongs to a service that runs. */
  before?: WallMs;
  /** Cameras whose chains and recordings are left alone: to read those of a whole hall takes minutes. */
  skip?(camera: string): boolean;
  /** Whether every file is read and its hash compared. */
  deep?: boolean;
}

/**
 * Brings files, ledger and manifests together again after a crash: torn ends are cut off, files that nobody lists are listed
 * where they prove to be whole and set aside below `quarantine/` where they do not, and what is listed but gone or changed
 * is told. Nothing is deleted but what a signed tombstone names.
 * @throws AppError `storage`
 */
export async function fsck(options: FsckOptions): Promise<FsckLine[]> {
  const signed = checkChains(options);
  const recordings = await checkRecordings(options, signed);
  const evidence = await checkEvidence(options, signed);
  return [...signed.lines, ...recordings, ...(await declareHoles(options)), ...evidence];
}

/** True for what somebody should look at. */
export const isFinding = ({ did }: FsckLine): boolean =>
  did === 'quarantined' || did === 'missing' || did === 'changed';
