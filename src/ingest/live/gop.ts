import { usualS } from './linkHealth.js';

/** How the pictures of a live stream are decoded: key frames only, or all because of ... */
export type DecodeMode = { kind: 'keyframes' } | { kind: 'all'; because: 'long-gop' | 'looks' };

/** Distances kept to say what is usual. */
const REMEMBERED = 7;
const ENOUGH = 3;
/** Key frames may be this much rarer than the looks before all pictures are decoded: decoding all costs four times. */
const LOOKS_TOLERANCE = 1.5;
/** Pictures this much rarer than the looks, all of them decoded, are a low rate. */
const LOW_RATE = 2;

/** A look may come this much later than asked. */
const MET_WITHIN = 1.05;

export interface GopOptions {
  lookEveryMs: number;
  sparseKeyframesMs: number;
}

/** Learns from the pictures of one session how far apart they come. */
export interface Gop {
  /**
   * Takes the event time of a picture, milliseconds. True where it is to be looked at. `dropped`: others came between it and the one before,
   * so that their distance says nothing of the stream.
   */
  take(atMs: number, dropped?: boolean): boolean;
  /** Usual distance, seconds; undefined before enough pictures. */
  readonly intervalS: number | undefined;
}

export function learnGop({ lookEveryMs }: Pick<GopOptions, 'lookEveryMs'>): Gop {
  const distances: number[] = [];
  let lastMs: number | undefined;
  let lookedMs: number | undefined;
  const intervalS = (): number | undefined => usualS(distances, ENOUGH);

  return {
    take(atMs, dropped = false) {
      if (lastMs !== undefined && !dropped) distances.push(atMs - lastMs);
      if (distances.length > REMEMBERED) distances.shift();
      lastMs = atMs;
      const atLeastMs = lookApartMs(lookEveryMs, (intervalS() ?? 0) * 1000);
      if (lookedMs !== undefined && atMs - lookedMs < atLeastMs) return false;
      lookedMs = atMs;
      return true;
    },
    get intervalS() {
      return intervalS();
    },
  };
}

/**
 * How far two looks lie apart at least, where key frames come every `intervalMs` (0: not yet known, each is looked at):
 * every n-th key frame, with n as large as it can be without looks farther apart than asked.
 */
export function lookApartMs(lookEveryMs: number, intervalMs: number): number {
  if (intervalMs <= 0) return 0;
  const nth = Math.max(1, Math.floor((lookEveryMs * MET_WITHIN) / intervalMs));
  return (nth - 0.5) * intervalMs;
}

/** The mode that a stream of key frames at this distance needs. */
export function modeFor(keyframeIntervalS: number, { lookEveryMs, sparseKeyframesMs }: GopOptions): DecodeMode {
  if (keyframeIntervalS * 1000 > sparseKeyframesMs) return { kind: 'all', because: 'long-gop' };
  if (keyframeIntervalS * 1000 > lookEveryMs * LOOKS_TOLERANCE) return { kind: 'all', because: 'looks' };
  return { kind: 'keyframes' };
}

/** True where pictures come too rarely although all of them are decoded. */
export const isLowRate = (intervalS: number, lookEveryMs: number): boolean =>
  intervalS * 1000 >= lookEveryMs * LOW_RATE;
