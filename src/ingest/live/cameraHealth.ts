import type { Clock } from '../../core/clock.js';
import type { CameraFinding } from '../../core/health.js';
import type { CameraId } from '../../core/ids.js';
import { findingsOf } from './findings.js';
import { type Blackout, isFlapping, recentLosses } from './linkHealth.js';
import type { RecorderClock } from './recorderClock.js';
import type { Timeline } from './timeline.js';

/** A clock that is off by more than this is told. */
const CLOCK_OFF_MS = 2000;
const BLACKOUTS: readonly Blackout[] = ['offline', 'auth-failed', 'garbage'];

/** Raises and clears what is wrong with a camera's link and clock. What its picture shows is `pictureHealth`'s part. */
export interface CameraHealth {
  set(finding: CameraFinding, raised: boolean, detail?: string): void;
  /** A picture came: whatever kept pictures away is over. */
  pictureCame(): void;
  /** A connection that had given pictures was lost. */
  lost(): void;
  /** Why no picture comes, as last learnt. */
  blame(cause: Blackout, detail: string): void;
  /** The camera's own clock against this machine's, milliseconds, as ONVIF tells. */
  deviceClock(offsetMs: number): void;
  streamClock(state: 'raised' | 'cleared', offsetMs: number): void;
  /** Once a second. */
  beat(): void;
}

export interface CameraHealthOptions {
  camera: CameraId;
  clock: Clock;
  recorder: RecorderClock;
  offlineAfterMs: number;
  timeline: Timeline;
  /** True where nearly all cameras fell silent together. */
  sharedStall: () => boolean;
}

export function cameraHealth(options: CameraHealthOptions): CameraHealth {
  const { clock, recorder, timeline } = options;
  const findings = findingsOf(options.camera);
  let silentSince = clock.monotonicMs();
  let blamed: { cause: Blackout; detail: string } = { cause: 'offline', detail: '' };
  let losses: number[] = [];
  const clocks = { device: 0, stream: 0 };

  const set: CameraHealth['set'] = (finding, raised, detail) => {
    const change = findings.set(finding, raised, timeline.now(), detail);
    if (change) timeline.health(change);
  };

  /** Exactly one reason stands while no picture comes. */
  const blackout = (cause: Blackout | undefined, detail?: string): void => {
    for (const other of BLACKOUTS) if (other !== cause) set(other, false);
    if (cause) set(cause, true, detail);
  };

  /** Several clocks can be off; the finding stands while any is, and tells the worst. */
  const judgeClock = (): void => {
    const offsets = [clocks.device, clocks.stream, recorder.steppedMs()];
    const worst = offsets.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    set('clock', Math.abs(worst) > CLOCK_OFF_MS, `${(worst / 1000).toFixed(1)} s off`);
  };

  return {
    set,
    pictureCame() {
      silentSince = clock.monotonicMs();
      blamed = { cause: 'offline', detail: '' };
      blackout(undefined);
    },
    lost: () => void losses.push(clock.monotonicMs()),
    blame(cause, detail) {
      blamed = { cause, detail };
      // A refused password needs no ten seconds to be sure.
      if (cause === 'auth-failed') blackout(cause, detail);
    },
    deviceClock(offsetMs) {
      clocks.device = offsetMs;
      judgeClock();
    },
    streamClock(state, offsetMs) {
      clocks.stream = state === 'raised' ? offsetMs : 0;
      judgeClock();
    },
    beat() {
      const now = clock.monotonicMs();
      if (now - silentSince >= options.offlineAfterMs) {
        const shared = options.sharedStall() ? 'all cameras at once: this machine or its network stalled' : undefined;
        blackout(shared ? 'offline' : blamed.cause, shared ?? blamed.detail);
      }
      losses = recentLosses(losses, now);
      set('flapping', isFlapping(losses, findings.has('flapping')), `${losses.length} times in 10 minutes`);
      judgeClock();
    },
  };
}
