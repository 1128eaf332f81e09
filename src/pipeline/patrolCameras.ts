import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import type { CameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { connectOnvif } from '../ingest/onvif/connectOnvif.js';
import { credentialsOf } from './openSinks.js';

/**
 * Turns cameras to their presets over ONVIF. A preset is named by its token or by its name; where two presets share a name
 * the first is taken, as devices do.
 */
export function presetTurner({
  config,
  env,
  clock,
  log,
}: {
  config: Config;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
}) {
  return async (id: CameraId, preset: string, signal: AbortSignal): Promise<void> => {
    const camera = config.cameras.find((candidate) => candidate.id === id);
    if (!camera?.source.startsWith('onvif:')) {
      throw new AppError('unsupported', `camera ${id}: preset ${preset}: its source is not onvif:`, {
        hint: 'give the camera an onvif:// source, or leave the preset out',
      });
    }
    const credentials = credentialsOf(config, camera.credentials, env);
    const device = await connectOnvif({ url: camera.source, credentials, clock, log, signal });
    const presets = await device.presets();
    const found = presets.find(({ token }) => token === preset) ?? presets.find(({ name }) => name === preset);
    if (!found) throw new AppError('not-found', `camera ${id}: no preset ${preset}`);
    await device.gotoPreset(found.token);
  };
}
