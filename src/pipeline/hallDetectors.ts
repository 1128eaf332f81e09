import type { Config, WindowConfig } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import type { Frame } from '../core/frame.js';
import { type Box, boundsOf, boxHeight, boxWidth, clampBox, type Polygon } from '../core/geometry.js';
import type { CameraId, SubjectId } from '../core/ids.js';
import type { Observation } from '../core/observation.js';
import type { ObjectFinder } from '../detectors/persons/detectObjects.js';
import {
  type FinderPool,
  liveFinder,
  ROOM_LOOK,
  SEAT_LOOK,
  SEAT_PART_LOOK,
  stillFinder,
} from '../detectors/persons/finders.js';
import { roomDetector } from '../detectors/roomDetector.js';
import { windowDetector } from '../detectors/windowDetector.js';

export interface HallDetectors {
  /** What looks at a camera's pictures; empty where no window and no room uses it. */
  detectorsOf(camera: CameraId): Detector[];
  /** A thorough second look at one window, for the moment before an incident opens. */
  confirm(subject: SubjectId, frame: Frame, signal: AbortSignal): Promise<Observation[]>;
}

/** Seats and rooms want different input sizes; the second look takes its time. */
export function hallDetectors(config: Config, pool: FinderPool): HallDetectors {
  const { minScore } = config.inference;
  const finders = {
    whole: liveFinder(pool, SEAT_LOOK),
    part: liveFinder(pool, SEAT_PART_LOOK),
    rooms: liveFinder(pool, ROOM_LOOK),
  };
  const still = stillFinder(pool);
  const windows = config.windows.filter(watched);

  return {
    detectorsOf(camera) {
      const detectors: Detector[] = [];
      const own = windows.filter((window) => window.camera === camera);
      if (own.length > 0) {
        const region = around(own.flatMap(({ staffZone, citizenZone }) => [...staffZone, ...citizenZone]));
        const find = boxWidth(region) > WHOLE_SHARE ? finders.whole : finders.part;
        detectors.push(windowDetector({ camera, windows, objects: within(find, region), minScore }));
      }
      if (config.rooms.some((room) => room.cameras.includes(camera))) {
        detectors.push(roomDetector({ camera, rooms: config.rooms, objects: finders.rooms, minScore }));
      }
      return detectors;
    },
    async confirm(subject, frame, signal) {
      const window = windows.find((candidate) => candidate.id === subject);
      if (!window) return [];
      const objects = within(still, around(window.staffZone));
      const detector = windowDetector({ camera: window.camera, windows, objects, minScore });
      const seen = await detector.observe(frame, signal);
      return seen.filter((observation) => observation.subject === subject && observation.kind === 'staff');
    },
  };
}

/** A finder that looks at a part of the picture alone. */
const within =
  (find: ObjectFinder, region: Box): ObjectFinder =>
  (picture, options, signal) =>
    find(picture, { ...options, region }, signal);

/** A window whose staff zone is not drawn yet cannot be judged: it stays unknown. */
const watched = (window: WindowConfig): boolean => window.staffZone.length > 0;

/** Wider than this share of the picture, a part saves nothing. */
const WHOLE_SHARE = 0.6;
/** Margin around a zone, in its own width and height: a person's box may reach out of it. */
const MARGIN = 0.5;

function around(zone: Polygon): Box {
  const box = boundsOf(zone);
  const [x, y] = [boxWidth(box) * MARGIN, boxHeight(box) * MARGIN];
  return clampBox([box[0] - x, box[1] - y, box[2] + x, box[3] + y]);
}
