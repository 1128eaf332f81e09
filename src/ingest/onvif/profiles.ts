import { AppError } from '../../core/errors.js';

/** One way in which a camera encodes its picture. */
export interface OnvifProfile {
  token: string;
  name: string;
  /** Lower case, e.g. `h264`, `h265`, `jpeg`. */
  codec: string;
  /** Pixels. */
  width: number;
  height: number;
  fps: number | undefined;
  bitrateKbps: number | undefined;
  /** Distance of key frames, seconds, as configured. */
  keyframeIntervalS: number | undefined;
  /** Which lens or channel it shows. */
  source: string | undefined;
  ptz: boolean;
}

/** Analysis works on pictures about this wide; a smaller one hides people at the far counters. */
const WIDE_ENOUGH = 480;

/**
 * The profile for analysis (the smallest that is wide enough, else the widest) and the one for evidence (the largest).
 * @throws AppError `unsupported` where none is H.264 or H.265, `config` where `source` is none of the device's
 */
export function chooseProfiles(
  profiles: readonly OnvifProfile[],
  source: string | undefined,
  host: string,
): { sub: OnvifProfile; main: OnvifProfile } {
  const ofSource = source === undefined ? profiles : profiles.filter((profile) => profile.source === source);
  if (ofSource.length === 0 && profiles.length > 0) {
    const known = [...new Set(profiles.map((profile) => profile.source ?? '?'))].slice(0, 32).join(', ');
    throw new AppError('config', `ONVIF ${host}: no video source ${source}: the device has ${known}`);
  }
  const usable = ofSource
    .filter((profile) => profile.codec === 'h264' || profile.codec === 'h265')
    .sort((a, b) => a.width * a.height - b.width * b.height);
  const main = usable.at(-1);
  const sub = usable.find((profile) => profile.width >= WIDE_ENOUGH) ?? main;
  if (!sub || !main) {
    const codecs = [...new Set(ofSource.map((profile) => profile.codec))].join(', ') || 'no video profile';
    throw new AppError('unsupported', `ONVIF ${host}: no H.264 or H.265 profile: it offers ${codecs}`, {
      hint: 'set one stream of the camera to H.264',
    });
  }
  return { sub, main };
}
