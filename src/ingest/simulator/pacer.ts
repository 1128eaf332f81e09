import type { Clock } from '../../core/clock.js';
import type { CameraId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** How far the simulated hall has come. */
export interface SimulatorStatus {
  /** Event time reached by all of its cameras; undefined before the first item. */
  at: EventMs | undefined;
  /** How far that lies behind now, milliseconds, at least 0. */
  behindMs: number;
  /** True while the past is replayed; the board says so. */
  catchingUp: boolean;
  /** Event seconds a second, over the last seconds: up to 60 while catching up, 1 afterwards. */
  speed: number;
}

/** Keeps the cameras of a simulated hall together, never ahead of now and never faster than `maxSpeed`. */
export interface Pacer {
  /** Resolves when the camera may give what it has of `at`, or at once when the signal fires. */
  reach(camera: CameraId, at: EventMs, signal: AbortSignal): Promise<void>;
  /** The camera gives nothing more; the others no longer wait for it. */
  leave(camera: CameraId): void;
  status(): SimulatorStatus;
}

export interface PacerOptions {
  clock: Clock;
  startAt: EventMs;
  /** Event seconds a second while catching up. Default 60. */
  maxSpeed?: number;
}

/** No camera runs further ahead of the slowest one: the wall of windows shows one time. */
const MAX_LEAD_MS = 10_000;
/** Caught up below the first, behind again above the second, so that the banner does not flicker. */
const CAUGHT_UP_MS = 5000;
const BEHIND_MS = 30_000;
const SPEED_OVER_MS = 5000;

/** Makes a pacer. Its speed counts from the first item that any camera asks for. */
export function createPacer({ clock, startAt, maxSpeed = 60 }: PacerOptions): Pacer {
  const reached = new Map<CameraId, EventMs>();
  const waiting = new Set<() => void>();
  let begunMs: number | undefined;
  let catchingUp = true;
  let samples: Array<{ ms: number; at: number }> = [];

  const slowest = (except?: CameraId): number =>
    Math.min(...[...reached].filter(([camera]) => camera !== except).map(([, at]) => at));

  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };

  /** Milliseconds until `at` may be given, 0 for now; Infinity where only another camera's progress helps. */
  const waitFor = (camera: CameraId, at: EventMs): number => {
    if (at > slowest(camera) + MAX_LEAD_MS) return Number.POSITIVE_INFINITY;
    begunMs ??= clock.monotonicMs();
    const bySpeed = (at - startAt) / maxSpeed - (clock.monotonicMs() - begunMs);
    return Math.max(0, bySpeed, at - clock.now());
  };

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? clock.after(Math.ceil(ms), () => wake()) : undefined;
      const wake = (): void => {
        timer?.cancel();
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });

  const sample = (): void => {
    const ms = clock.monotonicMs();
    const at = slowest();
    if (samples.length > 0 && ms - samples.at(-1)!.ms < 250) return;
    samples = [...samples.filter((one) => ms - one.ms <= SPEED_OVER_MS), { ms, at }];
    const behindMs = clock.now() - at;
    if (behindMs < CAUGHT_UP_MS) catchingUp = false;
    else if (behindMs > BEHIND_MS) catchingUp = true;
  };

  const speed = (): number => {
    const [first, last] = [samples[0], samples.at(-1)];
    return first && last && last.ms > first.ms
      ? Math.round(((last.at - first.at) / (last.ms - first.ms)) * 10) / 10
      : 1;
  };

  return {
    async reach(camera, at, signal) {
      if (!reached.has(camera)) reached.set(camera, at);
      for (let ms = waitFor(camera, at); ms > 0 && !signal.aborted; ms = waitFor(camera, at)) await pause(ms, signal);
      if (reached.get(camera) === at) return;
      reached.set(camera, at);
      sample();
      wakeAll();
    },
    leave(camera) {
      reached.delete(camera);
      wakeAll();
    },
    status() {
      const at = reached.size === 0 ? undefined : eventMs(slowest());
      const behindMs = at === undefined ? 0 : Math.max(0, clock.now() - at);
      return { at, behindMs, catchingUp, speed: speed() };
    },
  };
}
