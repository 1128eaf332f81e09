import type { RoomConfig } from '../core/config/schema.js';
import { cameraId, roomId } from '../core/ids.js';
import type { RoomLive } from '../core/live.js';
import type { LabelledBox } from '../core/observation.js';
import { eventMs } from '../core/time.js';
import { type CoverageState, coverageSeconds, initialCoverage, stepCoverage } from '../detectors/rules/coverage.js';
import { type AttachedRule, liveParts, raisedBy } from './attachedRule.js';
import { minuteBook } from './minutes.js';
import type { SubjectTrack } from './subjectTrack.js';

const STALE_AFTER_MS = 10_000;

/** Makes the track of one evaluation room: who is counted in it, and how much of the time anybody could tell. */
export function roomTrack(room: RoomConfig, attached: readonly AttachedRule<RoomLive>[] = []): SubjectTrack {
  const coverageOptions = { minStaff: 1, staleAfterMs: STALE_AFTER_MS };
  let coverage: CoverageState = initialCoverage(coverageOptions);
  const book = minuteBook();
  let persons: number | 'unknown' = 'unknown';
  let since = eventMs(0);
  let reason: string | undefined;
  let boxes: LabelledBox[] = [];

  return {
    subject: roomId(room.id),
    cameras: room.cameras.map(cameraId),
    kinds: ['persons', ...attached.flatMap((rule) => rule.kinds)],
    attached,
    expectedAt: () => ({ expected: true, reason: 'always', until: undefined }),
    foresee: () => [],
    dueBy: (at) => raisedBy(at, roomId(room.id), attached),
    derive: (observation) => attached.flatMap((rule) => rule.derive?.(observation) ?? []),
    feed(observation) {
      // The same bookkeeping as a window's: a room is "present" while anybody is in it.
      const kind = observation.kind === 'persons' ? 'staff' : observation.kind;
      const [next, spans] = stepCoverage(coverage, { ...observation, kind }, coverageOptions);
      coverage = next;
      book.add(spans);
      const steps = attached.flatMap((rule) => rule.feed(observation));
      if (observation.kind !== 'persons') return steps;
      const count = observation.value === 'unknown' ? 'unknown' : Number(observation.value);
      if (count !== persons) since = observation.at;
      persons = count;
      reason = observation.reason;
      boxes = observation.boxes ?? [];
      return steps;
    },
    end: (at) => attached.flatMap((rule) => rule.end(at)),
    coverage: () => [
      { rule: 'sealedRoom', seconds: coverageSeconds(coverage) },
      ...attached.flatMap((rule) => rule.coverage?.() ?? []),
    ],
    minutes: (at) => book.take(at),
    boxes() {
      // What a rule says of a person says more than the person's box alone.
      const judged = attached.flatMap((rule) => rule.boxes?.() ?? []);
      return judged.length > 0 ? judged : boxes;
    },
    live: () => ({
      type: 'room',
      room: {
        id: roomId(room.id),
        persons,
        since,
        speech: 'off',
        speechReason: 'no-engine',
        ...(reason === undefined ? {} : { reason }),
        ...liveParts(attached),
      },
    }),
  };
}
