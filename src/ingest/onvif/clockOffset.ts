import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import { deviceTime } from './replies.js';
import type { OnvifSession } from './session.js';

/**
 * The device's clock minus this machine's, ms, to about a second; undefined where the device gives no UTC time.
 * @throws AppError as `OnvifSession.send`
 */
export async function readClockOffset(
  session: OnvifSession,
  { clock, credentials }: { clock: Clock; credentials?: Credentials | undefined },
): Promise<number | undefined> {
  const body = '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>';
  const before = clock.now();
  const answer = await session.send(body, false).catch((error: unknown) => {
    // The standard wants this answered without a password; some devices ask for one all the same.
    if (error instanceof AppError && error.code === 'auth-failed' && credentials) return session.send(body, true);
    throw error;
  });
  const middle = (before + clock.now()) / 2;
  const time = deviceTime(answer);
  // Whole seconds, cut off: half a second more is the best guess.
  return time === undefined ? undefined : Math.round(time + 500 - middle);
}
