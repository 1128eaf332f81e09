import type { CameraId } from '../../../core/ids.js';
import type { EventMs } from '../../../core/time.js';
import type { ChainEntry } from '../chain/entry.js';

/** A file that goes into a package. */
export interface PackageFile {
  /** Inside the package, with `/` between its parts. */
  path: string;
  /** Where it comes from: a file on this machine, or its bytes. */
  from: { file: string } | { bytes: Uint8Array };
  /** Path in the manifests that its signed entry names; absent for what the package itself makes. */
  origin?: string;
}

/** One camera of a package. */
export interface PackageCamera {
  camera: CameraId;
  name: string;
  room?: string;
  files: Array<{ path: string; start: EventMs; end: EventMs }>;
  gaps: Array<{ from: EventMs; to: EventMs; cause: string }>;
}

/** An incident as the page shows it. */
export interface PackageIncident {
  id: string;
  rule: string;
  subject: string;
  camera?: string;
  start: EventMs;
  /** Undefined while it lasts. */
  end?: EventMs;
  priority: string;
  coverage: number;
  ruleVersion: string;
  verdict?: string;
  appeal?: string;
  /** Steps of the closed loop: at (machine's clock), who, what, note. */
  loop: Array<{ at: number; actor: string; action: string; note: string; data?: unknown }>;
  pictures: string[];
  clips: string[];
}

/** Everything that a package is made of. */
export interface PackageContent {
  kind: 'session' | 'incident';
  id: string;
  title: string;
  from: EventMs;
  to: EventMs;
  cameras: PackageCamera[];
  incidents: PackageIncident[];
  files: PackageFile[];
  /** Signed entries by chain, ascending and without gaps. */
  chains: Map<string, ChainEntry[]>;
  /** Documents shown on the page as well, by name: session, roster, entries, transcript, words, rules, ... */
  documents: Record<string, unknown>;
  /** What could not be put in: shown on the page. */
  remarks: string[];
}
