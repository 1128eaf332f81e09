import type { WindowId } from './ids.js';
import type { EventMs } from './time.js';
import type { Truth } from './truth.js';

/** Whether the polite phrases of one service session were said. `not-due`: nobody had to wait. Words are not kept. */
export interface CourtesyOutcome {
  window: WindowId;
  /** Of the service session. */
  start: EventMs;
  greeting: Truth;
  farewell: Truth;
  wait: Truth | 'not-due';
}
