import type { CameraConfig } from '../../core/config/schema.js';
import { AppError } from '../../core/errors.js';
import type { Credentials, FfmpegInput } from '../ffmpeg/ffmpegCommand.js';

/** What ONVIF tells of the stream to analyse. */
export interface OnvifStream {
  /** Address without a password, its host pinned to the configured camera. */
  url: string;
  /** The camera's clock minus this machine's, milliseconds. */
  clockOffsetMs?: number;
}

/** Asks a camera by ONVIF for the address of its stream. Throws AppError; `auth-failed` counts as a wrong password. */
export type ResolveOnvif = (
  camera: CameraConfig,
  credentials: Credentials | undefined,
  signal: AbortSignal,
) => Promise<OnvifStream>;

export interface LiveInput {
  input: FfmpegInput;
  /** The address to knock at while it is down, without a password. */
  url: string | undefined;
  finite: boolean;
  clockOffsetMs: number;
}

export interface LiveInputDeps {
  credentials: Credentials | undefined;
  timeoutMs: number;
  resolveOnvif: ResolveOnvif | undefined;
  signal: AbortSignal;
}

/**
 * Where a camera's pictures are read from. Asked anew for each connection: ONVIF addresses and passwords change.
 * @throws AppError `config` for a source that no reader serves; whatever `resolveOnvif` throws
 */
export async function liveInput(camera: CameraConfig, deps: LiveInputDeps): Promise<LiveInput> {
  const { credentials, timeoutMs, resolveOnvif, signal } = deps;
  const scheme = camera.source.slice(0, camera.source.indexOf(':'));
  const network = (url: string, clockOffsetMs = 0): LiveInput => ({
    input: { kind: 'network', url, timeoutMs, ...(credentials ? { credentials } : {}) },
    url,
    finite: false,
    clockOffsetMs,
  });
  switch (scheme) {
    case 'rtsp':
    case 'rtsps':
    case 'http':
    case 'https':
      return network(camera.source);
    case 'file': {
      const path = camera.source.slice('file:'.length);
      return { input: { kind: 'file', path, native: true }, url: undefined, finite: true, clockOffsetMs: 0 };
    }
    case 'alsa':
    case 'pulse': {
      const name = camera.source.slice(scheme.length + 1);
      return { input: { kind: 'device', format: scheme, name }, url: undefined, finite: false, clockOffsetMs: 0 };
    }
    case 'onvif': {
      if (!resolveOnvif) break;
      const stream = await resolveOnvif(camera, credentials, signal);
      return network(stream.url, stream.clockOffsetMs);
    }
  }
  throw new AppError('config', `camera ${camera.id}: source ${scheme}: is not opened as a live stream here`);
}
