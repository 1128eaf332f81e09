import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/errors.js';
import { type RoomId, roomId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';

/** A stretch of a room's sound: what was understood of it, or why nothing was. */
export interface NewTranscriptPart {
  room: RoomId;
  /** `start <= t < end`, event time. */
  start: EventMs;
  end: EventMs;
  kind: 'segment' | 'gap';
  /** What was understood; of a gap, a stable code of its reason. */
  text: string;
  /** Name of the engine that listened. `builtin` writes toneless pinyin, never characters. */
  engine: string;
  /** S1, S2, ... where voices can be told apart. */
  speaker?: string;
}

export interface TranscriptPart extends NewTranscriptPart {
  id: number;
  /** The text with punctuation, added after the session; the text itself is never changed. */
  punctuated?: string;
}

/** Transcripts of the rooms. Writes are gathered and made every few seconds: a kill loses at most that much. */
export interface TranscriptStore {
  /** Takes a part. Never throws for a full disk: what waits is kept, up to a bound. */
  append(part: NewTranscriptPart): void;
  /** Parts of a room that overlap `from <= t < to`, by their start. Flushes first. */
  of(room: RoomId, from: EventMs, to: EventMs): TranscriptPart[];
  /** Parts of all rooms that overlap the span, by their start. */
  between(from: EventMs, to: EventMs): TranscriptPart[];
  /** Adds punctuation or a speaker to a part after its session. Returns whether there is one. */
  annotate(id: number, note: { punctuated?: string; speaker?: string }): boolean;
  /** Removes the parts that ended before an instant; returns how many. */
  removeBefore(at: EventMs): number;
  /** Writes what waits. @throws AppError `storage` or `disk-full` */
  flush(): void;
  /** Stops the timer and flushes. */
  close(): void;
}

interface Row {
  id: number;
  room: string;
  start: number;
  end: number;
  kind: 'segment' | 'gap';
  text: string;
  engine: string;
  speaker: string | null;
  punctuated: string | null;
}

/** Parts that wait in memory at most: with 24 rooms some hours of a full disk. */
const LARGEST_WAIT = 50_000;
/** No part of a transcript is longer; bounds the search for parts that began before a span. */
const LONGEST_PART_MS = 3_600_000;

export interface TranscriptStoreOptions {
  clock: Clock;
  log: Logger;
  flushEveryMs: number;
}

/** Makes the store. */
export function transcriptStore(db: LedgerDb, options: TranscriptStoreOptions): TranscriptStore {
  const { clock, log, flushEveryMs } = options;
  let waiting: NewTranscriptPart[] = [];
  const ofRoom = db.query<Row>(
    'SELECT * FROM transcripts WHERE room = ? AND start >= ? AND start < ? AND end > ? ORDER BY start, id',
  );
  const all = db.query<Row>(
    'SELECT * FROM transcripts WHERE start >= ? AND start < ? AND end > ? ORDER BY start, room, id',
  );
  const old = db.query<{ id: number }>('SELECT id FROM transcripts WHERE end < ?');

  const flush = (): void => {
    if (waiting.length === 0) return;
    const batch = waiting;
    db.write(
      'ledger: write transcripts',
      (tx) => {
        for (const { speaker, ...part } of batch) tx.insert('transcripts', { ...part, speaker: speaker ?? null });
      },
      { durable: false },
    );
    waiting = [];
  };
  const timer = clock.every(flushEveryMs, () => {
    try {
      flush();
    } catch (error) {
      log.error({ error: messageOf(error), waiting: waiting.length }, 'transcripts not written');
    }
  });

  return {
    flush,
    append(part) {
      for (let { start } = part; start < part.end; start = eventMs(start + LONGEST_PART_MS)) {
        waiting.push({ ...part, start, end: eventMs(Math.min(part.end, start + LONGEST_PART_MS)) });
      }
      if (waiting.length > LARGEST_WAIT) waiting.splice(0, waiting.length - LARGEST_WAIT);
    },
    of(room, from, to) {
      flush();
      return ofRoom.all(room, from - LONGEST_PART_MS, to, from).map(partFromRow);
    },
    between(from, to) {
      flush();
      return all.all(from - LONGEST_PART_MS, to, from).map(partFromRow);
    },
    annotate: (id, note) =>
      db.write('ledger: annotate transcript', (tx) => tx.patch('transcripts', { id }, { ...note })),
    removeBefore(at) {
      flush();
      const ids = old.all(at);
      if (ids.length > 0) {
        db.write('ledger: remove transcripts', (tx) => {
          for (const { id } of ids) tx.remove('transcripts', { id });
        });
      }
      return ids.length;
    },
    close() {
      timer.cancel();
      flush();
    },
  };
}

function partFromRow({ id, kind, text, engine, ...row }: Row): TranscriptPart {
  const speaker = orUndefined(row.speaker);
  const punctuated = orUndefined(row.punctuated);
  return {
    ...{ id, kind, text, engine },
    room: roomId(row.room),
    start: eventMs(row.start),
    end: eventMs(row.end),
    ...(speaker === undefined ? {} : { speaker }),
    ...(punctuated === undefined ? {} : { punctuated }),
  };
}
