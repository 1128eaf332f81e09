import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { type PinRules, pinAddress } from './address.js';
import type { OnvifProfile } from './profiles.js';
import { mediaUri, profiles as profilesForm, profileTokens } from './replies.js';
import type { OnvifSession } from './session.js';
import { type XmlElement, xmlText } from './xml.js';

/** True where the device answered, and only this question is beyond it. */
export const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'protocol';

/** The profiles with a picture, of the second media service (H.265) where it works, else of the first. */
export async function readProfiles(session: OnvifSession, log: Logger): Promise<OnvifProfile[]> {
  const media = session.cam as unknown as { media2Support?: boolean };
  if (media.media2Support) {
    try {
      const profiles = await askProfiles(session);
      if (profiles.length > 0) return profiles;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      log.debug({ error: messageOf(error) }, 'media service 2 fails, asking the first one');
    }
    media.media2Support = false;
  }
  return await askProfiles(session);
}

const askProfiles = (session: OnvifSession): Promise<OnvifProfile[]> =>
  session.ask('GetProfiles', (cam, done) => cam.getProfiles(done), profilesOf);

function profilesOf(value: unknown, body: XmlElement): OnvifProfile[] {
  const tokens = profileTokens(body);
  return profilesForm.parse(value).flatMap((profile, i) => {
    const encoder = profile.videoEncoderConfiguration;
    if (!encoder) return [];
    const fps = encoder.rateControl?.frameRateLimit;
    const pictures = encoder.H264?.govLength ?? encoder.$?.GovLength;
    return {
      token: tokens[i]!,
      name: profile.name,
      codec: encoder.encoding.toLowerCase().replace(/[^a-z0-9]/g, ''),
      ...encoder.resolution,
      fps,
      bitrateKbps: encoder.rateControl?.bitrateLimit,
      keyframeIntervalS: fps !== undefined && pictures !== undefined ? pictures / fps : undefined,
      source: profile.videoSourceConfiguration?.sourceToken,
      ptz: profile.PTZConfiguration !== undefined,
    };
  });
}

/** The address of a profile's stream, RTSP over TCP, pinned. */
export async function streamOf(session: OnvifSession, profile: OnvifProfile, pin: PinRules): Promise<string> {
  const setup = { protocol: 'RTSP', stream: 'RTP-Unicast', profileToken: xmlText(profile.token) };
  const uri = await session.ask('GetStreamUri', (cam, done) => cam.getStreamUri(setup, done), uriOf);
  return pinAddress(uri, ['rtsp', 'rtsps'], pin);
}

/** The address of a still picture, pinned; proof can do without, so a device that refuses is still of use. */
export async function snapshotOf(
  session: OnvifSession,
  profile: OnvifProfile,
  { pin, log }: { pin: PinRules; log: Logger },
): Promise<string | undefined> {
  const setup = { profileToken: xmlText(profile.token) };
  try {
    const uri = await session.ask('GetSnapshotUri', (cam, done) => cam.getSnapshotUri(setup, done), uriOf);
    return pinAddress(uri, ['http', 'https'], pin);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log.debug({ error: messageOf(error) }, 'no snapshot address');
    return undefined;
  }
}

const uriOf = (value: unknown): string => mediaUri.parse(value).uri;
