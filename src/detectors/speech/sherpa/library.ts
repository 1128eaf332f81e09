import { createRequire } from 'node:module';
import { AppError, messageOf } from '../../../core/errors.js';

/** What is used of `sherpa-onnx-node` (its own types are comments). Samples are mono, -1 to 1. */
export interface SherpaLibrary {
  KeywordSpotter: new (config: object) => KeywordSpotter;
  OfflineRecognizer: new (config: object) => OfflineRecognizer;
  OnlineRecognizer: new (config: object) => OnlineRecognizer;
  Vad: new (config: object, bufferS: number) => Vad;
  OfflinePunctuation: new (config: object) => Punctuation;
  SpeakerEmbeddingExtractor: new (config: object) => VoiceExtractor;
}

interface Stream {
  acceptWaveform(sound: { sampleRate: number; samples: Float32Array }): void;
}
export interface OnlineStream extends Stream {
  inputFinished(): void;
}
export interface KeywordSpotter {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  reset(stream: OnlineStream): void;
  getResult(stream: OnlineStream): { keyword: string; timestamps: number[] };
}
interface OfflineRecognizer {
  createStream(): Stream;
  decode(stream: Stream): void;
  getResult(stream: Stream): { text: string };
}
interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  getResult(stream: OnlineStream): { text: string };
}
export interface Punctuation {
  addPunct(text: string): string;
}
export interface VoiceExtractor {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  compute(stream: OnlineStream, externalBuffer: boolean): Float32Array;
}
export interface Vad {
  acceptWaveform(samples: Float32Array): void;
  isEmpty(): boolean;
  isDetected(): boolean;
  front(): { samples: Float32Array; start: number };
  pop(): void;
  flush(): void;
}

/**
 * Loads the library. Only the process that listens does so: it brings its own onnxruntime, and ends the process it is in
 * where a network is not what it expects.
 * @throws AppError `unsupported` where it is not installed for this platform
 */
export function loadSherpa(): SherpaLibrary {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as SherpaLibrary;
  } catch (cause) {
    throw new AppError('unsupported', `sherpa-onnx-node: does not load: ${messageOf(cause)}`, { cause });
  }
}

/** Whether the package is there, without loading it into this process. */
export function isSherpaInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('sherpa-onnx-node');
    return true;
  } catch {
    return false;
  }
}
