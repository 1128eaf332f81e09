import type { roomAreaRoutes } from '../api/contract/roomAreas.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall } from '../hall/hall.js';
import type { HandlersOf } from '../http/call.js';
import { drawnRooms, rounded } from './drawing.js';

export interface RoomAreaDeps {
  hall: () => Hall;
  configFile: ConfigFile;
}

/** The graph of a sealed area: doors, rooms, corridors, lounges. The configuration file keeps it, and its loader checks it. */
export function roomAreasArea({ hall, configFile }: RoomAreaDeps): HandlersOf<typeof roomAreaRoutes> {
  const { roomOf, objectOf } = drawnRooms(hall);
  return {
    getRoomAreas: {
      object: objectOf,
      handle({ params }) {
        const room = roomOf(params.id);
        const { cameras, rules } = hall().config;
        return {
          areas: room.areas,
          name: room.name ?? room.id,
          cameras: room.cameras.map((id) => ({ id, name: cameras.find((camera) => camera.id === id)?.name ?? id })),
          leftAfterS: rules.sealedRoom.leftAfter / 1000,
          stayForS: rules.sealedRoom.stayFor / 1000,
          etag: configFile.etag(),
        };
      },
    },
    putRoomAreas: {
      object: objectOf,
      handle({ params, body }) {
        const effect = configFile.edit(body.etag, (written) => [
          {
            path: ['rooms', written.indexOf('rooms', params.id), 'areas'],
            value: body.areas.map((area) => ({ ...area, zone: area.zone.map(rounded) })),
          },
        ]);
        return { effect };
      },
    },
  };
}
