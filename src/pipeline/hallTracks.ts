import { dayOf, midnightOf } from '../core/calendar/localDay.js';
import { type DutySpan, openingHours } from '../core/calendar/openingHours.js';
import type { Config } from '../core/config/schema.js';
import { type WindowId, windowId } from '../core/ids.js';
import { roomRules } from './roomRules.js';
import { roomTrack } from './roomTrack.js';
import type { SubjectTrack } from './subjectTrack.js';
import { windowRules } from './windowRules.js';
import { absenceParametersOf, type WindowTrack, windowTrack } from './windowTrack.js';

export interface HallTracks {
  windows: WindowTrack[];
  rooms: SubjectTrack[];
  all: SubjectTrack[];
}

/**
 * One track for each window and room of the configuration, in its order. `registered` gives what people have filed for
 * a window (standby); without it the configuration alone decides.
 */
export function hallTracks(config: Config, registered: (window: WindowId) => DutySpan[] = () => []): HallTracks {
  const hours = openingHours(config);
  const { timeZone } = config.site;
  const windows = config.windows.map((window) =>
    windowTrack({
      site: config.site.id,
      window,
      parameters: absenceParametersOf(config.rules.absence, window),
      expectedAt: (at) => hours.at(windowId(window.id), at, registered(windowId(window.id))),
      midnightOf: (at) => midnightOf(dayOf(at, timeZone), timeZone),
      attached: windowRules(config, window),
    }),
  );
  const rooms = config.rooms.map((room) => roomTrack(room, roomRules(config, room)));
  return { windows, rooms, all: [...windows, ...rooms] };
}
