import type { AudioChunk } from './frame.js';
import type { RoomId } from './ids.js';
import type { EventMs } from './time.js';
import type { Truth } from './truth.js';

/** A word the engine should listen for. */
export interface Keyword {
  word: string;
  /** Toneless pinyin syllables, e.g. `['zhao', 'gu', 'yi', 'xia']`. */
  syllables: string[];
  /** Overrides the engine's default where set; its scale is the engine's own. */
  threshold?: number;
  /** Preference in recognition, 0-10, where the engine knows one. */
  boost?: number;
}

export interface SpeechOptions {
  keywords: Keyword[];
}

/** What an engine says of the sound it was given. Times are event times. */
export type SpeechEvent =
  /** Heard as sound while the sentence still goes on; a segment may confirm it. */
  | { type: 'candidate'; word: string; start: EventMs; end: EventMs; score: number }
  | { type: 'segment'; start: EventMs; end: EventMs; text: string; speaker?: string }
  | { type: 'gap'; start: EventMs; end: EventMs; reason: string };

/** One room's sound going in and findings coming out. */
export interface SpeechStream {
  write(chunk: AudioChunk): void;
  /** Listens for other words from now on. */
  relist(keywords: readonly Keyword[]): void;
  events(): AsyncIterable<SpeechEvent>;
  /** Flushes what is buffered, then ends `events`. */
  close(): Promise<void>;
}

export interface SpeechHealth {
  listening: Truth;
  /** A stable code, e.g. `no-model`, `demo-model`, `overload`, `engine-restarting`. */
  reason?: string;
}

export interface SpeechEngine {
  name: string;
  open(room: RoomId, options: SpeechOptions): SpeechStream;
  /** Of one room where it is named, else of the engine as a whole. */
  health(room?: RoomId): SpeechHealth;
  close(): Promise<void>;
}
