import type { CameraConfig } from '../../core/config/schema.js';
import type { Credentials, FfmpegInput } from '../ffmpeg/ffmpegCommand.js';

/** Addresses of a camera by ONVIF, without a password. */
interface OnvifAddresses {
  url: string;
  mainUrl: string;
}

export interface LiveSourceDeps {
  credentials(): Credentials | undefined;
  resolveOnvif(
    camera: CameraConfig,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<OnvifAddresses>;
  /** A connection that is silent for this long is over, ms. */
  timeoutMs: number;
}

/** H.264 says what it is with its first key picture; more study is time in which somebody looks at nothing. */
const STUDY_MS = 500;

const NETWORK = /^(rtsps?|https?):/;

/**
 * The streams of a camera that people may be shown, best first: the main stream, then the one that is analysed. Empty
 * for a file and for a simulated camera, which have no stream of their own: their newest picture is shown instead.
 * @throws AppError what ONVIF answers
 */
export async function liveSources(
  camera: CameraConfig,
  { credentials, resolveOnvif, timeoutMs }: LiveSourceDeps,
  signal: AbortSignal,
): Promise<FfmpegInput[]> {
  const login = credentials();
  const onvif = camera.source.startsWith('onvif:') ? await resolveOnvif(camera, login, signal) : undefined;
  const addresses = [onvif?.mainUrl ?? camera.main, onvif?.url ?? camera.source];
  const streams = addresses.filter((url): url is string => url !== undefined && NETWORK.test(url));
  return [...new Set(streams)].map((url) => ({
    ...{ kind: 'network' as const, url, timeoutMs, media: 'video' as const, analyzeMs: STUDY_MS },
    ...(login ? { credentials: login } : {}),
  }));
}
