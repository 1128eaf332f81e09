import type { CameraId } from './ids.js';
import type { EventMs, WallMs } from './time.js';

/**
 * How long a recording stays. `ring`: the last minutes of a window, gone by themselves. `hall`: continuous recording of the
 * hall. `session`: a bid evaluation from its opening to its close.
 */
export type RecordingClass = 'ring' | 'hall' | 'session';

/** Every class of what is kept, lowest first: a full disk takes from the lowest. */
export const RETENTION_CLASSES = ['ring', 'hall', 'evidence', 'session'] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** A recorded file as its name tells it: at most 10 s of one camera. */
export interface RecordedSpan {
  camera: CameraId;
  class: RecordingClass;
  /** `sub` where the main stream was missing; the reason stands with the file. */
  stream: 'main' | 'sub';
  /** Event time of its first picture, and the end of its last. */
  start: EventMs;
  end: EventMs;
  /** Relative to the recordings folder, with `/` between its parts. */
  path: string;
  /** Still being written: it grows, and is whole up to its last fragment. */
  open: boolean;
}

/** About one second of a recorded file. */
export interface RecordedPart {
  at: EventMs;
  ms: number;
  offset: number;
  bytes: number;
  key: boolean;
  /** 64 hex digits over its bytes. */
  sha256: string;
}

/** A finished recording with everything that its proof needs. */
export interface RecordedFile extends RecordedSpan {
  open: false;
  /** When its first byte was written and when it was closed. */
  wallStart: WallMs;
  wallEnd: WallMs;
  bytes: number;
  sha256: string;
  /** Four characters of the sample entry, such as `avc1`, `hvc1`, `mp4a`; none where there is no sound. */
  video: string;
  audio?: string;
  width: number;
  height: number;
  parts: RecordedPart[];
  /** Why it is not the main stream, or what was done to its sound. */
  notes: string[];
  /** Closed after a crash, from what was on the disk. */
  recovered?: true;
}

/** A stretch that was not recorded. `cause` is a stable code: `offline`, `disk-full`, `service-down`, ... */
export interface RecordingGap {
  camera: CameraId;
  from: EventMs;
  to: EventMs;
  cause: string;
}

/** What recordings offer to those who prove something with them. */
export interface RecordingLibrary {
  /** Files that overlap the span, by start. */
  files(camera: CameraId, from: EventMs, to: EventMs): RecordedSpan[];
  /** Known gaps that overlap the span, by start. */
  gaps(camera: CameraId, from: EventMs, to: EventMs): RecordingGap[];
  /** All bytes of a file. @throws AppError `not-found`, `storage` */
  read(path: string): Uint8Array;
  /** Event time up to which the camera is on the disk; undefined where it is not recorded now. */
  reached(camera: CameraId): EventMs | undefined;
}
