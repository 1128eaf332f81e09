import type { Detector } from '../core/detector.js';
import { boxCentre, containsPoint, type Polygon } from '../core/geometry.js';
import { cameraId, subjectId } from '../core/ids.js';
import type { DetectedObject, ObjectFinder } from './persons/detectObjects.js';
import { upperBody } from './persons/zones.js';
import { countOf } from './windowDetector.js';

/** A room as it is watched; a `RoomConfig` is one. */
export interface WatchedRoom {
  id: string;
  /** Ids of the cameras that see it. */
  cameras: readonly string[];
  /** Part of the picture that is the room; empty means all of it. */
  zone: Polygon;
}

export interface RoomDetectorOptions {
  /** Camera id. */
  camera: string;
  /** The rooms; those that this camera does not see are left out. */
  rooms: readonly WatchedRoom[];
  objects: ObjectFinder;
  /** Least score of a person, 0-1. */
  minScore: number;
}

/** Counts people in the rooms one camera sees: one `persons` observation a room, with the boxes it counted. */
export function roomDetector({ camera, rooms, objects, minScore }: RoomDetectorOptions): Detector {
  const seen = rooms.filter((room) => room.cameras.includes(camera));
  return {
    kind: 'rooms',
    async observe(frame, signal) {
      const persons = await objects(frame, { minScore, labels: ['person'] }, signal);
      return seen.map(({ id, zone }) =>
        countOf(
          persons.filter((person) => isInside(person, zone)),
          { subject: subjectId(id), kind: 'persons', at: frame.at, camera: cameraId(camera) },
        ),
      );
    },
  };
}

/** A person is where the upper body is: feet are often hidden by a table. An empty zone is the whole picture. */
function isInside(person: DetectedObject, zone: Polygon): boolean {
  return zone.length === 0 || containsPoint(zone, boxCentre(upperBody(person.box)));
}
