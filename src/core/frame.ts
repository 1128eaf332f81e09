import { AppError } from './errors.js';
import type { CameraId } from './ids.js';
import type { EventMs } from './time.js';

/** One decoded picture at analysis size. */
export interface Frame {
  camera: CameraId;
  at: EventMs;
  /** Pixels, both at least 1. */
  width: number;
  height: number;
  /** height * width * 3, row-major, R G B, 0-255. */
  rgb: Uint8Array;
  keyframe: boolean;
}

/** A stretch of sound. */
export interface AudioChunk {
  camera: CameraId;
  /** Event time of the first sample. */
  at: EventMs;
  /** Samples a second; the speech path uses 16000. */
  sampleRate: number;
  /** Mono, -1 to 1. */
  samples: Float32Array;
}

/** Builds a frame and refuses pixels that do not fit its size: a torn frame must never reach a detector. */
export function makeFrame(frame: Frame): Frame {
  if (frame.rgb.length !== frame.width * frame.height * 3) {
    throw new AppError(
      'bad-input',
      `frame of ${frame.camera}: ${frame.rgb.length} bytes: ${frame.width}x${frame.height} RGB needs ${frame.width * frame.height * 3}`,
    );
  }
  return frame;
}
