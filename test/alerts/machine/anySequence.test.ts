import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialMachine, restoreMachines } from '../../../src/alerts/machine/machineState.js';
import { type MachineContext, stepMachine } from '../../../src/alerts/machine/stepMachine.js';
import { windowId } from '../../../src/core/ids.js';
import type { AlertStep } from '../../../src/core/incident.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { eventMs } from '../../../src/core/time.js';

const context: MachineContext = { site: 'hall', rule: 'absence', ruleVersion: 'v1', subject: windowId('A01') };

const anyEvent: fc.Arbitrary<RuleEvent> = fc
  .record({
    type: fc.constantFrom('pending', 'raise', 'escalate', 'end', 'cancel'),
    start: fc.integer({ min: 1, max: 4 }).map(eventMs),
    at: fc.integer({ min: 1, max: 100 }).map(eventMs),
    tier: fc.integer({ min: 0, max: 2 }),
    priority: fc.constantFrom('normal', 'high'),
  })
  .map(({ type, start, at, tier, priority }): RuleEvent => {
    const seen = { observedMs: 1, unknownMs: 0 };
    if (type === 'pending') return { type, at, start };
    if (type === 'cancel') return { type, at, start, reason: 'returned' };
    if (type === 'end') return { type, at, start, end: at, reason: 'returned', seen };
    return { type, at, start, priority, tier, seen } as RuleEvent;
  });

/** What happens at an event: it is handled, the process dies before the ledger has it, or dies right after. */
const fate = fc.constantFrom('handled', 'handled', 'handled', 'lost', 'restart');

/** Runs events against a ledger that keeps steps, with deaths in between. */
function ledgerAfter(history: ReadonlyArray<readonly [RuleEvent, string]>): AlertStep[] {
  const ledger: AlertStep[] = [];
  let state = initialMachine;
  for (const [event, what] of history) {
    const [next, decision] = stepMachine(state, event, context);
    if (what !== 'lost') {
      state = next;
      if (decision.type === 'steps') ledger.push(...decision.steps);
    }
    if (what !== 'handled') state = restoreMachines(ledger).get('absence/A01') ?? initialMachine;
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  }
  return ledger;
}

describe('whatever comes, in whatever order, with deaths at any instant', () => {
  const history = fc.array(fc.tuple(anyEvent, fate), { maxLength: 60 });

  it('each step is told at most once and in legal order', () => {
    fc.assert(
      fc.property(history, (events) => {
        const steps = ledgerAfter(events);
        for (const id of new Set(steps.map((step) => step.id))) {
          const life = steps.filter((step) => step.id === id);
          expect(life.map((step) => step.ordinal)).toEqual(life.map((_, index) => index + 1));
          expect(life.map((step) => step.step).join(' ')).toMatch(/^open( escalated)*( ended)?$/);
          expect(new Set(life.map((step) => step.start)).size).toBe(1);
          const told = life
            .filter((step) => step.step !== 'ended')
            .map((step) => step.tier * 2 + Number(step.priority === 'high'));
          expect([...told].sort((a, b) => a - b)).toEqual(told);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never more than one incident is open', () => {
    fc.assert(
      fc.property(history, (events) => {
        const open = new Set<string>();
        for (const step of ledgerAfter(events)) {
          if (step.step === 'ended') open.delete(step.id);
          else open.add(step.id);
          expect(open.size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
