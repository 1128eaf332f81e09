import type { AudioChunk } from '../core/frame.js';
import { type EventMs, eventMs } from '../core/time.js';
import { SAMPLE_RATE } from './soundChunks.js';

/** A stretch of sound cut out of the ring. */
export interface SoundCut {
  /** Event time of the first sample. */
  at: EventMs;
  /** Mono, 16 kHz, -1 to 1; zeros where nothing was heard. */
  samples: Float32Array;
  /** How much of it was heard, milliseconds; the rest is zeros. */
  heardMs: number;
}

/** The last stretch of one room's sound, for clips. It knows nothing of the engine that listens to the same sound. */
export interface SoundRing {
  push(chunk: AudioChunk): void;
  /** The sound of `from <= t < to`, shortened to what the ring reaches; undefined where it holds nothing of it. */
  cut(from: EventMs, to: EventMs): SoundCut | undefined;
  /** Event time up to which sound was taken; undefined before the first. */
  readonly until: EventMs | undefined;
}

const msOf = (samples: number): number => (samples * 1000) / SAMPLE_RATE;
const endOf = ({ at, samples }: AudioChunk): number => at + msOf(samples.length);

/** Makes a ring of `lengthMs`, default 60 s: 3.8 MB a room. Chunks are kept as they come, none is copied. */
export function soundRing(lengthMs = 60_000): SoundRing {
  let chunks: AudioChunk[] = [];
  return {
    get until() {
      const last = chunks.at(-1);
      return last && eventMs(Math.round(endOf(last)));
    },
    push(chunk) {
      // Time stamps that stepped back: what lies behind them belongs to another count of time.
      if (chunks.length > 0 && chunk.at < chunks.at(-1)!.at) chunks = [];
      chunks.push(chunk);
      const oldest = endOf(chunk) - lengthMs;
      let first = 0;
      while (endOf(chunks[first]!) < oldest) first += 1;
      if (first > 0) chunks = chunks.slice(first);
    },
    cut(from, to) {
      const wanted = chunks.filter((chunk) => chunk.at < to && endOf(chunk) > from);
      if (wanted.length === 0) return undefined;
      const at = eventMs(Math.max(from, wanted[0]!.at));
      const until = Math.min(to, endOf(wanted.at(-1)!));
      const samples = new Float32Array(Math.max(0, Math.round(((until - at) * SAMPLE_RATE) / 1000)));
      let heard = 0;
      for (const chunk of wanted) heard += lay(samples, chunk, Math.round(((chunk.at - at) * SAMPLE_RATE) / 1000));
      return { at, samples, heardMs: Math.min(msOf(heard), msOf(samples.length)) };
    },
  };
}

/** Copies a chunk to its place, cut at both ends; returns the number of samples. */
function lay(into: Float32Array, { samples }: AudioChunk, place: number): number {
  const skip = Math.max(0, -place);
  const begin = Math.max(0, place);
  const count = Math.min(samples.length - skip, into.length - begin);
  if (count <= 0) return 0;
  into.set(samples.subarray(skip, skip + count), begin);
  return count;
}
