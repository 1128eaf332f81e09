import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialMachine, restoreMachines } from '../../../src/alerts/machine/machineState.js';
import { type MachineContext, stepMachine } from '../../../src/alerts/machine/stepMachine.js';
import { windowId } from '../../../src/core/ids.js';
import type { AlertStep } from '../../../src/core/incident.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { absenceRule } from '../../../src/detectors/rules/absence.js';
import { observationsOfRuns, rebuildRule } from '../../../src/detectors/rules/rebuild.js';
import { looksAt, phases, quick, runsOf } from '../../detectors/rules/truth.js';

const rule = absenceRule(quick);
const context: MachineContext = { site: 'hall', rule: 'absence', ruleVersion: rule.version, subject: windowId('A01') };

/** Tells events to a ledger of steps through the machine that the ledger restores. */
function tell(ledger: AlertStep[], events: RuleEvent[]): void {
  let state = restoreMachines(ledger).get('absence/A01') ?? initialMachine;
  for (const event of events) {
    const [next, decision] = stepMachine(state, event, context);
    state = next;
    if (decision.type === 'steps') ledger.push(...decision.steps);
  }
}

describe('rule and machine together, killed at any instants', () => {
  it('the ledger holds the same steps as if nothing had happened', () => {
    const kills = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 6 });
    fc.assert(
      fc.property(phases({ unknown: true, down: true }), kills, (list, deaths) => {
        const looks = looksAt(list, 2000);
        const quiet: AlertStep[] = [];
        tell(quiet, rebuildRule(rule, looks)[1]);

        const ledger: AlertStep[] = [];
        const instants = deaths.map(([where, lost]) => ({ cut: Math.floor(where * looks.length), lost }));
        instants.sort((a, b) => a.cut - b.cut);
        let from = 0;
        for (const { cut, lost } of [...instants, { cut: looks.length, lost: false }]) {
          // A start: the stored runs go through the rule again, then life goes on until the next death.
          const stored = runsOf(looks.slice(0, from), quick.staleAfter);
          const [state, again] = rebuildRule(rule, observationsOfRuns(windowId('A01'), stored, quick.staleAfter));
          const [, events] = rebuildRule({ ...rule, initial: state }, looks.slice(from, cut));
          // `lost`: the observations were stored, but the process died before the last events reached the ledger.
          tell(ledger, lost ? again : [...again, ...events]);
          from = cut;
        }
        expect(ledger).toEqual(quiet);
      }),
      { numRuns: 300 },
    );
  });
});
