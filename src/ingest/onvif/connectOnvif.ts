import type { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import { type OnvifAddress, type PinRules, parseOnvifAddress } from './address.js';
import { readClockOffset } from './clockOffset.js';
import { isRefusal, readProfiles, snapshotOf, streamOf } from './media.js';
import { chooseProfiles, type OnvifProfile } from './profiles.js';
import { type Ptz, ptzOf } from './ptz.js';
import { deviceInformation } from './replies.js';
import { type OnvifSession, openSession } from './session.js';

export interface ConnectOnvifOptions {
  /** `onvif://HOST[:PORT][/PATH][?source=TOKEN]`, without a password. */
  url: string;
  credentials?: Credentials | undefined;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Longest wait for one answer, ms. */
  timeoutMs?: number;
  /** Longest wait for all of them, ms. */
  totalMs?: number;
  /** Networks in CIDR form to which the camera may point, apart from itself: cameras behind a recorder. */
  allowedNetworks?: readonly string[] | undefined;
}

export interface OnvifStreamAddress {
  /** rtsp or rtsps, no password, pinned to the configured host. */
  url: string;
  profile: OnvifProfile;
}

/** What a device tells of itself, and what it can be told. */
export interface OnvifCamera extends Ptz {
  device: z.output<typeof deviceInformation>;
  /** The device's clock minus this machine's, ms, to about a second; undefined where it does not tell. */
  deviceClockOffsetMs: number | undefined;
  profiles: OnvifProfile[];
  /** For analysis. */
  substream: OnvifStreamAddress;
  /** For evidence. */
  mainstream: OnvifStreamAddress;
  /** http or https, no password, pinned to the configured host; undefined where it has none. */
  snapshotUrl: string | undefined;
}

/**
 * Asks a device for its clock, profiles and addresses. Its clock comes first, without a password: the digest of every
 * further request carries the device's time. All it names is pinned to the configured host.
 * @throws AppError `config`, `auth-failed`, `unreachable`, `timeout`, `cancelled`, `protocol`, `unsupported`
 */
export async function connectOnvif(options: ConnectOnvifOptions): Promise<OnvifCamera> {
  const { url, credentials, clock, log, timeoutMs = 5000, totalMs = 25_000 } = options;
  const address = parseOnvifAddress(url);
  const limit = new AbortController();
  const timer = clock.after(totalMs, () => limit.abort());
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const session = openSession({ address, credentials, clock, timeoutMs, signal });
  try {
    return await describe(session, { address, log, options });
  } catch (error) {
    if (limit.signal.aborted && !options.signal.aborted) {
      const what = `ONVIF ${address.host}:${address.port}: not through in ${totalMs} ms`;
      throw new AppError('timeout', what, { cause: error, retryable: true });
    }
    throw error;
  } finally {
    timer.cancel();
  }
}

interface Asking {
  address: OnvifAddress;
  log: Logger;
  options: ConnectOnvifOptions;
}

async function describe(session: OnvifSession, { address, log, options }: Asking): Promise<OnvifCamera> {
  const deviceClockOffsetMs = await readClockOffset(session, options);
  session.clockOffsetMs = deviceClockOffsetMs ?? 0;
  await findServices(session, log);
  const device = await session.ask(
    'GetDeviceInformation',
    (cam, done) => cam.getDeviceInformation(done),
    (value) => deviceInformation.parse(value),
  );
  const profiles = await readProfiles(session, log);
  const { sub, main } = chooseProfiles(profiles, address.source, address.host);
  const pin: PinRules = { host: address.host, allowedNetworks: options.allowedNetworks };
  const subUrl = await streamOf(session, sub, pin);
  return {
    device,
    deviceClockOffsetMs,
    profiles,
    substream: { url: subUrl, profile: sub },
    mainstream: { url: main === sub ? subUrl : await streamOf(session, main, pin), profile: main },
    snapshotUrl: await snapshotOf(session, main, { pin, log }),
    ...ptzOf(session, profiles, sub),
  };
}

/** GetServices; older devices know GetCapabilities only. */
async function findServices(session: OnvifSession, log: Logger): Promise<void> {
  const nothing = (): void => {};
  try {
    await session.ask('GetServices', (cam, done) => cam.getServices(false, done), nothing);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log.debug({ error: messageOf(error) }, 'no GetServices, asking for capabilities');
    await session.ask('GetCapabilities', (cam, done) => cam.getCapabilities(done), nothing);
  }
}
