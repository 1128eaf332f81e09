import { AppError } from '../../core/errors.js';
import type { OnvifProfile } from './profiles.js';
import { type Preset, presetsOf } from './replies.js';
import type { OnvifSession } from './session.js';
import { xmlText } from './xml.js';

export interface Ptz {
  /** Positions it can turn to, at most 256; empty for a fixed camera. @throws AppError as `connectOnvif` */
  presets(): Promise<Preset[]>;
  /** Turns to a preset by its token. @throws AppError `unsupported` for a fixed camera, else as `connectOnvif` */
  gotoPreset(token: string): Promise<void>;
}

/** The movements of the device that has `shown` among its profiles. */
export function ptzOf(session: OnvifSession, profiles: readonly OnvifProfile[], shown: OnvifProfile): Ptz {
  const profile = profiles.find(({ ptz, source }) => ptz && source === shown.source);
  const profileToken = profile && xmlText(profile.token);
  return {
    async presets() {
      if (profileToken === undefined) return [];
      return await session.ask(
        'GetPresets',
        (cam, done) => cam.getPresets({ profileToken }, done),
        (_, body) => presetsOf(body),
      );
    },
    async gotoPreset(token) {
      if (profileToken === undefined)
        throw new AppError('unsupported', 'ONVIF preset: on a fixed camera: it cannot turn');
      const setup = { profileToken, preset: xmlText(token) };
      await session.ask(
        'GotoPreset',
        (cam, done) => cam.gotoPreset(setup, done),
        () => undefined,
      );
    },
  };
}
