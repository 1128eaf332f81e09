import type { ConfigPort } from '../board/ports.js';
import type { Config } from '../core/config/schema.js';
import { canonicalJson } from '../core/hash.js';
import { heardCameras, isPlayed } from './runningConfig.js';

/**
 * The configuration as the board sees and edits it. What a running hall can take over (names, shifts, the calendar, the
 * parameters of the absence rule and of the sign-in, zones, cameras, patrols) is handed to `takeOver` and in force at once; the rest is bound to what
 * was opened at the start and waits for a restart, and the board is told so.
 */
export function boardConfig(initial: Config, file: string | undefined, takeOver: (next: Config) => void): ConfigPort {
  let edited = initial;
  return {
    current: () => edited,
    file,
    apply(next) {
      const before = edited;
      edited = next;
      takeOver(next);
      return canonicalJson(boundPart(before)) === canonicalJson(boundPart(next)) ? 'reloaded' : 'restart-needed';
    },
  };
}

/** What only a restart changes: the configuration without the parts that are taken over while it runs. */
function boundPart(config: Config): unknown {
  const {
    site,
    rules,
    windows,
    rooms,
    cameras,
    credentials,
    schedules: _s,
    calendar: _c,
    patrols: _p,
    ...rest
  } = config;
  const heard = heardCameras(config);
  const bound = cameras.filter((camera) => isPlayed(camera) || heard.has(camera.id));
  const accounts = [config.mqtt.credentials, config.influx?.credentials, ...bound.map((camera) => camera.credentials)];
  return {
    ...rest,
    site: { ...site, name: undefined },
    rules: { ...rules, absence: undefined, signIn: undefined },
    cameras: bound.map((camera) => ({ ...camera, name: undefined })),
    credentials: accounts.map((name) => (name === undefined ? undefined : credentials[name])),
    rooms: rooms.map((room) => ({ ...room, name: undefined, zone: undefined })),
    windows: windows.map(({ rules: own, ...window }) => ({
      ...{ ...window, name: undefined, department: undefined, area: undefined },
      ...{ hours: undefined, lunch: undefined, standby: undefined },
      ...{ staffZone: undefined, citizenZone: undefined, deskZone: undefined },
      rules: { ...own, absence: undefined },
    })),
  };
}
