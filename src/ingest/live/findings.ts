import type { CameraFinding, HealthEvent } from '../../core/health.js';
import type { CameraId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';

/** Which findings of a camera stand, so that each is raised once and cleared once. */
export interface Findings {
  /** The change that this makes, or undefined where it was so before. */
  set(finding: CameraFinding, raised: boolean, at: EventMs, detail?: string): HealthEvent | undefined;
  has(finding: CameraFinding): boolean;
}

/** Nothing is raised at first. */
export function findingsOf(camera: CameraId): Findings {
  const standing = new Set<CameraFinding>();
  return {
    has: (finding) => standing.has(finding),
    set(finding, raised, at, detail) {
      if (standing.has(finding) === raised) return undefined;
      if (raised) standing.add(finding);
      else standing.delete(finding);
      const state = raised ? 'raised' : 'cleared';
      return { camera, finding, state, at, ...(detail === undefined ? {} : { detail }) };
    },
  };
}
