import type { DetectedObject, ObjectFinder } from '../../detectors/persons/detectObjects.js';
import type { RoomFinder } from '../../detectors/roomDetector.js';
import { decide, type VerdictOptions, type VerdictState, verified } from './verdict.js';

const WHOLE = [0, 0, 1, 1] as const;
/** A person far back in a room is about one part in a hundred of the picture; what of them differs from the wall may be a fifth. */
const LEAST_SHARE = 0.0015;

/**
 * A room's finder that asks the network only where its last answer may no longer hold: something has moved anywhere in the picture, the
 * last two looks disagreed on how many there are, or the answer is old (`verdict.ts`). Following and faces go on with
 * each picture. Frames without a small gray picture are always looked at. For one camera whose frames come one after the other.
 */
export function gatedRoom(find: ObjectFinder, { verifyEveryMs }: Pick<VerdictOptions, 'verifyEveryMs'>): RoomFinder {
  const options: VerdictOptions = { region: WHOLE, leastShare: LEAST_SHARE, verifyEveryMs };
  let state: VerdictState | undefined;
  let last: DetectedObject[] = [];

  return async (frame, { sureScore, ...wanted }, signal) => {
    const { gray, at } = frame;
    if (gray) {
      const [next, decision] = decide(state, { gray, at }, options);
      state = next;
      if (state && decision === 'repeat') return { objects: last, verifiedAt: state.lookedAt };
    }
    last = await find(frame, wanted, signal);
    const said = last.flatMap(({ label, score }) => (score >= sureScore ? [label] : []));
    if (gray) state = verified(state, { gray, at, said: said.sort().join(' ') });
    return { objects: last };
  };
}
