import type { Detector } from '../core/detector.js';
import type { Polygon } from '../core/geometry.js';
import { cameraId, subjectId } from '../core/ids.js';
import type { LabelledBox, Observation } from '../core/observation.js';
import type { DetectedObject, ObjectFinder } from './persons/detectObjects.js';
import { assignToZones, type Zone } from './persons/zones.js';

/** A window as it is watched; a `WindowConfig` is one. */
export interface WatchedWindow {
  id: string;
  camera: string;
  staffZone: Polygon;
  /** Empty where it is not drawn. */
  citizenZone: Polygon;
}

export interface WindowDetectorOptions {
  /** Camera id. */
  camera: string;
  /** The windows; those of other cameras are left out. */
  windows: readonly WatchedWindow[];
  objects: ObjectFinder;
  /** Least score of a person, 0-1. */
  minScore: number;
}

const PERSON = ['person'];

/**
 * Counts people at the windows of one camera: for each look one `staff` observation a window and, where its citizen zone is
 * drawn, one `citizens` observation, each with the boxes it counted. One look serves all windows, and nobody counts twice.
 */
export function windowDetector({ camera, windows, objects, minScore }: WindowDetectorOptions): Detector {
  const seen = windows.filter((window) => window.camera === camera);
  const zones: Zone[] = seen.flatMap(({ id, staffZone, citizenZone }) => [
    { id: `staff ${id}`, side: 'staff' as const, polygon: staffZone },
    ...(citizenZone.length > 0 ? [{ id: `citizens ${id}`, side: 'citizens' as const, polygon: citizenZone }] : []),
  ]);
  return {
    kind: 'windows',
    async observe(frame, signal) {
      const persons = await objects(frame, { minScore, labels: PERSON }, signal);
      const assigned = assignToZones(persons, zones);
      return zones.map((zone): Observation => {
        const [kind, window] = zone.id.split(' ') as ['staff' | 'citizens', string];
        return countOf(assigned.get(zone.id)!, {
          subject: subjectId(window),
          kind,
          at: frame.at,
          camera: cameraId(camera),
        });
      });
    },
  };
}

/** An observation that counts persons. */
export function countOf(persons: readonly DetectedObject[], facts: Omit<Observation, 'value'>): Observation {
  const boxes: LabelledBox[] = persons.map(({ box, label, score }) => ({ box, label, score }));
  // The count is as sure as its least sure person; nothing is known of how sure an empty place is.
  const score = persons.length > 0 ? { score: Math.min(...persons.map((person) => person.score)) } : {};
  return { ...facts, value: persons.length, boxes, ...score };
}
