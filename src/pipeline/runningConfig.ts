import type { CameraConfig, Config } from '../core/config/schema.js';
import { canonicalJson } from '../core/hash.js';

/** What of the hall an edit moves while it runs. */
export interface HallChange {
  /** Cameras that are no longer what they were, or no longer there. */
  closed: string[];
  /** Cameras that are new, or to be opened anew. */
  opened: CameraConfig[];
  /** Windows and rooms whose zones were redrawn, with the cameras that see them. */
  redrawn: Array<{ subject: string; cameras: readonly string[]; desk: boolean }>;
}

/**
 * The configuration as the parts of a running hall read it, changed in place by `takeUp`: cameras, their passwords, the
 * zones and the patrols, which are read when they are needed. Everything else in it stays as it was at the start.
 */
export const runningConfig = (config: Config): Config => ({ ...config });

/** Takes cameras and zones of an edited configuration over, and says what that moves. */
export function takeUp(running: Config, next: Config): HallChange {
  const change = changeBetween(running, next);
  const windows = new Map(next.windows.map((window) => [window.id, window]));
  const rooms = new Map(next.rooms.map((room) => [room.id, room]));
  Object.assign(running, {
    cameras: next.cameras,
    credentials: next.credentials,
    patrols: next.patrols,
    windows: running.windows.map((window) => {
      const { staffZone, citizenZone, deskZone } = windows.get(window.id) ?? window;
      return { ...window, staffZone, citizenZone, deskZone };
    }),
    rooms: running.rooms.map((room) => ({ ...room, zone: rooms.get(room.id)?.zone ?? room.zone })),
  } satisfies Partial<Config>);
  return change;
}

/** A simulated camera plays the one script of its hall from the start on: it cannot come or go while the hall runs. */
export const isPlayed = ({ source }: Pick<CameraConfig, 'source'>): boolean => source.startsWith('sim:');

/** Cameras whose sound is listened to: that connection lasts from start to end. */
export function heardCameras({ rooms, windows }: Pick<Config, 'rooms' | 'windows'>): ReadonlySet<string> {
  const ofRooms = rooms.flatMap(({ audio, microphone, cameras }) => {
    if (audio === undefined && microphone === undefined) return [];
    return [audio ?? cameras[0]!];
  });
  return new Set([...ofRooms, ...windows.flatMap(({ audio }) => audio ?? [])]);
}

function changeBetween(before: Config, next: Config): HallChange {
  const known = new Map(before.cameras.map((camera) => [camera.id, camera]));
  const kept = new Set(
    next.cameras
      .filter((camera) => known.has(camera.id) && same(before, known.get(camera.id)!, next, camera))
      .map(({ id }) => id),
  );
  const live = (camera: CameraConfig): boolean => !kept.has(camera.id) && !isPlayed(camera);
  const zonesOf = new Map(next.windows.map(({ id, ...window }) => [id, zones(window)]));
  const roomZones = new Map(next.rooms.map(({ id, zone }) => [id, canonicalJson(zone)]));
  return {
    closed: before.cameras.filter(live).map(({ id }) => id),
    opened: next.cameras.filter(live),
    redrawn: [
      ...before.windows
        .filter((window) => zonesOf.has(window.id) && zonesOf.get(window.id) !== zones(window))
        .map(({ id, camera, deskZone }) => {
          const drawn = next.windows.find((window) => window.id === id)!.deskZone;
          return { subject: id, cameras: [camera], desk: canonicalJson(deskZone) !== canonicalJson(drawn) };
        }),
      ...before.rooms
        .filter(({ id, zone }) => roomZones.has(id) && roomZones.get(id) !== canonicalJson(zone))
        .map(({ id, cameras }) => ({ subject: id, cameras, desk: false })),
    ],
  };
}

const zones = ({
  staffZone,
  citizenZone,
  deskZone,
}: Pick<Config['windows'][number], 'staffZone' | 'citizenZone' | 'deskZone'>) =>
  canonicalJson([staffZone, citizenZone, deskZone]);

/** The same camera under the same password; its name is only for people. */
function same(before: Config, camera: CameraConfig, next: Config, changed: CameraConfig): boolean {
  const facts = (config: Config, one: CameraConfig) =>
    canonicalJson([{ ...one, name: null }, config.credentials[one.credentials ?? ''] ?? null]);
  return facts(before, camera) === facts(next, changed);
}
