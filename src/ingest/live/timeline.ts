import type { Frame } from '../../core/frame.js';
import type { HealthEvent } from '../../core/health.js';
import type { CameraId } from '../../core/ids.js';
import type { SourceItem } from '../../core/source.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';
import { secondTicks } from '../secondTicks.js';
import type { RecorderClock } from './recorderClock.js';

/**
 * Ticks stay this far behind the recorder's clock, so that a picture still on its way finds its place before them: a little more
 * than reading and decoding take, since an alert that a tick raises is late by this.
 */
const LAG_MS = 300;

/**
 * What is due between two pictures is told by a tick, and late by up to this. A second would make one alert in ten come more than a second
 * after its instant.
 */
const TICK_MS = 250;

/** Puts what a live camera gives into event-time order, with the ticks in between. */
export interface Timeline {
  /** The time that has surely been reached; never goes back. */
  now(): EventMs;
  /** Gives the picture its place near `at`; two pictures never get the same time. */
  frame(at: EventMs, make: (at: EventMs) => Frame): void;
  health(event: Omit<HealthEvent, 'at'>): void;
  /** Gives the ticks that are due. */
  beat(): void;
}

export interface TimelineOptions {
  camera: CameraId;
  recorder: RecorderClock;
  push: (item: SourceItem) => void;
}

export function timeline({ camera, recorder, push }: TimelineOptions): Timeline {
  const ticks = secondTicks(recorder.now(), TICK_MS);
  let position = recorder.now();
  let lastFrameAt: EventMs | undefined;

  /** Moves on to `at`, or to the next free instant where that has passed already. */
  const reach = (at: EventMs): EventMs => {
    const earliest = ticks.last === undefined ? position : Math.max(position, ticks.last + 1);
    const reached = eventMs(Math.max(at, earliest));
    for (const tick of ticks.before(reached)) push({ type: 'tick', camera, at: tick });
    position = reached;
    return reached;
  };
  const now = (): EventMs => eventMs(Math.max(position, plusMs(recorder.now(), -LAG_MS)));

  return {
    now,
    frame(at, make) {
      lastFrameAt = reach(eventMs(Math.max(at, (lastFrameAt ?? Number.NEGATIVE_INFINITY) + 1)));
      push({ type: 'frame', frame: make(lastFrameAt) });
    },
    health: (event) => push({ type: 'health', event: { ...event, at: reach(now()) } }),
    beat() {
      for (const tick of ticks.upTo(plusMs(recorder.now(), -LAG_MS))) {
        position = eventMs(Math.max(position, tick));
        push({ type: 'tick', camera, at: tick });
      }
    },
  };
}
