import type { Polygon } from '../../core/geometry.js';
import { COUNTER_TOP, ROOM_DOOR_X, ROOM_SEATS, TABLE_TOP, WINDOW_WIDTH, windowLeft } from './art/furniture.js';
import type { Pose } from './art/people.js';
import { SCENE_HEIGHT, SCENE_WIDTH } from './art/svg.js';

/**
 * Places in a scene, scene pixels. Size and place of a clerk are measured: in a look 384 pixels wide the network finds
 * each clerk once, at 0.4 and more; a little larger and it takes the trunk for a second person.
 */
export const clerkPose = (slot: number, lean: number): Pose => ({
  x: windowLeft(slot) + 240,
  y: COUNTER_TOP + 8,
  scale: 0.82,
  lean,
});

export const citizenPose = (slot: number, lean: number): Pose => ({
  x: windowLeft(slot) + 78,
  y: SCENE_HEIGHT - 12,
  scale: 0.74,
  lean,
});

export const cupPlace = (slot: number, aside = false) => ({
  x: windowLeft(slot) + (aside ? 356 : 196),
  y: COUNTER_TOP + 46,
});
export const bagPlace = (slot: number) => ({ x: windowLeft(slot) + 328, y: COUNTER_TOP + 34 });
export const papersPlace = (slot: number) => ({ x: windowLeft(slot) + 244, y: COUNTER_TOP + 28 });

export const expertPose = (seat: number, lean: number): Pose => ({
  x: ROOM_SEATS[seat]!,
  y: TABLE_TOP + 8,
  scale: 1.1,
  lean,
});

export const doorPose = (lean: number): Pose => ({ x: ROOM_DOOR_X, y: SCENE_HEIGHT - 30, scale: 0.95, lean });

const rectangle = (x1: number, y1: number, x2: number, y2: number): Polygon =>
  [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ].map(([x, y]) => [Math.round((x! / SCENE_WIDTH) * 1000) / 1000, Math.round((y! / SCENE_HEIGHT) * 1000) / 1000]);

/** Zones that fit the drawing of window `slot` (0 to 2), fractions of the picture, for a configuration. */
export function windowZones(slot: number): { staffZone: Polygon; citizenZone: Polygon; deskZone: Polygon } {
  const left = windowLeft(slot);
  const right = left + WINDOW_WIDTH;
  return {
    staffZone: rectangle(left + 130, 96, right - 8, COUNTER_TOP),
    citizenZone: rectangle(Math.max(0, left - 16), 296, left + 176, SCENE_HEIGHT),
    deskZone: rectangle(left + 120, COUNTER_TOP - 8, right, COUNTER_TOP + 54),
  };
}
