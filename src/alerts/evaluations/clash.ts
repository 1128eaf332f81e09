import type { EvaluationSession } from '../../core/evaluation.js';
import { isoOf } from '../../core/time.js';

/** Why two evaluations cannot both be. */
export interface Clash {
  with: EvaluationSession;
  room: string;
  message: string;
  hint: string;
}

/**
 * The first evaluation that is in the way of `session`: a room has one open evaluation at a time, and plans that are not
 * closed must not overlap in a room. Spans are `start <= t < end`, so one may begin when another ends. Pure.
 * @param others evaluations that share a room; `session` itself and closed ones are passed over
 */
export function clashOf(session: EvaluationSession, others: readonly EvaluationSession[]): Clash | undefined {
  if (session.state === 'closed') return undefined;
  const rooms = new Set<string>(session.rooms.map(({ room }) => room));
  for (const other of others) {
    if (other.id === session.id || other.state === 'closed') continue;
    const shared = other.rooms.find(({ room }) => rooms.has(room));
    if (!shared) continue;
    if (session.state === 'open' && other.state === 'open') {
      return {
        with: other,
        room: shared.room,
        message: `room ${shared.room}: evaluation ${other.project} is open there`,
        hint: 'close it first: a room has one open evaluation at a time',
      };
    }
    if (session.plannedStart < other.plannedEnd && other.plannedStart < session.plannedEnd) {
      return {
        with: other,
        room: shared.room,
        message: `room ${shared.room}: evaluation ${other.project} is planned there from ${isoOf(other.plannedStart)} to ${isoOf(other.plannedEnd)}`,
        hint: 'choose another room or another time, or close the other evaluation',
      };
    }
  }
  return undefined;
}
