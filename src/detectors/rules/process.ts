import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Observation } from '../../core/observation.js';
import type { Rule, RuleDetail, RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** A step of a service with its bounds, milliseconds; at least one of them. */
export interface ProcessStep {
  name: string;
  from: string;
  to: string;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** Since when the step is under way, for which ticket, and whether it was told to be late. */
export interface ProcessState {
  since: EventMs | null;
  ticket: string | null;
  late: boolean;
}

const IDLE: ProcessState = { since: null, ticket: null, late: false };
/** Events that end a service whatever step is under way. */
const LAST = ['end', 'no-show', 'call'];

/**
 * 办件过程: one step of a service against its bounds, from the queue system's events. Pure. Reads `queue` (the event's name
 * in `reason`, `facts.ticket`) and `tick`. Longer than `atMost` raises at that instant and ends with the step; shorter than
 * `atLeast` is raised and ended at once. A step whose end never came is no finding once the next service begins: nobody
 * knows how long it took.
 */
export function processRule(step: ProcessStep, name: string): Rule<ProcessState> {
  const parameters: RuleDetail = {
    step: step.name,
    from: step.from,
    to: step.to,
    at_least_s: step.atLeast === undefined ? null : step.atLeast / 1000,
    at_most_s: step.atMost === undefined ? null : step.atMost / 1000,
  };
  return {
    name,
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters,
    wants: ['queue', 'tick'],
    initial: IDLE,
    step(state, observation) {
      const at = eventMs(Math.round(observation.at));
      const [timed, late] = tellLate(state, at, step, parameters);
      if (observation.kind !== 'queue') return [timed, late];
      const [next, events] = heard(timed, { ...observation, at }, { step, parameters });
      return [next, [...late, ...events]];
    },
    end: (state, at) => [IDLE, finish(state, at, 'source-end')],
  };
}

function tellLate(
  state: ProcessState,
  at: EventMs,
  step: ProcessStep,
  parameters: RuleDetail,
): [ProcessState, RuleEvent[]] {
  const { since, late, ticket } = state;
  if (since === null || late || step.atMost === undefined || at - since <= step.atMost) return [state, []];
  const raisedAt = eventMs(since + step.atMost + 1);
  const seen = { observedMs: step.atMost + 1, unknownMs: 0 };
  const detail = {
    ...parameters,
    took_s: (step.atMost + 1) / 1000,
    finding: 'too-long',
    ...(ticket ? { ticket } : {}),
  };
  return [
    { ...state, late: true },
    [{ type: 'raise', at: raisedAt, start: since, priority: 'normal', tier: 0, seen, detail }],
  ];
}

function heard(
  state: ProcessState,
  { at, reason: event = '', facts }: Observation,
  { step, parameters }: { step: ProcessStep; parameters: RuleDetail },
): [ProcessState, RuleEvent[]] {
  const ticket = typeof facts?.ticket === 'string' ? facts.ticket : null;
  const events: RuleEvent[] = [];
  let next = state;
  if (next.since !== null && event === step.to) {
    events.push(...tooShort(next, at, { step, parameters }), ...finish(next, at, 'returned'));
    next = IDLE;
  } else if (next.since !== null && LAST.includes(event)) {
    events.push(...finish(next, at, 'exempt'));
    next = IDLE;
  }
  if (event === step.from) next = { since: at, ticket, late: false };
  return [next, events];
}

function tooShort(
  state: ProcessState,
  at: EventMs,
  { step, parameters }: { step: ProcessStep; parameters: RuleDetail },
): RuleEvent[] {
  const start = state.since!;
  const tookMs = at - start;
  if (step.atLeast === undefined || tookMs >= step.atLeast) return [];
  const seen = { observedMs: tookMs, unknownMs: 0 };
  const detail = {
    ...parameters,
    took_s: tookMs / 1000,
    finding: 'too-short',
    ...(state.ticket ? { ticket: state.ticket } : {}),
  };
  return [
    { type: 'raise', at, start, priority: 'normal', tier: 0, seen, detail },
    { type: 'end', at, start, end: at, reason: 'returned', seen },
  ];
}

function finish({ since, late }: ProcessState, at: EventMs, reason: 'returned' | 'exempt' | 'source-end'): RuleEvent[] {
  if (since === null || !late) return [];
  return [{ type: 'end', at, start: since, end: at, reason, seen: { observedMs: at - since, unknownMs: 0 } }];
}
