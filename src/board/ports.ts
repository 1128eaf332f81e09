import type { Config } from '../core/config/schema.js';
import type { Polygon } from '../core/geometry.js';
import type { CameraId, SubjectId, WindowId } from '../core/ids.js';
import type { LabelledBox } from '../core/observation.js';
import type { EventMs } from '../core/time.js';

/**
 * What the board needs from parts it must not import: ingest, detectors, the composition. Every optional port that is
 * missing shows as `unavailable` on the page, never as an empty list.
 */

/** The configuration in force and, where it came from a file, the file that board edits go to. */
export interface ConfigPort {
  current(): Config;
  /** Undefined: there is no file and edits are refused with that reason. */
  file: string | undefined;
  /** Takes over an edited configuration that is already on disk. */
  apply(next: Config): 'reloaded' | 'restart-needed';
}

/** A picture of a camera as JPEG bytes. */
export interface CameraPicture {
  at: EventMs;
  jpeg: Uint8Array;
}

export interface LookZone {
  name: string;
  polygon: Polygon;
}

/** What the detector sees at this moment; boxes in fractions of the picture. */
export interface LookResult {
  at: EventMs;
  boxes: LabelledBox[];
  /** People that count for each zone asked, in that order. */
  zones: Array<{ name: string; count: number; boxes: LabelledBox['box'][] }>;
}

export interface DiscoveredCamera {
  address: string;
  name: string;
  model: string;
}

export interface ProbeRequest {
  source: string;
  user?: string;
  password?: string;
}

export interface ProbeResult {
  codec: string;
  width: number;
  height: number;
  keyframeIntervalS: number | undefined;
  profiles: Array<{ name: string; width: number; height: number; codec: string }>;
  clockOffsetS: number | undefined;
  jpeg: Uint8Array | undefined;
}

export interface CameraPort {
  /** The newest picture, or undefined before the first. */
  picture(camera: CameraId, signal: AbortSignal): Promise<CameraPicture | undefined>;
  look?(camera: CameraId, zones: LookZone[], signal: AbortSignal): Promise<LookResult>;
  discover?(signal: AbortSignal): Promise<DiscoveredCamera[]>;
  /** @throws AppError `unreachable`, `auth-failed`, `timeout`, `protocol` */
  probe?(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
  /** A person says that what the camera sees now is its right view. False where its picture is not watched. */
  acceptView?(camera: CameraId): boolean;
  /**
   * The camera's own stream; ends when the signal fires. @throws AppError `unsupported` where it has none that a browser
   * plays, `unreachable`, `auth-failed`, `timeout`
   */
  video?(camera: CameraId, signal: AbortSignal): Promise<LiveVideo>;
}

/** Fragmented MP4 from its first byte, with its type and codec as `MediaSource` takes it. */
export interface LiveVideo {
  mime: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** Reads the bytes of evidence that the ledger lists. `path` is as the ledger keeps it. */
export interface EvidencePort {
  /** @throws AppError `not-found` where the file is gone, `storage` where its hash is not the recorded one */
  read(path: string, sha256: string): Uint8Array | Promise<Uint8Array>;
}

export interface BacktestRequest {
  rule: string;
  parameters: Record<string, string | number | boolean | number[]>;
  window: string | undefined;
  from: EventMs;
  to: EventMs;
}

export interface BacktestSpan {
  subject: SubjectId;
  start: EventMs;
  end: EventMs | null;
}

export interface BacktestResult {
  before: number;
  after: number;
  added: BacktestSpan[];
  removed: BacktestSpan[];
  coverage: number;
}

/** The rounds of patrol that the service walks. */
export interface PatrolPort {
  /** Begins a round now; returns its instant. @throws AppError `not-found` */
  start(plan: string): EventMs;
  /** A picture of a visit. @throws AppError `not-found`, `storage` */
  read(path: string, sha256: string): Uint8Array;
}

/** One network the product uses. */
export interface ModelRow {
  name: string;
  purpose: string;
  source: string;
  sha256: string;
  licence: string;
  verified: boolean | 'unknown';
}

/** A hall that is played, not watched. */
export interface SimulatedHall {
  /** The past is replayed. */
  catchingUp: boolean;
  behindMs: number;
  /** Event seconds a second. */
  speed: number;
}

export interface SystemPort {
  /** Names of the sinks that run, for their queue depth. */
  sinks: readonly string[];
  /** `down` where the last delivery failed. */
  sinkState?(name: string): 'ok' | 'behind' | 'down';
  models?(): ModelRow[];
  /** How far a simulated hall has come; undefined where the hall is real. */
  simulated?(): SimulatedHall | undefined;
  /** Health findings of a camera, newest first. */
  healthHistory?(
    camera: CameraId,
  ): Array<{ finding: string; state: 'raised' | 'cleared'; at: EventMs; detail?: string }>;
  /** Further Prometheus lines (complete lines without the final line break). */
  metrics?(): string[];
}

/** Told when people changed something the pipeline should know, such as a standby. Must not throw. */
export type DutyChanged = () => void;

/** An event of the queue system, handed to the pipeline in event time. */
export interface QueueEvent {
  window: WindowId;
  /** `call`, `end`, `no-show`, or the name of a step. */
  event: string;
  ticket: string | undefined;
  at: EventMs;
}

/** Takes what the queue system says. */
export type HearQueue = (event: QueueEvent) => void | Promise<void>;
