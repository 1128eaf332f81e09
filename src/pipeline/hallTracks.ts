import { dayOf, midnightOf } from '../core/calendar/localDay.js';
import { type DutySpan, openingHours } from '../core/calendar/openingHours.js';
import type { Config, WindowConfig } from '../core/config/schema.js';
import { type WindowId, windowId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import { type EventMs, eventMs } from '../core/time.js';
import { deskWindow } from './deskWindow.js';
import { roomRules } from './roomRules.js';
import { roomTrack } from './roomTrack.js';
import type { SealedRoomDeps } from './sealedRoomRule.js';
import type { SessionHooks } from './serviceWindow.js';
import type { SubjectTrack } from './subjectTrack.js';
import { windowRules } from './windowRules.js';
import { absenceParametersOf, type WindowTrack, windowTrack } from './windowTrack.js';

export interface HallTracks {
  windows: WindowTrack[];
  rooms: SubjectTrack[];
  all: SubjectTrack[];
  /** Goes on under the parameters, shifts and calendar of another configuration of the same windows. */
  change(next: Config): void;
  /** Goes on by a window's zones as they are drawn now; returns the steps of a rule that lost its zone. */
  redraw(window: WindowConfig, at: EventMs): { track: WindowTrack; steps: AlertStep[] } | undefined;
}

/**
 * One track for each window and room of the configuration, in its order. `registered` gives what people have filed for
 * a window (standby); without it the configuration alone decides. `sealed` gives the evaluations of the rooms; without it rooms
 * are counted and not judged. It also takes the service sessions of the windows.
 */
export function hallTracks(
  config: Config,
  registered: (window: WindowId) => DutySpan[] = () => [],
  sealed?: SealedRoomDeps & SessionHooks,
): HallTracks {
  const localMidnight = rememberedMidnight(config.site.timeZone);
  const judgedBy = (by: Config) => {
    const hours = openingHours(by);
    return (window: WindowConfig) => ({
      parameters: absenceParametersOf(by.rules.absence, window),
      expectedAt: (at: EventMs) => hours.at(windowId(window.id), at, registered(windowId(window.id))),
    });
  };
  const first = judgedBy(config);
  const windows = config.windows.map((window) =>
    windowTrack({
      site: config.site.id,
      window,
      ...first(window),
      midnightOf: localMidnight,
      attached: windowRules(config, window, sealed),
    }),
  );
  const rooms = config.rooms.map((room) => roomTrack(room, roomRules(config, room, sealed)));
  return {
    ...{ windows, rooms, all: [...windows, ...rooms] },
    change(next) {
      const now = judgedBy(next);
      for (const track of windows) {
        const window = next.windows.find(({ id }) => id === track.subject);
        if (window) track.change(now(window));
      }
    },
    redraw(window, at) {
      const track = windows.find(({ subject }) => subject === window.id);
      return track && { track, steps: track.redraw(window, at, deskWindow(config, window)) };
    },
  };
}

/** A local day lasts 23 hours at least: within them midnight is the same, and asking the calendar again costs 10 us a second and window. */
const SAME_DAY_MS = 23 * 3_600_000;

function rememberedMidnight(timeZone: string): (at: EventMs) => EventMs {
  let midnight = eventMs(Number.NEGATIVE_INFINITY);
  return (at) => {
    if (at < midnight || at - midnight >= SAME_DAY_MS) midnight = midnightOf(dayOf(at, timeZone), timeZone);
    return midnight;
  };
}
