import { type RoomId, roomId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import type { roomRoutes } from '../api/contract/rooms.js';
import type { Hall } from '../hall/hall.js';
import type { LiveView, RoomView } from '../hall/liveView.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { RoomsPort } from '../ports.js';

export interface RoomAreaDeps {
  hall: () => Hall;
  liveView: LiveView;
  rooms: RoomsPort;
}

type Section<T> = { state: 'ready'; data: T } | { state: 'unavailable'; reason: string };

/** A part that another component supplies, or the honest word that it does not. */
const section = <T>(read: (() => T) | undefined, reason: string): Section<T> =>
  read ? { state: 'ready', data: read() } : { state: 'unavailable', reason };

const DAY_MS = 86_400_000;

/** Evaluation rooms: what is known of session, roster, entries and speech. */
export function roomArea({ hall, liveView, rooms }: RoomAreaDeps): HandlersOf<typeof roomRoutes> {
  const objectOf = ({ id }: { id: string }) => {
    if (!hall().room(id)) throw new ApiError('not-found');
    return { kind: 'subject', id, subjectKind: 'room' } as const;
  };
  const roomView = (id: string): RoomView => liveView.all().rooms.find((room) => room.id === id)!;
  const bound = <T>(read: ((room: RoomId) => T) | undefined, id: string): (() => T) | undefined =>
    read && (() => read(roomId(id)));
  const sessionOf = (id: string) => section(bound(rooms.session, id), 'no-room-sessions');
  const spanOf = ({ from, to }: { from?: number | undefined; to?: number | undefined }) => {
    const end = to ?? liveView.all().at;
    return { from: eventMs(from ?? end - DAY_MS), to: eventMs(end) };
  };

  return {
    listRooms: {
      handle: () => ({ items: liveView.all().rooms.map((room) => ({ room, session: sessionOf(room.id) })) }),
    },
    getRoom: {
      object: objectOf,
      handle: ({ params: { id } }) => ({
        room: roomView(id),
        session: sessionOf(id),
        roster: section(bound(rooms.roster, id), 'no-roster'),
        entries: section(bound(rooms.entries, id), 'no-entries'),
      }),
    },
    getTranscript: {
      object: objectOf,
      handle({ params: { id }, query }) {
        const { from, to } = spanOf(query);
        const { transcript } = rooms;
        const reason = roomView(id).speechReason ?? 'no-transcript';
        return section(transcript && (() => transcript(roomId(id), from, to)), reason);
      },
    },
    getWordHits: {
      object: objectOf,
      handle({ params: { id }, query }) {
        const { from, to } = spanOf(query);
        const { hits } = rooms;
        return section(hits && (() => hits(roomId(id), from, to)), roomView(id).speechReason ?? 'no-word-list');
      },
    },
    getWords: { handle: () => section(rooms.words, 'no-word-list') },
  };
}
