import type { AudioChunk } from '../../core/frame.js';
import type { CameraFinding } from '../../core/health.js';
import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { type Latch, openLatch, stepLatch } from './latch.js';

/** What can be wrong with sound. */
export type SoundFinding = Extract<CameraFinding, 'no-sound' | 'mute' | 'too-quiet' | 'clipping'>;

/** One change of a finding. */
export interface SoundChange {
  finding: SoundFinding;
  state: 'raised' | 'cleared';
  at: EventMs;
}

export interface SoundHealth {
  latches: Record<SoundFinding, Latch>;
  /** Greatest level of a second in the last minute, dB of full scale. */
  loudest: Array<{ at: EventMs; db: number }>;
  /** Samples since the last judgement. */
  second: { from: EventMs | undefined; sum: number; count: number; clipped: number };
}

/** Digital silence: a microphone that is connected always hears something of its room (and of itself). */
const MUTE_DB = -85;
/** A room in which nothing in a whole minute is louder than this hears no speech. */
const QUIET_DB = -55;
/** Full scale, and the share of a second's samples at it that people hear as broken. */
const FULL = 0.999;
const CLIPPED_SHARE = 0.005;
const MINUTE_MS = 60_000;

const TIMES = {
  'no-sound': { raiseAfterMs: 10_000, clearAfterMs: 1000 },
  mute: { raiseAfterMs: 10_000, clearAfterMs: 1000 },
  'too-quiet': { raiseAfterMs: 5 * MINUTE_MS, clearAfterMs: 1000 },
  clipping: { raiseAfterMs: 10_000, clearAfterMs: 30_000 },
} as const;

export const initialSoundHealth: SoundHealth = {
  latches: { 'no-sound': openLatch, mute: openLatch, 'too-quiet': openLatch, clipping: openLatch },
  loudest: [],
  second: { from: undefined, sum: 0, count: 0, clipped: 0 },
};

/** Level of a second of sound, dB of full scale (a sine of full amplitude has -3). */
const dbOf = (sum: number, count: number): number => 10 * Math.log10(sum / count + 1e-12);

/** Greatest level of a second within the last minute; undefined before the first second. */
export const soundLevelDb = ({ loudest }: SoundHealth): number | undefined =>
  loudest.length === 0 ? undefined : Math.max(...loudest.map(({ db }) => db));

/**
 * Takes sound and says what changed. Pure. Judged once a second: `mute` (digital silence for 10 s), `too-quiet` (nothing
 * loud enough to be speech for five minutes and a minute), `clipping` (half a percent of the samples at full scale for 10 s).
 */
export function stepSoundHealth(
  state: SoundHealth,
  { at, samples, sampleRate }: AudioChunk,
): [SoundHealth, SoundChange[]] {
  let { sum, count, clipped } = state.second;
  for (const value of samples) {
    sum += value * value;
    if (value >= FULL || value <= -FULL) clipped += 1;
  }
  count += samples.length;
  const from = state.second.from ?? at;
  if (count < sampleRate) return [{ ...state, second: { from, sum, count, clipped } }, []];

  const db = dbOf(sum, count);
  const loudest = [...state.loudest.filter((one) => one.at > at - MINUTE_MS), { at, db }];
  const fresh = { ...state, loudest, second: initialSoundHealth.second };
  const most = Math.max(...loudest.map((one) => one.db));
  return settle(fresh, at, {
    'no-sound': false,
    mute: db < MUTE_DB,
    'too-quiet': db < MUTE_DB ? 'unknown' : most < QUIET_DB,
    clipping: clipped / count > CLIPPED_SHARE,
  });
}

/**
 * Whether the newest second is too poor to say that a phrase was not said: the silence of a dead microphone, nothing loud
 * enough in a minute, broken peaks.
 */
export const isPoorSound = ({ latches }: SoundHealth): boolean =>
  ([latches.mute, latches['too-quiet'], latches.clipping] as const).some(
    ({ raised, last }) => raised || last?.truth === true,
  );

/** Time passes without any sound. Everything else about the sound is unknown then. */
export const stepNoSound = (state: SoundHealth, at: EventMs): [SoundHealth, SoundChange[]] =>
  settle(state, at, { 'no-sound': true, mute: 'unknown', 'too-quiet': 'unknown', clipping: 'unknown' });

function settle(state: SoundHealth, at: EventMs, truths: Record<SoundFinding, Truth>): [SoundHealth, SoundChange[]] {
  const latches = { ...state.latches };
  const changes: SoundChange[] = [];
  for (const finding of Object.keys(TIMES) as SoundFinding[]) {
    const [next, raised] = stepLatch(latches[finding], { at, truth: truths[finding] }, TIMES[finding]);
    latches[finding] = next;
    if (raised !== undefined) changes.push({ finding, state: raised ? 'raised' : 'cleared', at });
  }
  return [{ ...state, latches }, changes];
}
