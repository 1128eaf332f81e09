import type { z } from 'zod';
import { cameraId, roomId, windowId } from '../../core/ids.js';
import type { CameraLive, LiveHub, LiveSnapshot, RoomLive, WindowLive } from '../../core/live.js';
import type { cameraLive, roomLive, windowLive } from '../api/contract/live.js';
import type { Hall } from './hall.js';

export type WindowView = z.output<typeof windowLive>;
export type RoomView = z.output<typeof roomLive>;
export type CameraView = z.output<typeof cameraLive>;

/** Live facts with the names the configuration gives. Subjects nothing is known of yet show as unknown. */
export interface LiveView {
  window(live: WindowLive): WindowView;
  room(live: RoomLive): RoomView;
  camera(live: CameraLive): CameraView;
  /** All windows, rooms and cameras of the configuration, in its order. */
  all(): { at: number; windows: WindowView[]; rooms: RoomView[]; cameras: CameraView[] };
}

/** Joins the hub's facts with the configuration. */
export function liveView(hub: Pick<LiveHub, 'snapshot'>, hall: () => Hall): LiveView {
  const window = (live: WindowLive): WindowView => {
    const configured = hall().window(live.id);
    return {
      ...live,
      name: configured?.name ?? live.id,
      department: configured?.department ?? '',
      area: configured?.area ?? '',
      type: configured?.type ?? '',
      camera: configured?.camera ?? '',
      hasCitizenZone: (configured?.citizenZone.length ?? 0) > 0,
    };
  };
  const room = (live: RoomLive): RoomView => {
    const configured = hall().room(live.id);
    return { ...live, name: configured?.name ?? live.id, cameras: configured?.cameras ?? [] };
  };
  const camera = (live: CameraLive): CameraView => ({
    ...live,
    name: hall().camera(live.id)?.name ?? live.id,
    lastFrameAt: live.lastFrameAt ?? null,
    keyframeIntervalS: live.keyframeIntervalS ?? null,
  });
  return {
    window,
    room,
    camera,
    all() {
      const snapshot = complete(hub.snapshot(), hall());
      return {
        at: snapshot.at,
        windows: snapshot.windows.map(window),
        rooms: snapshot.rooms.map(room),
        cameras: snapshot.cameras.map(camera),
      };
    },
  };
}

/** Every configured subject, also one the pipeline has not spoken of: it shows as unknown, never as fine. */
function complete({ at, ...known }: LiveSnapshot, { config }: Hall): LiveSnapshot {
  const windows = new Map(known.windows.map((live) => [live.id as string, live]));
  const rooms = new Map(known.rooms.map((live) => [live.id as string, live]));
  const cameras = new Map(known.cameras.map((live) => [live.id as string, live]));
  const starting = { since: at, reason: 'starting' };
  return {
    at,
    windows: config.windows.map(
      ({ id }) =>
        windows.get(id) ??
        ({
          id: windowId(id),
          state: 'unknown',
          staff: 'unknown',
          citizens: 'unknown',
          ...starting,
        } satisfies WindowLive),
    ),
    rooms: config.rooms.map(
      ({ id }) =>
        rooms.get(id) ??
        ({
          id: roomId(id),
          persons: 'unknown',
          speech: 'off',
          speechReason: 'starting',
          ...starting,
        } satisfies RoomLive),
    ),
    cameras: config.cameras.map(
      ({ id }) =>
        cameras.get(id) ??
        ({
          id: cameraId(id),
          findings: [],
          lastFrameAt: undefined,
          keyframeIntervalS: undefined,
          reconnects: 0,
          dropped: 0,
        } satisfies CameraLive),
    ),
  };
}
