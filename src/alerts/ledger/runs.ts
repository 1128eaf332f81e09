import type { CameraId, SubjectId } from '../../core/ids.js';
import type { Observation, ObservationKind } from '../../core/observation.js';
import { type EventMs, plusMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** Looks at one subject that said the same thing, one after the other, none further from the next than `staleAfterMs`. */
export interface ObservationRun {
  subject: SubjectId;
  kind: ObservationKind;
  value: Truth | number;
  reason?: string;
  camera?: CameraId;
  /** Event time of the first and of the last look; equal for a single one. */
  firstAt: EventMs;
  lastAt: EventMs;
  /** How many looks there were. */
  looks: number;
}

/** The run of one look. */
export const runOf = (o: Observation): ObservationRun => ({
  subject: o.subject,
  kind: o.kind,
  value: o.value,
  reason: o.reason,
  camera: o.camera,
  firstAt: o.at,
  lastAt: o.at,
  looks: 1,
});

/** True where the look says what the run says and follows it within `staleAfterMs`. */
export function continues(run: ObservationRun, o: Observation, staleAfterMs: number): boolean {
  return (
    o.at >= run.lastAt &&
    o.at - run.lastAt <= staleAfterMs &&
    o.value === run.value &&
    o.reason === run.reason &&
    o.camera === run.camera
  );
}

/** The run with one more look at its end. */
export const extended = (run: ObservationRun, o: Observation): ObservationRun => ({
  ...run,
  lastAt: o.at,
  looks: run.looks + 1,
});

/**
 * The looks a run stands for, at most `everyMs` apart: the first, the last, and what lies between evenly. Feeding them to
 * a rule rebuilds its timers as long as `everyMs` is at most the rule's `staleAfter`. Scores and boxes are not kept.
 */
export function observationsOf(run: ObservationRun, everyMs: number): Observation[] {
  const spanMs = run.lastAt - run.firstAt;
  const gaps = Math.ceil(spanMs / everyMs);
  const { subject, kind, value, reason, camera } = run;
  return Array.from({ length: gaps + 1 }, (_, i) => ({
    subject,
    kind,
    at: plusMs(run.firstAt, gaps === 0 ? 0 : Math.round((spanMs * i) / gaps)),
    value,
    ...(reason === undefined ? {} : { reason }),
    ...(camera === undefined ? {} : { camera }),
  }));
}
