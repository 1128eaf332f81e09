import type { AudioChunk } from '../core/frame.js';
import type { CameraId } from '../core/ids.js';
import { type EventMs, plusMs } from '../core/time.js';

/** What a camera's sound gives, in event-time order. */
export type AudioItem =
  | { type: 'audio'; chunk: AudioChunk }
  /** No sound is known from `from` to `to`: it was not heard, which is not silence. */
  | { type: 'gap'; camera: CameraId; from: EventMs; to: EventMs }
  /** Whether anything is heard at all; `reason` says why not, free of secrets. */
  | { type: 'state'; camera: CameraId; at: EventMs; listening: boolean; reason?: string }
  | { type: 'end'; camera: CameraId; at: EventMs };

/** What the speech path works with, samples a second. */
export const SAMPLE_RATE = 16_000;
/** Network jitter and rounding of time stamps stay below this; a lost packet of any audio codec with speech lies above. */
const GAP_MS = 200;
const CHUNK_SAMPLES = SAMPLE_RATE / 5;

/** Samples that wait to fill a chunk. */
export interface SoundState {
  at: EventMs | undefined;
  waiting: Float32Array;
  /** End of what was given or waits, event time; undefined before the first sound. */
  until: EventMs | undefined;
}

export const freshSound: SoundState = { at: undefined, waiting: new Float32Array(0), until: undefined };

const lengthMs = (samples: number): number => (samples * 1000) / SAMPLE_RATE;

/**
 * Takes the next samples at their event time; gives chunks of about 200 ms and the gaps between them. Pure. Samples that
 * follow closely are laid end to end, so that sound is not cut by the jitter of its time stamps.
 */
export function stepSound(
  state: SoundState,
  sound: { at: EventMs; samples: Float32Array },
  camera: CameraId,
): [SoundState, AudioItem[]] {
  const { until } = state;
  if (until !== undefined && Math.abs(sound.at - until) > GAP_MS) {
    const [cut, items] = flushSound(state, camera);
    // Sound that comes again after its time stamps stepped back fills no gap.
    const gap: AudioItem[] = sound.at > until ? [{ type: 'gap', camera, from: until, to: sound.at }] : [];
    const [next, more] = stepSound({ ...cut, until: undefined }, sound, camera);
    return [next, [...items, ...gap, ...more]];
  }
  const at = state.at ?? until ?? sound.at;
  const waiting = joined(state.waiting, sound.samples);
  const next = { at, waiting, until: plusMs(at, Math.round(lengthMs(waiting.length))) };
  return waiting.length < CHUNK_SAMPLES ? [next, []] : flushSound(next, camera);
}

/** Gives what waits, however short. */
export function flushSound(state: SoundState, camera: CameraId): [SoundState, AudioItem[]] {
  if (state.at === undefined || state.waiting.length === 0) return [state, []];
  const chunk: AudioChunk = { camera, at: state.at, sampleRate: SAMPLE_RATE, samples: state.waiting };
  return [{ ...freshSound, until: state.until }, [{ type: 'audio', chunk }]];
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  if (a.length === 0) return b;
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
