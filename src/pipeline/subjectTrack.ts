import type { Box } from '../core/geometry.js';
import type { CameraId, SubjectId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { LiveChange } from '../core/live.js';
import type { Observation } from '../core/observation.js';
import type { RuleEvent, RuleName } from '../core/rule.js';
import type { EventMs } from '../core/time.js';
import type { CoverageSeconds } from '../detectors/rules/coverage.js';
import type { AttachedRule } from './attachedRule.js';
import type { Minute } from './minutes.js';

/** Whether a subject has to be attended at an instant, and until when that answer holds. */
export interface Expectation {
  expected: boolean;
  /** A stable code: `open`, `lunch`, `holiday`, ... */
  reason: string;
  /** The next instant at which the answer may change; undefined where it never does. */
  until: EventMs | undefined;
}

export interface RuleCoverage {
  rule: RuleName;
  seconds: CoverageSeconds;
}

/** Everything that is kept of one window or room: its rules, its sums, what the board shows. */
export interface SubjectTrack {
  readonly subject: SubjectId;
  readonly cameras: readonly CameraId[];
  /** Kinds that a camera gives and that turn unknown with it. */
  readonly kinds: readonly string[];
  /** Rules beside the first, so that a restart can rebuild them. */
  readonly attached: ReadonlyArray<Pick<AttachedRule<never>, 'restore' | 'rules'>>;
  /** The roster's word at an instant. */
  expectedAt(at: EventMs): Expectation;
  foresee(observation: Observation): RuleEvent[];
  /** When a rule will raise something by `at` if nothing else happens; empty where none will. */
  dueBy(at: EventMs): EventMs[];
  /** Further observations that this one leads to; the judge feeds and keeps them after it. */
  derive?(observation: Observation): Observation[];
  feed(observation: Observation): AlertStep[];
  end(at: EventMs): AlertStep[];
  coverage(): RuleCoverage[];
  minutes(at: EventMs): Minute[];
  /** What the board shows now. */
  live(): LiveChange;
  /** Boxes of the newest look, for a snapshot. */
  boxes(): Array<{ box: Box; label: string; score: number }>;
}
