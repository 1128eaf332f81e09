import { SAMPLE_RATE } from './features.js';

/** A stretch in which somebody seems to speak. */
export interface Segment {
  /** Index of the first sample since the stream began. */
  from: number;
  samples: Float32Array;
}

/** Cuts a stream of sound into segments of speech. */
export interface Segmenter {
  /** Takes the next samples (16 kHz, -1 to 1) and gives the segments that ended in them. */
  push(samples: Float32Array): Segment[];
  /** Gives the segment that is still open, if any. */
  flush(): Segment[];
  /** Index of the first sample of the segment that is still open; undefined while nobody speaks. */
  openSince(): number | undefined;
  /** The newest part of the segment that is still open, at most `longestMs` of it; undefined while nobody speaks. */
  peek(longestMs: number): Segment | undefined;
}

const FRAME_LENGTH_MS = 10;
const FRAME = (SAMPLE_RATE * FRAME_LENGTH_MS) / 1000;
/** Sound this far above the noise is speech, dB. */
const ABOVE_NOISE_DB = 9;
/** Quieter than this is never speech, dB of full scale. */
const QUIETEST_DB = -58;
/** The noise of the time before the stream: a first word at once is then heard. */
const NOISE_BEFORE_DB = -65;
/** The noise floor is the least smoothed level of 4 s, in blocks (minimum statistics: Martin, 2001). */
const BLOCK_FRAMES = 50;
const BLOCKS = 8;
const SMOOTHING = 0.7;
/** Frames: loud ones that begin a segment, quiet ones that end it, sound kept before and after. */
const ONSET_FRAMES = 4;
const HANGOVER_FRAMES = 45;
const KEPT_FRAMES = 20;
/** 12 s: a longer speech is cut, so that its words are known while it goes on. */
const LONGEST_FRAMES = 1200;

/** Energy-based voice activity with a noise floor that follows the room. */
export function makeSegmenter(): Segmenter {
  const level = levelMeter();
  let rest = new Float32Array(0);
  let frames: Float32Array[] = [];
  let next = 0;
  let loud = 0;
  let quiet = 0;
  let speaking = false;

  const cut = (count: number, keep: number): Segment => {
    const first = next - frames.length;
    const segment = { from: first * FRAME, samples: joined(frames.slice(0, count)) };
    frames = keep > 0 ? frames.slice(-keep) : [];
    return segment;
  };

  const take = (frame: Float32Array): Segment | undefined => {
    const isLoud = level(frame);
    frames.push(frame);
    next += 1;
    loud = isLoud ? loud + 1 : 0;
    quiet = isLoud ? 0 : quiet + 1;
    if (!speaking) {
      speaking = loud >= ONSET_FRAMES;
      if (!speaking && frames.length > KEPT_FRAMES + ONSET_FRAMES) frames.shift();
      return undefined;
    }
    if (quiet >= HANGOVER_FRAMES) {
      speaking = false;
      return cut(frames.length - (HANGOVER_FRAMES - KEPT_FRAMES), KEPT_FRAMES);
    }
    // The next part begins a second earlier: a word across the cut is whole in one of the two.
    return frames.length >= LONGEST_FRAMES ? cut(frames.length, 100) : undefined;
  };

  return {
    push: (samples) => {
      const all = joined([rest, samples]);
      const segments: Segment[] = [];
      let at = 0;
      for (; at + FRAME <= all.length; at += FRAME) {
        const segment = take(all.slice(at, at + FRAME));
        if (segment) segments.push(segment);
      }
      rest = all.slice(at);
      return segments;
    },
    openSince: () => (speaking ? (next - frames.length) * FRAME : undefined),
    peek: (longestMs) => {
      if (!speaking) return undefined;
      const part = frames.slice(-longestMs / FRAME_LENGTH_MS);
      return { from: (next - part.length) * FRAME, samples: joined(part) };
    },
    flush: () => {
      const segments = speaking ? [cut(frames.length, 0)] : [];
      speaking = false;
      frames = [];
      return segments;
    },
  };
}

/** Tells of each frame whether it stands out of the noise. */
function levelMeter(): (frame: Float32Array) => boolean {
  const floors = new Array<number>(BLOCKS).fill(NOISE_BEFORE_DB);
  let smoothed = NOISE_BEFORE_DB;
  let least = Number.POSITIVE_INFINITY;
  let count = 0;
  return (frame) => {
    const db = 10 * Math.log10(frame.reduce((sum, value) => sum + value * value, 0) / frame.length + 1e-10);
    smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * db;
    least = Math.min(least, smoothed);
    count += 1;
    if (count % BLOCK_FRAMES === 0) {
      floors.shift();
      floors.push(least);
      least = Number.POSITIVE_INFINITY;
    }
    return db > QUIETEST_DB && db > Math.min(least, ...floors) + ABOVE_NOISE_DB;
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
