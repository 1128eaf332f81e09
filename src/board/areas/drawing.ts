import type { RoomConfig } from '../../core/config/schema.js';
import type { Point } from '../../core/geometry.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';

/** The evaluation room a route is about, for its handler and as the object of its policy. @throws ApiError `not-found` */
export function drawnRooms(hall: () => Hall) {
  const roomOf = (id: string): RoomConfig => {
    const room = hall().room(id);
    if (!room) throw new ApiError('not-found');
    return room;
  };
  const objectOf = ({ id }: { id: string }) => ({ kind: 'subject', id: roomOf(id).id, subjectKind: 'room' }) as const;
  return { roomOf, objectOf };
}

/** Four digits are a fifth of a pixel at 1920: enough, and readable in the file. */
export const rounded = ([x, y]: readonly [number, number]): Point => [
  Math.round(x * 1e4) / 1e4,
  Math.round(y * 1e4) / 1e4,
];
