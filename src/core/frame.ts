import { AppError } from './errors.js';
import type { CameraId } from './ids.js';
import type { EventMs } from './time.js';
import { yuvBytes, yuvToRgb } from './yuv.js';

/** One decoded picture at analysis size. */
export interface Frame {
  camera: CameraId;
  at: EventMs;
  /** Pixels, both at least 1. */
  width: number;
  height: number;
  /** height * width * 3, row-major, R G B, 0-255. Where the camera gave `yuv`, made from it when first asked for. */
  readonly rgb: Uint8Array;
  keyframe: boolean;
  /** The picture as a live camera gives it (`core/yuv.ts`), on memory that threads share: half as much as RGB to move. */
  yuv?: Uint8Array;
  /** 90 * 160, row-major, 0-255: the mean luma of each cell, for what only asks whether something changed. */
  gray?: Uint8Array;
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

/** A frame whose RGB pixels are made only for those who ask. Refuses planes that do not fit its size. */
export function makeYuvFrame(frame: Omit<Frame, 'rgb'> & { yuv: Uint8Array }): Frame {
  const { camera, width, height, yuv } = frame;
  if (yuv.length !== yuvBytes(width, height)) {
    throw new AppError(
      'bad-input',
      `frame of ${camera}: ${yuv.length} bytes: ${width}x${height} YUV 4:2:0 needs ${yuvBytes(width, height)}`,
    );
  }
  let rgb: Uint8Array | undefined;
  return {
    ...frame,
    get rgb() {
      rgb ??= yuvToRgb(frame, { left: 0, top: 0, width, height });
      return rgb;
    },
  };
}
