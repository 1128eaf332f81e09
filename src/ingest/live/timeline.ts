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

/** Puts what a live camera gives into event-time order, with the ticks in between. */
export interface Timeline {
  /** The time that has surely been reached; never goes back. */
  now(): EventMs;
  /** Gives the picture its place near `at`; two pictures never get the same time. */
  frame(at: EventMs, make: (at: EventMs) => Frame): void;
  health(event: Omit<HealthEvent, 'at'>): void;
  /** Asks for a tick at this instant beside the whole seconds, where it lies ahead. */
  wake(at: EventMs): void;
  /** Gives the ticks that are due. */
  beat(): void;
}

export interface TimelineOptions {
  camera: CameraId;
  recorder: RecorderClock;
  push: (item: SourceItem) => void;
}

export function timeline({ camera, recorder, push }: TimelineOptions): Timeline {
  const ticks = secondTicks(recorder.now());
  let wanted: EventMs[] = [];
  let ticked: EventMs | undefined;
  let position = recorder.now();
  let lastFrameAt: EventMs | undefined;

  /** Gives whole seconds and instants that were asked for, in order, each once. */
  const tell = (seconds: Iterable<EventMs>, limit: EventMs): void => {
    const asked = wanted.filter((at) => at <= limit);
    wanted = wanted.filter((at) => at > limit);
    for (const at of [...seconds, ...asked].sort((a, b) => a - b)) {
      if (ticked !== undefined && at <= ticked) continue;
      ticked = at;
      push({ type: 'tick', camera, at });
    }
  };

  /** Moves on to `at`, or to the next free instant where that has passed already. */
  const reach = (at: EventMs): EventMs => {
    const earliest = ticked === undefined ? position : Math.max(position, ticked + 1);
    const reached = eventMs(Math.max(at, earliest));
    tell(ticks.before(reached), eventMs(reached - 1));
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
    wake(at) {
      if (at > position && !wanted.includes(at)) wanted.push(at);
    },
    beat() {
      const limit = plusMs(recorder.now(), -LAG_MS);
      tell(ticks.upTo(limit), limit);
      if (ticked !== undefined) position = eventMs(Math.max(position, ticked));
    },
  };
}
