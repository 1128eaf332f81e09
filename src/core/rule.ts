import type { Observation } from './observation.js';
import type { EventMs } from './time.js';

export type RuleName = 'absence' | 'desk' | 'sealedRoom' | 'speech' | (string & { readonly rule?: 'plug-in' });

/** `high` comes first on the board: absent *and* a citizen waiting, a stranger in a sealed room. */
export type Priority = 'normal' | 'high';

/** Time seen and not seen within a span; the numerator and the rest of coverage. All milliseconds. */
export interface Seen {
  observedMs: number;
  unknownMs: number;
}

/**
 * What a rule says about one subject. `start` is back-dated to the moment the condition began and never changes while
 * the condition lasts: it is part of the incident's identity.
 */
export type RuleEvent =
  | { type: 'pending'; at: EventMs; start: EventMs; detail?: RuleDetail }
  | { type: 'raise'; at: EventMs; start: EventMs; priority: Priority; tier: number; seen: Seen; detail?: RuleDetail }
  | { type: 'escalate'; at: EventMs; start: EventMs; priority: Priority; tier: number; seen: Seen; detail?: RuleDetail }
  | { type: 'end'; at: EventMs; start: EventMs; end: EventMs; reason: EndReason; seen: Seen }
  | { type: 'cancel'; at: EventMs; start: EventMs; reason: EndReason };

/** `returned`: the condition is over. `exempt`: the roster no longer expects it. `source-end`: the recording ended. */
export type EndReason = 'returned' | 'exempt' | 'source-end';

/** Facts for the reader: JSON values only, keys in snake_case, units in the name. */
export type RuleDetail = Record<string, string | number | boolean | null | string[] | number[]>;

/**
 * A pure rule. `step` must not look at a clock, and must give the same events for the same observations however they
 * are batched, replayed or resumed.
 */
export interface Rule<S> {
  name: RuleName;
  /** Version and parameters, kept with each incident. */
  version: string;
  parameters: RuleDetail;
  /** Observation kinds the rule wants, `tick` included. */
  wants: readonly string[];
  initial: S;
  step(state: S, observation: Observation): [S, RuleEvent[]];
  /** Closes what is under way where a recording ends at `at`. Without it nothing is closed. */
  end?(state: S, at: EventMs): [S, RuleEvent[]];
}
