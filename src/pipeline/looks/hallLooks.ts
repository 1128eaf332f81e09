import type { WindowConfig } from '../../core/config/schema.js';
import type { Detector } from '../../core/detector.js';
import { type Box, boundsOf, boxHeight, boxWidth, clampBox, type Polygon } from '../../core/geometry.js';
import type { InferencePool } from '../../detectors/inference/pool.js';
import type { ObjectFinder } from '../../detectors/persons/detectObjects.js';
import { areaFinder, liveFinder, roomFinder, SEAT_LOOK } from '../../detectors/persons/finders.js';
import { eachAlone, type RoomFinder } from '../../detectors/roomDetector.js';
import { gatedDetector } from './gatedDetector.js';
import { gatedRoom } from './gatedRoom.js';
import { type LookScheduler, TILE_CELL, TILE_PIXELS } from './lookScheduler.js';
import type { Decision } from './verdict.js';

export type LookPool = Pick<InferencePool, 'objectFinder' | 'mosaicFinder'>;

/** How the pictures of one camera's windows are looked at. */
export interface SeatLook {
  find: ObjectFinder;
  /** The part of the picture that is looked at. */
  region: Box;
  /** Wraps the detector so that it is asked only where something may have changed; live pictures alone. */
  gated(detector: Detector): Detector;
}

/** How a hall looks at its pictures: alone (recordings) or in turns, several windows at once and through a gate (live). */
export interface HallLooks {
  seats(windows: readonly Zones[]): SeatLook;
  /** For one camera. */
  room(): RoomFinder;
}

type Zones = Pick<WindowConfig, 'staffZone' | 'citizenZone'>;

/** A known verdict is verified again after this long, though nothing moved, ms of event time. */
const VERIFY_EVERY_MS = { first: 10_000, longest: 30_000 };
/** The same for rooms, where more people and a smaller part of the picture each leave more to doubt. */
const VERIFY_ROOM_EVERY_MS = { first: 6000, longest: 10_000 };

/** Every look by itself, as soon as it is asked for: the unhurried path of recorded files. */
export function looksAlone(pool: LookPool): HallLooks {
  const whole = liveFinder(pool, SEAT_LOOK);
  return {
    room: () => eachAlone(roomFinder(pool)),
    seats: (windows) => ({
      ...seatLook(windows, { tile: areaFinder(pool, TILE_PIXELS), whole }),
      gated: (detector) => detector,
    }),
  };
}

/** Looks in turn by the scheduler, seats through the gate. `onDecision` hears of each picture of a window's camera. */
export function looksInTurn(
  pool: LookPool,
  scheduler: LookScheduler,
  onDecision: (decision: Decision) => void,
): HallLooks {
  const whole = scheduler.inTurn('seats', liveFinder(pool, SEAT_LOOK));
  const inRooms = scheduler.inTurn('room', roomFinder(pool));
  return {
    room: () => gatedRoom(inRooms, { verifyEveryMs: VERIFY_ROOM_EVERY_MS }),
    seats(windows) {
      const look = seatLook(windows, { tile: scheduler.tile, whole });
      const options = { region: look.region, verifyEveryMs: VERIFY_EVERY_MS, onDecision };
      return { ...look, gated: (detector) => gatedDetector(detector, options) };
    },
  };
}

/** A seat smaller than this in its cell, pixels on its longer side, is looked at in the whole picture instead. */
const LEAST_SEAT = 44;
/** Proportions of a camera's picture: what a fraction of its width is against one of its height. */
const ASPECT = 16 / 9;

function seatLook(
  windows: readonly Zones[],
  finders: { tile: ObjectFinder; whole: ObjectFinder },
): Pick<SeatLook, 'find' | 'region'> {
  const region = around(windows.flatMap(({ staffZone, citizenZone }) => [...staffZone, ...citizenZone]));
  const longer = (box: Box): number => Math.max(boxWidth(box) * ASPECT, boxHeight(box));
  const seats = windows.map(({ staffZone }) => (longer(boundsOf(staffZone)) / longer(region)) * TILE_CELL);
  const find = Math.min(...seats) >= LEAST_SEAT ? finders.tile : finders.whole;
  return { find: (picture, options, signal) => find(picture, { ...options, region }, signal), region };
}

/** Margin around a zone, in its own width and height: a person's box may reach out of it. */
const MARGIN = 0.5;

/** The part of the picture around a zone, fractions. */
export function around(zone: Polygon): Box {
  const box = boundsOf(zone);
  const [x, y] = [boxWidth(box) * MARGIN, boxHeight(box) * MARGIN];
  return clampBox([box[0] - x, box[1] - y, box[2] + x, box[3] + y]);
}
