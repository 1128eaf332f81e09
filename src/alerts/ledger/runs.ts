import type { CameraId, SubjectId } from '../../core/ids.js';
import type { Observation, ObservationKind } from '../../core/observation.js';
import type { EventMs } from '../../core/time.js';
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

/** What a run says and when: all that time is summed from. */
export type SeenRun = Pick<ObservationRun, 'firstAt' | 'lastAt' | 'value'>;

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

/** Kinds that are looked for more rarely than people are: the distance at which their looks are still one run, ms. */
const SLOW_KINDS_MS: Readonly<Record<string, number>> = { desk: 90_000, smile: 30_000, phone: 30_000 };

/** True where the look says what the run says and follows it within `staleAfterMs`. */
export function continues(run: ObservationRun, o: Observation, staleAfterMs: number): boolean {
  return (
    o.at >= run.lastAt &&
    o.at - run.lastAt <= Math.max(staleAfterMs, SLOW_KINDS_MS[o.kind] ?? 0) &&
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
