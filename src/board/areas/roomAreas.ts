import type { RoomConfig } from '../../core/config/schema.js';
import type { Point } from '../../core/geometry.js';
import type { roomAreaRoutes } from '../api/contract/roomAreas.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';

export interface RoomAreaDeps {
  hall: () => Hall;
  configFile: ConfigFile;
}

/** The graph of a sealed area: doors, rooms, corridors, lounges. The configuration file keeps it, and its loader checks it. */
export function roomAreasArea({ hall, configFile }: RoomAreaDeps): HandlersOf<typeof roomAreaRoutes> {
  const roomOf = (id: string): RoomConfig => {
    const room = hall().room(id);
    if (!room) throw new ApiError('not-found');
    return room;
  };
  const objectOf = ({ id }: { id: string }) => ({ kind: 'subject', id: roomOf(id).id, subjectKind: 'room' }) as const;
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

/** Four digits are a fifth of a pixel at 1920: enough, and readable in the file. */
const rounded = ([x, y]: Point): Point => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4];
