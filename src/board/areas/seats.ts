import type { seatRoutes } from '../api/contract/seats.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall } from '../hall/hall.js';
import type { HandlersOf } from '../http/call.js';
import { drawnRooms, rounded } from './drawing.js';

export interface SeatAreaDeps {
  hall: () => Hall;
  configFile: ConfigFile;
}

/** Seats and floor points of evaluation rooms; the configuration file keeps them. */
export function seatArea({ hall, configFile }: SeatAreaDeps): HandlersOf<typeof seatRoutes> {
  const { roomOf, objectOf } = drawnRooms(hall);
  return {
    getSeats: {
      object: objectOf,
      handle({ params }) {
        const room = roomOf(params.id);
        return {
          seats: room.seats,
          floor: room.floor,
          name: room.name ?? room.id,
          camera: room.cameras[0]!,
          minDistance: hall().config.rules.sealedRoom.minDistance,
          etag: configFile.etag(),
        };
      },
    },
    putSeats: {
      object: objectOf,
      handle({ params, body }) {
        const effect = configFile.edit(body.etag, (written) => {
          const path = ['rooms', written.indexOf('rooms', params.id)];
          return [
            { path: [...path, 'seats'], value: body.seats.map((seat) => ({ ...seat, zone: seat.zone.map(rounded) })) },
            { path: [...path, 'floor'], value: body.floor.map(({ at, metres }) => ({ at: rounded(at), metres })) },
          ];
        });
        return { effect };
      },
    },
  };
}
