import type { RecordingClass, RetentionClass } from '../core/recording.js';

/** A package somebody asked for. */
export interface PackageJob {
  id: string;
  kind: 'incident' | 'session';
  target: string;
  /** User id of who asked. */
  by: string;
  state: 'waiting' | 'making' | 'ready' | 'failed';
  /** UTC ms of the machine's clock. */
  askedAt: number;
  until: number | null;
  files: number;
  bytes: number;
  remarks: string[];
  /** Why it failed. */
  problem: string;
}

/** A recorder as the board shows it. */
export interface RecorderRow {
  camera: string;
  recording: boolean;
  stream: 'main' | 'sub';
  fallback?: 'no-main-stream' | 'main-unreachable';
  cause?: string;
  mode: Exclude<RecordingClass, 'hall'> | 'continuous';
}

/** What the board asks of recording and evidence. */
export interface ProofPort {
  status(): {
    recorders: RecorderRow[];
    /** Cameras that the configuration leaves out. */
    notRecorded: string[];
    disk: { freeBytes: number; totalBytes: number; hoursLeft: number | undefined; state: 'ok' | 'low' | 'short' };
    keepMs: Record<RetentionClass, number>;
    key: { algorithm: string; fingerprint: string };
    blurExports: boolean;
    clipsWaiting: number;
  };
  packages: {
    /** Begins to make one. */
    ask(request: Pick<PackageJob, 'kind' | 'target' | 'by'> & { reason: string }): PackageJob;
    /** Newest first. */
    list(by: string): PackageJob[];
    /** The ZIP of a package that is ready; undefined where there is none of this user. */
    open(id: string, by: string): { name: string; bytes: AsyncIterable<Uint8Array> } | undefined;
    remove(id: string, by: string): boolean;
  };
}
