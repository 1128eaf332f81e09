import type { WindowId } from './ids.js';
import type { EventMs } from './time.js';

/** How a session ended: the citizen left, the queue system said so, nobody could see it any more, the recording ended. */
export type ServiceEnd = 'gone' | 'queue' | 'lost' | 'source-end';

/** A step of a service that the queue system told of. */
export interface ServiceStep {
  event: string;
  at: EventMs;
}

/**
 * One citizen at one window, or one who waited there and left unserved. Nobody is identified: a session has no person,
 * a ticket is the queue system's number. All durations are milliseconds.
 */
export interface ServiceSession {
  window: WindowId;
  /** `abandoned`: waited at the window without staff and left. */
  kind: 'served' | 'abandoned';
  /** Who drew its bounds. */
  source: 'camera' | 'queue';
  /** Served: when a citizen and staff were first there together. Abandoned: when the citizen came. */
  start: EventMs;
  /** When the citizen was last there. */
  end: EventMs;
  /** From the citizen's coming until staff was there. */
  waitMs: number;
  /** `end` - `start`; 0 for an abandoned wait. */
  serviceMs: number;
  /** Part of it in which nobody could tell. */
  unknownMs: number;
  endedBy: ServiceEnd;
  ticket?: string;
  steps: ServiceStep[];
  /** Only where smiles are counted: time a judgeable face of staff was seen, and of it time with a smile. */
  smile?: { faceMs: number; smileMs: number };
}
