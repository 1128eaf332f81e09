import type { Detector } from '../core/detector.js';
import type { Frame } from '../core/frame.js';
import { boxCentre, containsPoint, type Polygon } from '../core/geometry.js';
import { cameraId, subjectId } from '../core/ids.js';
import type { Observation } from '../core/observation.js';
import type { EventMs } from '../core/time.js';
import type { DetectedObject, DetectOptions, ObjectFinder } from './persons/detectObjects.js';
import { upperBody } from './persons/zones.js';
import { phonesInUse } from './rules/phone.js';
import type { PersonWatch } from './sealed/personWatch.js';
import { packSighting } from './sealed/roomPersons.js';
import { countOf } from './windowDetector.js';

/** A room as it is watched; a `RoomConfig` is one. */
export interface WatchedRoom {
  id: string;
  /** Ids of the cameras that see it. */
  cameras: readonly string[];
  /** Part of the picture that is the room; empty means all of it. */
  zone: Polygon;
}

/** What was found in a picture of a room, and when it was found where that was in an earlier one. */
export interface RoomView {
  objects: readonly DetectedObject[];
  verifiedAt?: EventMs;
}

/** How the pictures of one camera are looked at. Options as for an `ObjectFinder`; `sureScore`: the least score that counts. */
export type RoomFinder = (frame: Frame, options: RoomFinderOptions, signal?: AbortSignal) => Promise<RoomView>;
export type RoomFinderOptions = DetectOptions & { sureScore: number };

/** Each picture looked at by itself. */
export const eachAlone =
  (find: ObjectFinder): RoomFinder =>
  async (frame, { sureScore: _, ...options }, signal) => ({ objects: await find(frame, options, signal) });

export interface RoomDetectorOptions {
  /** Camera id. */
  camera: string;
  /** The rooms; those that this camera does not see are left out. */
  rooms: readonly WatchedRoom[];
  find: RoomFinder;
  /** Least score of a person, 0-1. */
  minScore: number;
  /** Follows the persons of a room; without it they are counted alone. */
  watchOf?(room: string): PersonWatch;
}

/**
 * A person who is followed already is followed on from this share of `minScore`: ByteTrack's second stage. Such looks are not
 * counted: by measurement (README) they are as often a coat on a chair.
 */
const WEAK_SHARE = 0.6;
const WATCHED = ['person', 'cell phone'];

/**
 * Counts people in the rooms one camera sees: one `persons` observation a room, with the boxes it counted and, where they are
 * followed, `packSighting` as its facts. Looks may be under way at once; each waits for the one before it where it matters,
 * so that following is the same however many are.
 */
export function roomDetector(options: RoomDetectorOptions): Detector {
  const { camera, rooms, find, minScore, watchOf } = options;
  const seen = rooms
    .filter((room) => room.cameras.includes(camera))
    .map((room) => ({ ...room, watch: watchOf?.(room.id) }));
  const inTurn = turns();
  const counted = (persons: DetectedObject[], room: WatchedRoom, at: EventMs): Observation =>
    countOf(persons, { subject: subjectId(room.id), kind: 'persons', at, camera: cameraId(camera) });

  const watched = async (frame: Frame, view: RoomView, signal: AbortSignal): Promise<Observation[]> => {
    const { objects: found, verifiedAt } = view;
    const age = verifiedAt === undefined ? {} : { verifiedAt };
    const observations: Observation[] = [];
    for (const { watch, ...room } of seen) {
      const persons = found.filter((object) => object.label === 'person' && isInside(object, room.zone));
      const sure = persons.filter(({ score }) => score >= minScore);
      if (!watch) {
        observations.push({ ...counted(sure, room, frame.at), ...age });
        continue;
      }
      const phones = phonesInUse(
        found.flatMap(({ label, score, box }) => (label === 'cell phone' && score >= minScore ? [box] : [])),
        sure.map(({ box }) => box),
      );
      const sighting = await watch.look({ at: frame.at, picture: frame, persons, phones }, signal);
      observations.push({ ...counted(sure, room, frame.at), ...age, facts: packSighting(sighting) });
    }
    return observations;
  };

  return {
    kind: 'rooms',
    async observe(frame, signal) {
      const follows = seen.some(({ watch }) => watch);
      const wanted = { minScore: follows ? minScore * WEAK_SHARE : minScore, labels: follows ? WATCHED : ['person'] };
      const look = find(frame, { ...wanted, sureScore: minScore }, signal);
      return inTurn(look, (view) => watched(frame, view, signal));
    },
  };
}

/** Runs the second parts of looks one after the other, in the order in which they were asked for. */
function turns() {
  let last: Promise<unknown> = Promise.resolve();
  return <A, B>(first: Promise<A>, then: (value: A) => Promise<B>): Promise<B> => {
    const before = last;
    const mine = first.then(
      async (value) => {
        await before;
        return then(value);
      },
      async (error) => {
        await before;
        throw error;
      },
    );
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** A person is where the upper body is: feet are often hidden by a table. An empty zone is the whole picture. */
function isInside(person: DetectedObject, zone: Polygon): boolean {
  return zone.length === 0 || containsPoint(zone, boxCentre(upperBody(person.box)));
}
