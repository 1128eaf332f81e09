import type { Clock } from '../../core/clock.js';
import { type EvaluationId, evaluationId } from '../../core/evaluation.js';
import { type RoomId, roomId } from '../../core/ids.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** What was done with the transcript of one room once its evaluation was closed. */
export interface NewTranscriptNote {
  evaluation: EvaluationId;
  room: RoomId;
  /** The session, event time. */
  from: EventMs;
  to: EventMs;
  /** Segments of speech in it. */
  parts: number;
  /**
   * Stable codes: `done`; `given` (the engine wrote it itself); or why not: `no-model`, `pinyin` (the demonstration engine
   * writes no characters), `no-sound` (nothing was recorded), `nothing-said`, `failed`.
   */
  punctuation: string;
  speakers: string;
  /** Voices that were told apart; 0 where none were. */
  voices: number;
}

export interface TranscriptNote extends NewTranscriptNote {
  at: WallMs;
}

export interface TranscriptNoteStore {
  /** Writes down the outcome; a later try replaces it. @throws AppError `storage`, `disk-full` */
  set(note: NewTranscriptNote): void;
  get(evaluation: EvaluationId, room: RoomId): TranscriptNote | undefined;
  /** Sessions of a room that overlap `from <= t < to`, by their beginning. */
  ofRoom(room: RoomId, from: EventMs, to: EventMs): TranscriptNote[];
}

interface Row extends Omit<TranscriptNote, 'evaluation' | 'room' | 'from' | 'to' | 'at'> {
  evaluation: string;
  room: string;
  from: number;
  to: number;
  at: number;
}

/** Makes the store. */
export function transcriptNoteStore(db: LedgerDb, clock: Clock): TranscriptNoteStore {
  const one = db.query<Row>('SELECT * FROM transcript_notes WHERE evaluation = ? AND room = ?');
  const byRoom = db.query<Row>(
    'SELECT * FROM transcript_notes WHERE room = ? AND "from" < ? AND "to" > ? ORDER BY "from"',
  );
  return {
    set: (note) =>
      db.write('ledger: transcript note', (tx) => tx.put('transcript_notes', { ...note, at: clock.now() })),
    get(evaluation, room) {
      const row = one.get(evaluation, room);
      return row && noteOf(row);
    },
    ofRoom: (room, from, to) => byRoom.all(room, to, from).map(noteOf),
  };
}

const noteOf = (row: Row): TranscriptNote => ({
  ...row,
  ...{ evaluation: evaluationId(row.evaluation), room: roomId(row.room) },
  ...{ from: eventMs(row.from), to: eventMs(row.to), at: wallMs(row.at) },
});
