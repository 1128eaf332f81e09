import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { SubjectId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { LabelledBox, Observation } from '../core/observation.js';
import type { Rule, RuleEvent } from '../core/rule.js';
import type { EventMs } from '../core/time.js';
import type { RuleCoverage } from './subjectTrack.js';

/** What a restart has to go on with. */
export interface RestoreContext {
  ledger: Ledger;
  site: string;
  /** Event time of the newest look in the ledger. */
  newest: EventMs;
}

/**
 * A further rule of a window or a room beside its first one: desk order, a sealed room, spoken words. `L` is what the
 * board shows of such a subject. Everything is fed in event-time order, the `tick` and `expected` kinds included.
 */
export interface AttachedRule<L> {
  /** Name, version and parameters of each rule in it, kept with the incidents. */
  readonly rules: ReadonlyArray<Pick<Rule<unknown>, 'name' | 'version' | 'parameters'>>;
  /** Kinds that the subject's cameras give for it and that turn unknown with them; none for what people or sound give. */
  readonly kinds: readonly string[];
  /** Further observations that this one leads to: fed to the same subject after it, and kept with it. */
  derive?(observation: Observation): Observation[];
  feed(observation: Observation): AlertStep[];
  /** What its rules would say to this observation; nothing is kept. Absent where nothing falls due by itself. */
  foresee?(observation: Observation): RuleEvent[];
  /** The recording is over: closes what is under way. */
  end(at: EventMs): AlertStep[];
  /** Takes up what a restart interrupted; returns the steps that were swallowed. */
  restore?(context: RestoreContext): AlertStep[];
  coverage?(): RuleCoverage[];
  /** Its part of the live view. */
  live?(): Partial<L>;
  /** Boxes of its newest look, for a snapshot. */
  boxes?(): LabelledBox[];
}

/** Instants up to `at` at which something is raised if nothing else happens until then. */
export const raisedBy = (
  at: EventMs,
  subject: SubjectId,
  rules: ReadonlyArray<Pick<AttachedRule<never>, 'foresee'>>,
): EventMs[] =>
  rules
    .flatMap((rule) => rule.foresee?.({ subject, kind: 'tick', at, value: true }) ?? [])
    .flatMap((event) => (event.type === 'raise' ? [event.at] : []));

/** The live parts of all attached rules in one. */
export const liveParts = <L>(rules: readonly AttachedRule<L>[]): Partial<L> =>
  Object.assign({}, ...rules.map((rule) => rule.live?.() ?? {})) as Partial<L>;
