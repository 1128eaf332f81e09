import type { Clock } from '../../core/clock.js';
import type { CameraConfig } from '../../core/config/schema.js';
import type { Logger } from '../../core/log.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import { connectOnvif } from './connectOnvif.js';

/** What a live camera needs to know of a device: addresses without a password. */
export interface ResolvedOnvif {
  /** The stream to analyse. */
  url: string;
  /** The stream for evidence. */
  mainUrl: string;
  snapshotUrl: string | undefined;
  /** The device's clock minus this machine's, ms; left out where the device does not tell. */
  clockOffsetMs?: number;
}

/** Makes the function that `openCamera` asks before each connection to an `onvif:` source. */
export function onvifResolver(deps: { clock: Clock; log: Logger; allowedNetworks?: readonly string[] }) {
  return async (
    camera: CameraConfig,
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<ResolvedOnvif> => {
    const found = await connectOnvif({ ...deps, url: camera.source, credentials, signal });
    const { substream, mainstream, snapshotUrl, deviceClockOffsetMs } = found;
    return {
      url: substream.url,
      mainUrl: camera.main ?? mainstream.url,
      snapshotUrl,
      ...(deviceClockOffsetMs === undefined ? {} : { clockOffsetMs: deviceClockOffsetMs }),
    };
  };
}
