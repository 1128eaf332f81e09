import type { CameraLive, LiveChange, LiveHub, RoomLive, WindowLive } from './live.js';
import type { Logger } from './log.js';
import { type EventMs, eventMs } from './time.js';

/** Makes the hub: the newest word on each subject and camera, and the listeners who want every change. */
export function makeLiveHub(log: Logger): LiveHub {
  const windows = new Map<string, WindowLive>();
  const rooms = new Map<string, RoomLive>();
  const cameras = new Map<string, CameraLive>();
  const listeners = new Set<(change: LiveChange) => void>();
  let newest: EventMs = eventMs(0);

  const remember = (change: LiveChange): void => {
    if (change.type === 'window') windows.set(change.window.id, change.window);
    else if (change.type === 'room') rooms.set(change.room.id, change.room);
    else if (change.type === 'camera') cameras.set(change.camera.id, change.camera);
  };

  return {
    snapshot: () => ({
      at: newest,
      windows: [...windows.values()],
      rooms: [...rooms.values()],
      cameras: [...cameras.values()],
    }),
    publish(change, at) {
      if (at > newest) newest = at;
      remember(change);
      for (const listen of listeners) {
        try {
          listen(change);
        } catch (error) {
          log.error({ error: String(error) }, 'a listener of the live hub threw');
        }
      }
    },
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}
