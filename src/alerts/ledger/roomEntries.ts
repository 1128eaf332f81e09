import { type EvaluationId, evaluationId, personId } from '../../core/evaluation.js';
import { cameraId, type RoomId, roomId } from '../../core/ids.js';
import type { RoomEntry, RoomOutcome } from '../../core/roomEntry.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';

/**
 * Comings and goings of sealed rooms as the cameras saw them, written by the pipeline's `sealedRoomRule` and read by the
 * board's rooms port. Rows are added, never changed.
 */
export interface RoomEntryStore {
  /** Adds an entry; the same one (room, camera, track, kind, at, person) twice is kept once. */
  add(entry: RoomEntry): void;
  /** Entries of a room with `from <= at < to`, oldest first. */
  of(room: RoomId, from: EventMs, to: EventMs): RoomEntry[];
  /** Entries of one evaluation over all its rooms, oldest first. */
  ofEvaluation(evaluation: EvaluationId): RoomEntry[];
}

interface Row {
  room: string;
  at: number;
  kind: string;
  person: string | null;
  name: string;
  outcome: string;
  camera: string;
  track: number;
  door: string;
  place: string;
  evaluation: string | null;
}

/** Makes the store. */
export function roomEntryStore(db: LedgerDb): RoomEntryStore {
  const byRoom = db.query<Row>('SELECT * FROM room_entries WHERE room = ? AND at >= ? AND at < ? ORDER BY at, id');
  const byEvaluation = db.query<Row>('SELECT * FROM room_entries WHERE evaluation = ? ORDER BY at, id');
  const same = db.query<Row>(
    'SELECT * FROM room_entries WHERE room = ? AND camera = ? AND track = ? AND kind = ? AND at = ? AND person IS ?',
  );
  return {
    add: (entry) =>
      db.write('ledger: room entry', (tx) => {
        const { room, at, kind, person = null, name, outcome, camera, track, door, place, evaluation = null } = entry;
        if (same.get(room, camera, track, kind, at, person)) return;
        tx.insert('room_entries', { room, at, kind, person, name, outcome, camera, track, door, place, evaluation });
      }),
    of: (room, from, to) => byRoom.all(room, from, to).map(entryOf),
    ofEvaluation: (evaluation) => byEvaluation.all(evaluation).map(entryOf),
  };
}

function entryOf(row: Row): RoomEntry {
  const { at, kind, person, name, outcome, camera, track, door, place } = row;
  const evaluation = orUndefined(row.evaluation);
  return {
    ...{ name, track, door, place, room: roomId(row.room), at: eventMs(at), camera: cameraId(camera) },
    ...{ kind: kind as RoomEntry['kind'], outcome: outcome as RoomOutcome },
    person: person === null ? undefined : personId(person),
    evaluation: evaluation === undefined ? undefined : evaluationId(evaluation),
  };
}
