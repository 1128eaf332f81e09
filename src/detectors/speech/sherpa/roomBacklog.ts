import { type BoundedQueue, boundedQueue } from '../../../core/boundedQueue.js';
import type { AudioChunk } from '../../../core/frame.js';
import type { SpeechEvent } from '../../../core/speech.js';
import { type EventMs, plusMs } from '../../../core/time.js';

/** One room's sound on its way to a process: what waits, what was sent, what was listened to, what was lost. */
export interface RoomBacklog {
  events: BoundedQueue<SpeechEvent>;
  push(chunk: AudioChunk): void;
  /** Sends what the process can take; what waits too long is lost for `reason`. */
  drain(process: { ready: boolean; reason: string }, send: (chunk: AudioChunk) => void): void;
  /** All sound up to `until` was listened to; a sentence that began at `settled` (or later) has not been told yet. */
  heardUpTo(until: EventMs, settled?: EventMs): void;
  /** The process is gone: everything that was sent and not told is lost; what waits is not. */
  lost(reason: string): void;
  /** No more sound comes and none will be sent. */
  finish(reason: string): void;
}

/** Sound that waits for a process at most, and that a process may be behind; then the oldest is a gap. */
const BACKLOG_MS = 20_000;
/** A long gap is told while it lasts, so that the page shows it. */
const TELL_GAP_MS = 10_000;

/** Makes the backlog of one room. */
export function roomBacklog(): RoomBacklog {
  const events = boundedQueue<SpeechEvent>({ capacity: 10_000 });
  let waiting: AudioChunk[] = [];
  let heard: EventMs | undefined;
  let settled: EventMs | undefined;
  let sent: EventMs | undefined;
  let gap: { start: EventMs; end: EventMs; reason: string } | undefined;

  const tellGap = (): void => {
    if (gap) events.push({ type: 'gap', ...gap });
    gap = undefined;
  };
  const lose = (chunk: AudioChunk, reason: string): void => {
    if (gap?.reason !== reason) tellGap();
    gap = { start: gap?.start ?? chunk.at, end: endOf(chunk), reason };
    if (gap.end - gap.start >= TELL_GAP_MS) tellGap();
  };
  const behindMs = (): number => (sent !== undefined && heard !== undefined ? sent - heard : 0);
  const waitsMs = (): number => (waiting.length > 1 ? endOf(waiting.at(-1)!) - waiting[0]!.at : 0);

  return {
    events,
    push: (chunk) => void waiting.push(chunk),
    drain({ ready, reason }, send) {
      while (waiting.length > 0 && ready && behindMs() <= BACKLOG_MS) {
        const chunk = waiting.shift()!;
        tellGap();
        heard ??= chunk.at;
        settled ??= chunk.at;
        send(chunk);
        sent = endOf(chunk);
      }
      while (waitsMs() > BACKLOG_MS) lose(waiting.shift()!, ready ? 'overload' : reason);
    },
    heardUpTo(until, told = until) {
      heard = until;
      settled = told;
    },
    lost(reason) {
      if (settled !== undefined && sent !== undefined && sent > settled) {
        events.push({ type: 'gap', start: settled, end: sent, reason });
      }
      heard = sent;
      settled = sent;
    },
    finish(reason) {
      for (const chunk of waiting) lose(chunk, reason);
      waiting = [];
      tellGap();
      events.end();
    },
  };
}

const endOf = ({ at, samples, sampleRate }: AudioChunk): EventMs =>
  plusMs(at, Math.round((samples.length / sampleRate) * 1000));
