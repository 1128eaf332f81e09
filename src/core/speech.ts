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

/** What makes a transcript easier to read once its session is over. It needs networks of its own. */
export interface AfterSpeech {
  /** Whether each can be done now, else a stable code such as `no-model` or `model-damaged`. Looks at every byte of the files. */
  can(): Promise<{ punctuation: 'ready' | string; speakers: 'ready' | string }>;
  /** The same texts with punctuation, one each. @throws AppError `retryable` where the process ended */
  punctuate(texts: readonly string[]): Promise<string[]>;
  /**
   * One vector of unit length a sound (16 kHz, mono, -1 to 1), near each other where the voice is the same; empty where the
   * sound is too short to tell. @throws AppError as above
   */
  voices(sounds: readonly Float32Array[]): Promise<Float32Array[]>;
  /** Gives back the memory of what was loaded; the next call loads it again. */
  rest(): Promise<void>;
}
