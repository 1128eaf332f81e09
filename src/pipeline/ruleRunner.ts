import { initialMachine, type MachineState } from '../alerts/machine/machineState.js';
import { type Decision, type MachineContext, stepMachine } from '../alerts/machine/stepMachine.js';
import type { AlertStep } from '../core/incident.js';
import type { Observation } from '../core/observation.js';
import type { Rule, RuleEvent } from '../core/rule.js';
import type { EventMs } from '../core/time.js';

/** One rule over one subject with its alert machine: observations in, steps out. */
export interface RuleRunner<S> {
  readonly rule: Rule<S>;
  state(): S;
  /** What the rule would say to this observation; nothing is kept. */
  foresee(observation: Observation): RuleEvent[];
  feed(observation: Observation): AlertStep[];
  /** The recording is over: closes what is under way. */
  end(at: EventMs): AlertStep[];
  /** Takes up a state rebuilt from the ledger, tells what a crash swallowed, and returns those steps. */
  resume(state: S, machine: MachineState, events: RuleEvent[]): AlertStep[];
  /** Goes on under other parameters from where it is: an incident that is open keeps the version it was found with. */
  change(next: Rule<S>): void;
  /** Goes on from another state of the rule; the machine stays. */
  takeUp(state: S, events: RuleEvent[]): AlertStep[];
}

/** Binds a rule to a subject. */
export function ruleRunner<S>(first: Rule<S>, firstContext: MachineContext): RuleRunner<S> {
  let rule = first;
  let context = firstContext;
  let state = rule.initial;
  let machine: MachineState = initialMachine;

  const tell = (events: RuleEvent[]): AlertStep[] =>
    events.flatMap((event) => {
      const [next, decision]: [MachineState, Decision] = stepMachine(machine, event, context);
      machine = next;
      return decision.type === 'steps' ? decision.steps : [];
    });

  return {
    get rule() {
      return rule;
    },
    state: () => state,
    change(next) {
      rule = next;
      context = { ...context, ruleVersion: next.version };
    },
    foresee: (observation) => (rule.wants.includes(observation.kind) ? rule.step(state, observation)[1] : []),
    feed(observation) {
      if (!rule.wants.includes(observation.kind)) return [];
      const [next, events] = rule.step(state, observation);
      state = next;
      return tell(events);
    },
    end(at) {
      if (!rule.end) return [];
      const [next, events] = rule.end(state, at);
      state = next;
      return tell(events);
    },
    resume(rebuilt, known, events) {
      state = rebuilt;
      machine = known;
      return tell(events);
    },
    takeUp(next, events) {
      state = next;
      return tell(events);
    },
  };
}
