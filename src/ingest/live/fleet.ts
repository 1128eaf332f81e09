import { type Clock, sleep } from '../../core/clock.js';
import type { CameraId } from '../../core/ids.js';

/** When each camera last gave a picture, monotonic milliseconds. */
export type LastSeen = ReadonlyMap<CameraId, number>;

/** Fewer cameras than this prove no shared cause. */
const FEWEST = 3;
const SHARE = 0.8;

/**
 * True where nearly all cameras fell silent together: this machine or its network stalled, and starting every decoder
 * anew would only make it worse. Pure.
 * @param silentMs a camera without a picture for this long counts as silent, and so long may lie between them
 */
export function isSharedStall(lastSeen: LastSeen, nowMs: number, silentMs: number): boolean {
  if (lastSeen.size < FEWEST) return false;
  const silent = [...lastSeen.values()].filter((seen) => nowMs - seen >= silentMs);
  if (silent.length < lastSeen.size * SHARE) return false;
  return Math.max(...silent) - Math.min(...silent) <= silentMs;
}

/** What the cameras of one machine share. */
export interface Fleet {
  /** Waits until a decoder may be started: so many a second, first come first served. Resolves early on abort. */
  admit(signal: AbortSignal): Promise<void>;
  saw(camera: CameraId): void;
  forget(camera: CameraId): void;
  /** True while nearly all cameras are silent together. */
  stalled(silentMs: number): boolean;
}

export interface FleetOptions {
  clock: Clock;
  /** Starting ffmpeg costs some 50 ms of a core. Default 20. */
  startsPerSecond?: number;
}

/** Make one for all cameras. */
export function createFleet({ clock, startsPerSecond = 20 }: FleetOptions): Fleet {
  const lastSeen = new Map<CameraId, number>();
  let nextStartMs = 0;
  return {
    async admit(signal) {
      const now = clock.monotonicMs();
      const mine = Math.max(now, nextStartMs);
      nextStartMs = mine + 1000 / startsPerSecond;
      if (mine > now) await sleep(clock, mine - now, signal);
    },
    saw: (camera) => void lastSeen.set(camera, clock.monotonicMs()),
    forget: (camera) => void lastSeen.delete(camera),
    stalled: (silentMs) => isSharedStall(lastSeen, clock.monotonicMs(), silentMs),
  };
}
