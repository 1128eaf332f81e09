import type { Config, WindowConfig } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import type { Frame } from '../core/frame.js';
import { type Box, boundsOf, boxHeight, boxWidth, clampBox, type Polygon } from '../core/geometry.js';
import type { CameraId, SubjectId } from '../core/ids.js';
import type { Observation } from '../core/observation.js';
import type { ObjectFinder } from '../detectors/persons/detectObjects.js';
import { type FinderPool, liveFinder, ROOM_LOOK, SEAT_LOOK, stillFinder } from '../detectors/persons/finders.js';
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
  const seats = liveFinder(pool, SEAT_LOOK);
  const rooms = liveFinder(pool, ROOM_LOOK);
  const still = stillFinder(pool);

  return {
    detectorsOf(camera) {
      const detectors: Detector[] = [];
      if (config.windows.some((window) => window.camera === camera && watched(window))) {
        const windows = config.windows.filter(watched);
        detectors.push(windowDetector({ camera, windows, objects: seats, minScore }));
      }
      if (config.rooms.some((room) => room.cameras.includes(camera))) {
        detectors.push(roomDetector({ camera, rooms: config.rooms, objects: rooms, minScore }));
      }
      return detectors;
    },
    async confirm(subject, frame, signal) {
      const window = config.windows.find((candidate) => candidate.id === subject);
      if (!window || !watched(window)) return [];
      const objects: ObjectFinder = (picture, options, stop) =>
        still(picture, { ...options, region: around(window.staffZone) }, stop);
      const windows = config.windows.filter(watched);
      const detector = windowDetector({ camera: window.camera, windows, objects, minScore });
      const seen = await detector.observe(frame, signal);
      return seen.filter((observation) => observation.subject === subject && observation.kind === 'staff');
    },
  };
}

/** A window whose staff zone is not drawn yet cannot be judged: it stays unknown. */
const watched = (window: WindowConfig): boolean => window.staffZone.length > 0;

/** Margin around a zone, in its own width and height: a person's box may reach out of it. */
const MARGIN = 0.5;

function around(zone: Polygon): Box {
  const box = boundsOf(zone);
  const [x, y] = [boxWidth(box) * MARGIN, boxHeight(box) * MARGIN];
  return clampBox([box[0] - x, box[1] - y, box[2] + x, box[3] + y]);
}
