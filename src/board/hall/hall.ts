import type { CameraConfig, Config, RoomConfig, WindowConfig } from '../../core/config/schema.js';
import { type CameraId, cameraId } from '../../core/ids.js';

/** A window or a room as the board names it. */
export interface Subject {
  id: string;
  kind: 'window' | 'room' | 'unknown';
  name: string;
  department: string;
  area: string;
  cameras: CameraId[];
}

/** Look-ups over one configuration. */
export interface Hall {
  config: Config;
  /** Also answers for a subject that is no longer configured: old incidents name it. */
  subject(id: string): Subject;
  subjects: readonly Subject[];
  window(id: string): WindowConfig | undefined;
  room(id: string): RoomConfig | undefined;
  camera(id: string): CameraConfig | undefined;
  /** Whether an evaluation room is in the camera's picture. */
  seesRoom(camera: string): boolean;
  windowsOf(camera: string): string[];
  roomsOf(camera: string): string[];
}

/** Builds the look-ups of a configuration. */
export function hallOf(config: Config): Hall {
  const windows = config.windows.map(
    (window): Subject => ({
      id: window.id,
      kind: 'window',
      name: window.name ?? window.id,
      department: window.department,
      area: window.area,
      cameras: [cameraId(window.camera)],
    }),
  );
  const rooms = config.rooms.map(
    (room): Subject => ({
      id: room.id,
      kind: 'room',
      name: room.name ?? room.id,
      department: '',
      area: '',
      cameras: room.cameras.map(cameraId),
    }),
  );
  const byId = new Map([...windows, ...rooms].map((subject) => [subject.id, subject]));
  const windowById = new Map(config.windows.map((window) => [window.id, window]));
  const roomById = new Map(config.rooms.map((room) => [room.id, room]));
  const cameras = new Map(config.cameras.map((camera) => [camera.id, camera]));
  const idsSeeing = (subjects: Subject[], camera: string): string[] =>
    subjects.filter((subject) => subject.cameras.some((seen) => seen === camera)).map((subject) => subject.id);
  return {
    config,
    subjects: [...windows, ...rooms],
    subject: (id) => byId.get(id) ?? { id, kind: 'unknown', name: id, department: '', area: '', cameras: [] },
    window: (id) => windowById.get(id),
    room: (id) => roomById.get(id),
    camera: (id) => cameras.get(id),
    seesRoom: (camera) => idsSeeing(rooms, camera).length > 0,
    windowsOf: (camera) => idsSeeing(windows, camera),
    roomsOf: (camera) => idsSeeing(rooms, camera),
  };
}

/** The look-ups of the configuration in force, built anew when it changes. */
export function currentHall(config: { current(): Config }): () => Hall {
  let hall = hallOf(config.current());
  return () => {
    const now = config.current();
    if (now !== hall.config) hall = hallOf(now);
    return hall;
  };
}
