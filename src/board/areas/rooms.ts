import { type RoomId, roomId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import type { roomRoutes } from '../api/contract/rooms.js';
import type { Hall } from '../hall/hall.js';
import type { LiveView, RoomView } from '../hall/liveView.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { RoomsPort } from '../roomPorts.js';
import type { RoomSpeech } from '../speech/roomSpeech.js';

export interface RoomAreaDeps {
  hall: () => Hall;
  liveView: LiveView;
  rooms: RoomsPort;
  speech: RoomSpeech;
}

type Section<T> = { state: 'ready'; data: T } | { state: 'unavailable'; reason: string };

/** A part that another component supplies, or the honest word that it does not. */
const section = <T>(read: (() => T) | undefined, reason: string): Section<T> =>
  read ? { state: 'ready', data: read() } : { state: 'unavailable', reason };

const DAY_MS = 86_400_000;

/** Evaluation rooms: what is known of session, roster, entries and speech. */
export function roomArea({ hall, liveView, rooms, speech }: RoomAreaDeps): HandlersOf<typeof roomRoutes> {
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

  /** Nothing said while nobody listened is no empty list: the page says that nobody listened. */
  const spoken = <T>(id: string, data: T[]): Section<T[]> => {
    const { speech: state, speechReason } = roomView(id);
    return data.length === 0 && state === 'off'
      ? { state: 'unavailable', reason: speechReason ?? 'no-transcript' }
      : { state: 'ready', data };
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
        return spoken(id, speech.transcript(roomId(id), from, to));
      },
    },
    getTranscriptNotes: {
      object: objectOf,
      handle({ params: { id }, query }) {
        const { from, to } = spanOf(query);
        return { items: speech.notes(roomId(id), from, to) };
      },
    },
    getWordHits: {
      object: objectOf,
      handle({ params: { id }, query }) {
        const { from, to } = spanOf(query);
        return spoken(id, speech.hits(roomId(id), from, to));
      },
    },
  };
}
