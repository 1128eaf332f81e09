import type { ConfigPort } from '../board/ports.js';
import type { Config } from '../core/config/schema.js';
import { canonicalJson } from '../core/hash.js';

/**
 * The configuration as the board sees and edits it. What a running hall can take over as it stands (names, shifts, the
 * calendar, the parameters of the absence rule) is handed to `takeOver` and in force at once; cameras, zones and the
 * rest are bound to running sources and wait for a restart, and the board is told so.
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
  const { site, rules, windows, rooms, cameras, schedules: _s, calendar: _c, ...rest } = config;
  return {
    ...rest,
    site: { ...site, name: undefined },
    rules: { ...rules, absence: undefined },
    cameras: cameras.map((camera) => ({ ...camera, name: undefined })),
    rooms: rooms.map((room) => ({ ...room, name: undefined })),
    windows: windows.map(({ rules: own, ...window }) => ({
      ...{ ...window, name: undefined, department: undefined, area: undefined },
      ...{ hours: undefined, lunch: undefined, standby: undefined },
      rules: { ...own, absence: undefined },
    })),
  };
}
