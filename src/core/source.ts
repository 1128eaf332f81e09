import type { AudioChunk, Frame } from './frame.js';
import type { HealthEvent } from './health.js';
import type { CameraId } from './ids.js';
import type { EventMs } from './time.js';

/**
 * What a camera gives the pipeline, in event-time order. A `tick` comes each second of event time, also while the
 * camera is offline, so that "nobody came for 15 minutes" is itself an observation. `end` closes a file; a live camera
 * never ends by itself. `truncated` says that the recording broke off before its declared length.
 */
export type SourceItem =
  | { type: 'frame'; frame: Frame }
  | { type: 'audio'; chunk: AudioChunk }
  | { type: 'tick'; camera: CameraId; at: EventMs }
  | { type: 'health'; event: HealthEvent }
  | { type: 'end'; camera: CameraId; at: EventMs; truncated: boolean };

/** Counters of one source since it was opened; all monotonic but `lastFrameAt`. */
export interface SourceStats {
  frames: number;
  /** Frames replaced by a newer one before anybody looked. */
  dropped: number;
  reconnects: number;
  lastFrameAt: EventMs | undefined;
  /** Measured distance of key frames, seconds; undefined before two were seen. */
  keyframeIntervalS: number | undefined;
}

/** One opened camera, file or simulated scene. */
export interface CameraSource {
  camera: CameraId;
  /** Iterate once. Ends after `end`, or when the signal given at opening fires. */
  items(): AsyncIterable<SourceItem>;
  stats(): SourceStats;
  /** Asks a live camera for one more tick at this instant, where it lies ahead. */
  wake?(at: EventMs): void;
  /** Stops children and waits for their exit. Idempotent. */
  close(): Promise<void>;
}
