import type { Frame } from './frame.js';
import type { Observation } from './observation.js';

/** Looks at a frame and says what it saw. Impure (it runs a network), but keeps no rule. */
export interface Detector {
  kind: string;
  observe(frame: Frame, signal: AbortSignal): Promise<Observation[]>;
}
