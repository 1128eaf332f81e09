import type { SpeechEvent } from '../../../core/speech.js';

/** Files of the networks to load, all compared with their hashes before. Absolute paths. */
export interface SherpaModels {
  keywords?: { encoder: string; decoder: string; joiner: string; tokens: string };
  recognition?: { kind: 'sense-voice'; model: string; tokens: string };
  streaming?: { encoder: string; decoder: string; joiner: string; tokens: string };
  voiceActivity?: string;
}

/** What the parent tells the process that listens. */
export type ToSherpa =
  | { type: 'load'; models: SherpaModels; lines: string[] }
  | { type: 'relist'; lines: string[] }
  | { type: 'open'; room: string }
  | { type: 'sound'; room: string; at: number; samples: Float32Array }
  | { type: 'close'; room: string };

/** What it answers. Times are event times, ms. */
export type FromSherpa =
  | { type: 'loaded' }
  | { type: 'failed'; reason: string }
  | { type: 'event'; room: string; event: SpeechEvent }
  /** All sound up to `until` was listened to, and what was understood before `settled` has been said; `busyMs` is the time it took, `soundMs` its length. */
  | { type: 'heard'; room: string; until: number; settled: number; busyMs: number; soundMs: number }
  | { type: 'closed'; room: string };

/** What is asked of the process that works on transcripts after their session. `model` is an absolute path. */
export type ToAfter =
  | { id: number; type: 'punctuate'; model: string; texts: string[] }
  | { id: number; type: 'voices'; model: string; sounds: Float32Array[] };

/** Its answer to the request of that id. */
export type FromAfter =
  | { id: number; texts: string[] }
  | { id: number; voices: Float32Array[] }
  | { id: number; failed: string };
