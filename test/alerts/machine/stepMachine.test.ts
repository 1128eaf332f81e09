import { describe, expect, it } from 'vitest';
import { initialMachine, type MachineState, restoreMachines } from '../../../src/alerts/machine/machineState.js';
import { type Decision, type MachineContext, stepMachine } from '../../../src/alerts/machine/stepMachine.js';
import { windowId } from '../../../src/core/ids.js';
import { type AlertStep, incidentId } from '../../../src/core/incident.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { eventMs } from '../../../src/core/time.js';

const context: MachineContext = { site: 'hall', rule: 'absence', ruleVersion: 'v1', subject: windowId('A01') };
const idOf = (start: number) => incidentId('hall', 'absence', windowId('A01'), eventMs(start));
const seen = { observedMs: 900, unknownMs: 100 };

const pending = (start: number): RuleEvent => ({ type: 'pending', at: eventMs(start + 20), start: eventMs(start) });
const raise = (start: number, tier = 0): RuleEvent => ({
  ...{ type: 'raise', at: eventMs(start + 900), start: eventMs(start), priority: 'normal', tier, seen },
  detail: { absent_s: 900 },
});
const escalate = (start: number, tier: number, priority: 'normal' | 'high' = 'normal'): RuleEvent => ({
  ...{ type: 'escalate', at: eventMs(start + 1000), start: eventMs(start), priority, tier, seen },
});
const end = (start: number): RuleEvent => ({
  ...{ type: 'end', at: eventMs(start + 2005), start: eventMs(start), end: eventMs(start + 2000) },
  ...{ reason: 'returned', seen },
});
const cancel = (start: number): RuleEvent => ({
  ...{ type: 'cancel', at: eventMs(start + 50), start: eventMs(start), reason: 'returned' },
});

function run(events: RuleEvent[], from: MachineState = initialMachine): { state: MachineState; decisions: Decision[] } {
  const decisions: Decision[] = [];
  let state = from;
  for (const event of events) {
    const [next, decision] = stepMachine(state, event, context);
    state = next;
    decisions.push(decision);
  }
  return { state, decisions };
}

/** One word a decision: the steps it told, or what it was instead. */
const words = (events: RuleEvent[], from?: MachineState): string[] =>
  run(events, from).decisions.map((decision) => {
    if (decision.type === 'steps') return decision.steps.map((step) => `${step.step}#${step.ordinal}`).join('+');
    return decision.type === 'refused' ? decision.reason : decision.type;
  });

describe('what becomes of rule events', () => {
  it.each<[string, RuleEvent[], string[]]>([
    ['a whole life', [pending(1), raise(1), escalate(1, 1), end(1)], ['pending', 'open#1', 'escalated#2', 'ended#3']],
    ['a pending that came to nothing', [pending(1), cancel(1)], ['pending', 'cancelled']],
    ['a pending told twice', [pending(1), pending(1)], ['pending', 'already-pending']],
    ['a raise told twice', [raise(1), raise(1)], ['open#1', 'already-told']],
    ['a pending after its raise', [raise(1), pending(1)], ['open#1', 'already-told']],
    ['a tier told twice', [raise(1), escalate(1, 1), escalate(1, 1)], ['open#1', 'escalated#2', 'already-told']],
    [
      'a lower tier after a higher',
      [raise(1), escalate(1, 2), escalate(1, 1)],
      ['open#1', 'escalated#2', 'already-told'],
    ],
    ['priority at the same tier', [raise(1), escalate(1, 0, 'high')], ['open#1', 'escalated#2']],
    [
      'a later tier keeps the priority',
      [raise(1), escalate(1, 0, 'high'), escalate(1, 1)],
      ['open#1', 'escalated#2', 'escalated#3'],
    ],
    ['an escalation whose raise was lost', [escalate(1, 1), raise(1)], ['open#1', 'already-told']],
    ['an end of nothing', [end(1)], ['unknown-incident']],
    ['a cancel of nothing', [cancel(1)], ['unknown-incident']],
    ['a cancel of another pending', [pending(2), cancel(1)], ['pending', 'unknown-incident']],
    [
      'an ended incident never opens again',
      [raise(1), end(1), raise(1), pending(1), end(1)],
      ['open#1', 'ended#2', 'already-ended', 'already-ended', 'already-ended'],
    ],
    ['a cancel of an open incident ends it', [raise(1), cancel(1)], ['open#1', 'ended#2']],
    ['a newer raise shows that an end was lost', [raise(1), raise(5000)], ['open#1', 'ended#2+open#1']],
    ['a newer pending leaves the open one alone', [raise(1), pending(5000), end(1)], ['open#1', 'pending', 'ended#2']],
    [
      'late events of an older incident',
      [raise(5000), raise(1), pending(1), end(1)],
      ['open#1', 'older-than-open', 'older-than-open', 'older-than-open'],
    ],
    [
      'a pending that moved after a clock step',
      [pending(5000), pending(1), raise(1)],
      ['pending', 'pending', 'open#1'],
    ],
  ])('%s', (_, events, expected) => {
    expect(words(events)).toEqual(expected);
  });

  it('gives a step everything a reader needs', () => {
    const { decisions } = run([raise(1), end(1)]);
    const steps = decisions.flatMap((decision) => (decision.type === 'steps' ? decision.steps : []));
    const common = {
      id: idOf(1),
      rule: 'absence',
      ruleVersion: 'v1',
      subject: 'A01',
      start: 1,
      priority: 'normal',
      tier: 0,
      seen,
    };
    expect(steps).toEqual([
      { ...common, step: 'open', ordinal: 1, at: 901, detail: { absent_s: 900 } },
      { ...common, step: 'ended', ordinal: 2, at: 2006, end: 2001, endReason: 'returned' },
    ]);
  });

  it('ends the lost incident where the newer one began', () => {
    const { decisions } = run([raise(1), raise(5000)]);
    const last = decisions.at(-1)!;
    expect(last.type === 'steps' && last.steps[0]).toMatchObject({
      id: idOf(1),
      end: 5000,
      endReason: 'returned',
      seen,
    });
  });

  it('an incident keeps the rule version it was opened under', () => {
    const [opened] = stepMachine(initialMachine, raise(1), context);
    const [, decision] = stepMachine(opened, escalate(1, 1), { ...context, ruleVersion: 'v2' });
    expect(decision.type === 'steps' && decision.steps[0]!.ruleVersion).toBe('v1');
  });
});

describe('after a restart', () => {
  const stepsOf = (events: RuleEvent[]): AlertStep[] =>
    run(events).decisions.flatMap((decision) => (decision.type === 'steps' ? decision.steps : []));
  const restored = (events: RuleEvent[]): MachineState => restoreMachines(stepsOf(events)).get('absence/A01')!;

  it('a re-raise of what is known tells nothing, and the next step has the next number', () => {
    const state = restored([raise(1), escalate(1, 1)]);
    expect(words([pending(1), raise(1), escalate(1, 1), escalate(1, 2), end(1)], state)).toEqual([
      ...['already-told', 'already-told', 'already-told', 'escalated#3', 'ended#4'],
    ]);
  });

  it('an end that the crash swallowed is told once', () => {
    expect(words([raise(1), end(1), end(1)], restored([raise(1)]))).toEqual([
      'already-told',
      'ended#2',
      'already-ended',
    ]);
  });

  it('the last step of each incident is enough, and an older end leaves the open one alone', () => {
    const [, endedOne] = stepsOf([raise(1), end(1)]);
    const [openTwo] = stepsOf([raise(5000)]);
    const state = restoreMachines([openTwo!, endedOne!]).get('absence/A01')!;
    expect(words([raise(1), raise(5000), end(5000)], state)).toEqual(['already-ended', 'already-told', 'ended#2']);
  });

  it('forgets the oldest ended incidents only beyond 512', () => {
    let state = initialMachine;
    for (let n = 0; n < 600; n++) state = run([raise(n * 3000 + 1), end(n * 3000 + 1)], state).state;
    expect(state.ended).toHaveLength(512);
    expect(words([raise(599 * 3000 + 1)], state)).toEqual(['already-ended']);
  });
});
