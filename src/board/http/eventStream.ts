import type { Response } from 'express';
import type { StoredStep } from '../../alerts/ledger/steps.js';
import type { Clock } from '../../core/clock.js';
import type { IncidentId } from '../../core/ids.js';
import type { LiveChange, LiveHub } from '../../core/live.js';
import type { Logger } from '../../core/log.js';
import type { AlertsLedger } from '../ledgerPort.js';
import { ApiError } from './apiError.js';
import { type EventClient, eventClient } from './eventClient.js';

/** What one browser is told, in its own language and within its rights. Undefined: nothing. */
export interface EventView {
  snapshot(seq: number): unknown;
  change(change: Exclude<LiveChange, { type: 'step' }>): unknown;
  step(stored: StoredStep): unknown;
  workflow(incident: IncidentId): unknown;
  /** False once its session is over. */
  alive(): boolean;
}

export interface EventStream {
  /** Serves one browser until it goes. `after`: the last step it has, undefined on a first visit. */
  open(response: Response, view: EventView, after: number | undefined): void;
  /** A person moved an incident's loop. */
  workflowMoved(incident: IncidentId): void;
  stats(): { clients: number; dropped: number };
  close(): void;
}

export interface EventStreamDeps {
  ledger: Pick<AlertsLedger, 'stepsAfter' | 'lastSeq'>;
  live: LiveHub;
  clock: Clock;
  log: Logger;
  /** What the hall's clock says, told to every browser now and then. */
  hallClock: () => unknown;
}

interface Listener {
  client: EventClient;
  view: EventView;
  /** Newest step it was given, or that was not for it. */
  sent: number;
}

const HEARTBEAT_MS = 15_000;
/** A page runs its clock on by itself in between. */
const CLOCK_EVERY_MS = 5000;
/** A browser that reads nothing for this long is dropped; it comes back and resumes. */
const LONGEST_BLOCK_MS = 30_000;
const MOST_CLIENTS = 300;
const PAGE = 200;

/**
 * The live stream of all browsers. Changes of windows and cameras may be skipped by a slow reader, who gets the newest;
 * steps never: each browser walks the ledger by itself, at its own speed.
 */
export function eventStream({ ledger, live, clock, log, hallClock }: EventStreamDeps): EventStream {
  const listeners = new Set<Listener>();
  let dropped = 0;

  const drop = (listener: Listener): void => {
    if (!listeners.delete(listener)) return;
    listener.client.end();
  };
  /** A view that throws costs its own browser the connection and nobody else anything. */
  const guarded = (listener: Listener, run: () => void): void => {
    try {
      run();
    } catch (err) {
      log.error({ err }, 'live stream of a client failed');
      drop(listener);
    }
  };
  const pump = (listener: Listener): void => {
    for (;;) {
      const steps = ledger.stepsAfter(listener.sent, PAGE);
      for (const stored of steps) {
        const data = listener.view.step(stored);
        if (data !== undefined && !listener.client.step(stored.seq, 'step', data)) return;
        listener.sent = stored.seq;
      }
      if (steps.length < PAGE) return;
    }
  };

  const unsubscribe = live.subscribe((change) => {
    for (const listener of listeners) {
      guarded(listener, () => {
        if (change.type === 'step') return pump(listener);
        const data = listener.view.change(change);
        if (data !== undefined) listener.client.change(keyOf(change), change.type, data);
      });
    }
  });

  const heartbeat = clock.every(HEARTBEAT_MS, () => {
    const nowMs = clock.monotonicMs();
    for (const listener of [...listeners]) {
      guarded(listener, () => {
        if (!listener.view.alive()) return drop(listener);
        if (listener.client.blockedMs(nowMs) > LONGEST_BLOCK_MS) {
          dropped += 1;
          return drop(listener);
        }
        // Also finds steps that were committed without a word to the hub.
        pump(listener);
        listener.client.comment();
      });
    }
  });

  const ticking = clock.every(CLOCK_EVERY_MS, () => {
    const now = hallClock();
    for (const listener of [...listeners]) {
      guarded(listener, () => listener.client.change('clock', 'clock', now));
    }
  });

  return {
    open(response, view, after) {
      if (listeners.size >= MOST_CLIENTS) throw new ApiError('too-many', { retryAfterS: 30 });
      const newest = ledger.lastSeq();
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      response.write('retry: 2000\n\n');
      const onDrain = (): void => guarded(listener, () => pump(listener));
      const client = eventClient(response, { nowMs: () => clock.monotonicMs(), onDrain });
      // A number beyond the ledger comes from another ledger: begin at the end of this one.
      const listener: Listener = { client, view, sent: after === undefined || after > newest ? newest : after };
      listeners.add(listener);
      response.once('close', () => drop(listener));
      guarded(listener, () => {
        client.change('snapshot', 'snapshot', view.snapshot(newest));
        pump(listener);
      });
    },
    workflowMoved(incident) {
      for (const listener of listeners) {
        guarded(listener, () => {
          const data = listener.view.workflow(incident);
          if (data !== undefined) listener.client.change(`workflow ${incident}`, 'workflow', data);
        });
      }
    },
    stats: () => ({ clients: listeners.size, dropped }),
    close() {
      unsubscribe();
      heartbeat.cancel();
      ticking.cancel();
      for (const listener of [...listeners]) drop(listener);
    },
  };
}

function keyOf(change: Exclude<LiveChange, { type: 'step' }>): string {
  switch (change.type) {
    case 'window':
      return `window ${change.window.id}`;
    case 'room':
      return `room ${change.room.id}`;
    case 'camera':
      return `camera ${change.camera.id}`;
  }
}
