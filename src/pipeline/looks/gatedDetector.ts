import type { Detector } from '../../core/detector.js';
import type { Frame } from '../../core/frame.js';
import type { Observation } from '../../core/observation.js';
import { type Decision, decide, type VerdictOptions, type VerdictState, verified } from './verdict.js';

export interface GatedDetectorOptions extends VerdictOptions {
  /** Told of every decision, for the metrics. */
  onDecision?(decision: Decision): void;
}

/**
 * A detector that is asked only where its last answer may no longer hold (`verdict.ts`). Where it holds, the answer is given again
 * for the new moment: "as verified, and nothing has changed since" is an observation, too. Frames without a small gray picture are
 * always looked at. For one camera whose frames come one after the other.
 */
export function gatedDetector(detector: Detector, options: GatedDetectorOptions): Detector {
  let state: VerdictState | undefined;
  let last: Observation[] = [];

  const look = async (frame: Frame, signal: AbortSignal): Promise<Observation[]> => {
    last = await detector.observe(frame, signal);
    const said = last.map(({ subject, kind, value }) => `${subject} ${kind} ${value}`).join('\n');
    if (frame.gray) state = verified(state, { gray: frame.gray, at: frame.at, said });
    return last;
  };

  return {
    kind: detector.kind,
    async observe(frame, signal) {
      if (!frame.gray) return look(frame, signal);
      const [next, decision] = decide(state, { gray: frame.gray, at: frame.at }, options);
      state = next;
      options.onDecision?.(decision);
      if (decision !== 'repeat') return look(frame, signal);
      return last.map((observation) => ({ ...observation, at: frame.at, verifiedAt: observation.at }));
    },
  };
}
