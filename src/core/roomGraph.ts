import { type Box, boxHeight, containsPoint, type Point, type Polygon, shareInside } from './geometry.js';

/** A part of the sealed area as the configuration draws it. */
export interface RoomArea {
  id: string;
  kind: 'door' | 'room' | 'corridor' | 'lounge';
  camera: string;
  /** Fractions of the picture; empty means all of it. */
  zone: Polygon;
  /** Ids of the areas one can walk into from here. */
  to: readonly string[];
}

/** Areas of one room and how they connect. Lounges, toilets and canteens in it are inside. */
export interface RoomGraph {
  areas: readonly RoomArea[];
  /** Whether a camera's picture has a door drawn in it: only then is coming and going known rather than presumed. */
  hasDoor(camera: string): boolean;
  /** Where a person's box is; undefined where no area holds it. A door comes first: who stands in one is in the doorway. */
  placeOf(camera: string, box: Box): RoomArea | undefined;
  /** What lies behind a door, seen from its own camera: an inside area that another camera sees, or `outside`. */
  behind(door: RoomArea): string;
  /** Whether a camera sees side areas alone (corridor, lounge): those in it are not those in the room. */
  isSide(camera: string): boolean;
}

export const OUTSIDE = 'outside';

/** A person stands where the feet are; of somebody half hidden the box's lower end is the best that is known. */
const footOf = (box: Box): Point => [(box[0] + box[2]) / 2, box[3] - boxHeight(box) * 0.05];
/** Least share of a box in a doorway that is drawn around the whole door rather than on the floor. */
const IN_DOORWAY = 0.5;

/** Makes the graph. */
export function roomGraph(areas: readonly RoomArea[]): RoomGraph {
  const of = (camera: string): RoomArea[] => areas.filter((area) => area.camera === camera);
  const isDoor = ({ kind }: RoomArea): boolean => kind === 'door';
  return {
    areas,
    hasDoor: (camera) => of(camera).some(isDoor),
    placeOf(camera, box) {
      const own = of(camera);
      const foot = footOf(box);
      const doors = own.filter(isDoor);
      const held = (area: RoomArea): boolean => area.zone.length === 0 || containsPoint(area.zone, foot);
      const inDoor = doors.find((door) => held(door) || shareInside(box, door.zone) >= IN_DOORWAY);
      return inDoor ?? own.filter((area) => !isDoor(area)).find(held);
    },
    behind(door) {
      const inner = areas.find(
        ({ id, kind, camera }) => door.to.includes(id) && kind !== 'door' && camera !== door.camera,
      );
      return inner?.id ?? OUTSIDE;
    },
    isSide(camera) {
      const rooms = of(camera).filter((area) => !isDoor(area));
      return rooms.length > 0 && rooms.every(({ kind }) => kind !== 'room');
    },
  };
}
