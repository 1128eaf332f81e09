import type { IncidentId, SubjectId } from '../../core/ids.js';
import type { AlertStep } from '../../core/incident.js';
import type { Priority, RuleName, Seen } from '../../core/rule.js';
import type { EventMs } from '../../core/time.js';

/** An incident of which the rule has said that it may come. Nobody was told. */
export interface PendingIncident {
  phase: 'pending';
  id: IncidentId;
  start: EventMs;
}

/** An incident that was told and has not ended. */
export interface ActiveIncident {
  phase: 'open' | 'escalated';
  id: IncidentId;
  start: EventMs;
  ruleVersion: string;
  priority: Priority;
  tier: number;
  /** Steps told so far. */
  ordinal: number;
  seen: Seen;
}

/** What is remembered of one subject and one rule. Plain JSON. */
export interface MachineState {
  current: PendingIncident | ActiveIncident | null;
  /** Ids of incidents that have ended, oldest first, at most `REMEMBERED`. */
  ended: IncidentId[];
}

/** Ended incidents remembered a subject and rule: far more than a day holds, so that a rebuilt day finds its own. */
const REMEMBERED = 512;

export const initialMachine: MachineState = { current: null, ended: [] };

/** The key under which the machine of a subject and rule is kept. */
export const machineKey = (rule: RuleName, subject: SubjectId): string => `${rule}/${subject}`;

/** The state after an incident has ended. */
export function withEnded(state: MachineState, id: IncidentId): MachineState {
  const others = state.ended.filter((known) => known !== id);
  return { current: null, ended: [...others, id].slice(-REMEMBERED) };
}

/** The state after a step was told. */
export function afterStep(state: MachineState, step: AlertStep): MachineState {
  if (step.step === 'ended') return withEnded(state, step.id);
  const { id, start, ruleVersion, priority, tier, ordinal, seen, step: phase } = step;
  return { ...state, current: { phase, id, start, ruleVersion, priority, tier, ordinal, seen } };
}

/**
 * Rebuilds the machines from steps the ledger holds, ascending in `seq`: all steps of the span that the rules will be
 * fed again, and those of incidents still open. The last step of an incident is enough. Keys are `machineKey`.
 */
export function restoreMachines(steps: Iterable<AlertStep>): Map<string, MachineState> {
  const machines = new Map<string, MachineState>();
  for (const step of steps) {
    const key = machineKey(step.rule, step.subject);
    const before = machines.get(key) ?? initialMachine;
    const after = afterStep(before, step);
    // An incident that ended leaves alone another one that opened in the meantime.
    const keep = step.step === 'ended' && before.current !== null && before.current.id !== step.id;
    machines.set(key, keep ? { ...after, current: before.current } : after);
  }
  return machines;
}
