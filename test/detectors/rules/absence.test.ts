import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/core/observation.js';
import { eventMs } from '../../../src/core/time.js';
import { absenceRule, endAbsence } from '../../../src/detectors/rules/absence.js';
import type { AbsenceState } from '../../../src/detectors/rules/absenceState.js';
import { rebuildRule, reconcileAbsence } from '../../../src/detectors/rules/rebuild.js';
import { windowStateOf } from '../../../src/detectors/rules/windowState.js';
import { describeEvent, ORIGIN, observationsOf, observe, parametersOf, readScenarios } from './scenario.js';

describe('the absence rule, scenario by scenario', () => {
  it.each(readScenarios('absence.yaml'))('$name', (scenario) => {
    const [, events] = rebuildRule(absenceRule(parametersOf(scenario.rule)), observationsOf(scenario));
    expect(events.map((event, index) => describeEvent(event, scenario.expect[index]))).toEqual(scenario.expect);
  });
});

/** Looks each second from `from` to before `to`, seconds. */
const looks = (from: number, to: number, staff: number | 'unknown'): Observation[] =>
  Array.from({ length: to - from }, (_, index) => observe('staff', (from + index) * 1000, staff));

const rule = absenceRule(parametersOf());
const reached = (observations: Observation[]): AbsenceState => rebuildRule(rule, observations)[0];
const at = (seconds: number) => eventMs(ORIGIN + seconds * 1000);

describe('the rule itself', () => {
  it('equal parameters are one version, and any other parameter is another', () => {
    expect(absenceRule(parametersOf({ minStaff: 1 })).version).toBe(rule.version);
    expect(absenceRule(parametersOf({ minStaff: 2 })).version).not.toBe(rule.version);
    expect(rule.version).toMatch(/^[0-9a-f]{12}$/);
  });

  it('starts at a whole millisecond, so that a start which went through the ledger gives the same incident id', () => {
    const [, events] = rebuildRule(rule, [observe('staff', 0.4, 0), ...looks(1, 25, 0)]);
    expect(events).toEqual([{ type: 'pending', at: at(20), start: at(0) }]);
  });

  it('tells its parameters in seconds', () => {
    expect(rule.parameters).toMatchObject({ absent_after_s: 900, miss_grace_s: 20, return_hold_s: 5, tiers_s: [] });
  });

  it('counts nothing before a roster that exists has spoken', () => {
    const waiting = absenceRule(parametersOf(), { expectedAtStart: 'unknown' });
    const early = looks(0, 1000, 0);
    expect(rebuildRule(waiting, early)[1]).toEqual([]);
    const [, events] = rebuildRule(waiting, [...early, observe('expected', 1_000_000, true), ...looks(1000, 1021, 0)]);
    expect(events).toEqual([{ type: 'pending', at: at(1020), start: at(1000) }]);
  });

  it('the end of a recording closes an open incident, cancels a pending one and leaves an undecided return out', () => {
    const open = reached([...looks(0, 901, 0), ...looks(901, 904, 1)]);
    expect(endAbsence(open, at(904))[1]).toEqual([
      {
        ...{ type: 'end', at: at(904), start: at(0), end: at(904), reason: 'source-end' },
        ...{ seen: { observedMs: 901_000, unknownMs: 0 } },
      },
    ]);
    expect(endAbsence(reached(looks(0, 30, 0)), at(30))[1]).toEqual([
      { type: 'cancel', at: at(30), start: at(0), reason: 'source-end' },
    ]);
    expect(endAbsence(reached(looks(0, 30, 1)), at(30))[1]).toEqual([]);
  });
});

describe('an incident that the ledger holds open and the rebuilt state does not', () => {
  const open = { start: at(-3600), tier: 1, priority: 'high', seen: { observedMs: 3_000_000, unknownMs: 0 } } as const;
  const told = { open, hasEnded: () => false };

  it('ends when the person is seen for long enough', () => {
    const [state] = reconcileAbsence(reached(looks(0, 10, 0)), told);
    expect(windowStateOf(state)).toEqual({ state: 'absent', since: at(-3600) });
    const [, events] = rebuildRule({ ...rule, initial: state }, looks(10, 16, 1));
    expect(events).toEqual([
      {
        ...{ type: 'end', at: at(15), start: at(-3600), end: at(10), reason: 'returned' },
        seen: { observedMs: 3_001_000, unknownMs: 0 },
      },
    ]);
  });

  it('ends although the person was back before anything ran', () => {
    const [state] = reconcileAbsence(reached(looks(0, 3, 1)), told);
    expect(rebuildRule({ ...rule, initial: state }, looks(3, 9, 1))[1]).toMatchObject([
      { type: 'end', start: at(-3600) },
    ]);
  });

  it('escalates at once where a tier was passed before this rule knew of it', () => {
    const tiered = absenceRule(parametersOf({ tiers: ['20m', '40m', '2h'] }));
    const [state] = reconcileAbsence(rebuildRule(tiered, looks(0, 10, 0))[0], told);
    const [, events] = rebuildRule({ ...tiered, initial: state }, [observe('tick', 10_000, true)]);
    expect(events).toMatchObject([{ type: 'escalate', at: at(9), start: at(-3600), tier: 2, priority: 'high' }]);
  });

  it('ends at once where the window is exempt by now', () => {
    const exempt = reached([observe('expected', 0, false)]);
    expect(reconcileAbsence(exempt, told)[1]).toMatchObject([{ type: 'end', at: at(0), reason: 'exempt' }]);
  });

  it('goes on where nothing was stored at all', () => {
    const [state, events] = reconcileAbsence(rule.initial, told);
    expect(events).toEqual([]);
    expect(rebuildRule({ ...rule, initial: state }, looks(0, 6, 1))[1]).toMatchObject([{ type: 'end', end: at(0) }]);
  });
});

describe('an absence that the ledger knows to have ended', () => {
  it('is forgotten, so that the next one is a new one', () => {
    const told = { open: undefined, hasEnded: (start: number) => start === at(0) };
    const [state] = reconcileAbsence(reached(looks(0, 910, 0)), told);
    const [, events] = rebuildRule({ ...rule, initial: state }, looks(910, 1811, 0));
    expect(events).toMatchObject([
      { type: 'pending', start: at(910) },
      { type: 'raise', start: at(910), at: at(1810) },
    ]);
  });
});

describe('what the board shows', () => {
  it.each<[string, Observation[], { state: string; since: number }]>([
    ['somebody there', looks(0, 5, 1), { state: 'present', since: 0 }],
    [
      'a miss within the grace changes nothing',
      [...looks(0, 5, 1), ...looks(5, 20, 0)],
      { state: 'present', since: 0 },
    ],
    ['away since the first miss', [...looks(0, 5, 1), ...looks(5, 30, 0)], { state: 'away', since: 5 }],
    ['absent since the first miss', [...looks(0, 5, 1), ...looks(5, 910, 0)], { state: 'absent', since: 5 }],
    [
      'still absent while a return is not proved',
      [...looks(0, 905, 0), ...looks(905, 908, 1)],
      { state: 'absent', since: 0 },
    ],
    ['present since the return began', [...looks(0, 905, 0), ...looks(905, 911, 1)], { state: 'present', since: 905 }],
    ['unknown while blind', [...looks(0, 910, 0), ...looks(910, 920, 'unknown')], { state: 'unknown', since: 910 }],
    [
      'absent again after the blindness',
      [...looks(0, 910, 0), ...looks(910, 920, 'unknown'), ...looks(920, 921, 0)],
      { state: 'absent', since: 0 },
    ],
    [
      'unknown once the last look is stale',
      [...looks(0, 5, 1), observe('tick', 13_000, true), observe('tick', 15_000, true)],
      { state: 'unknown', since: 15 },
    ],
    ['exempt', [...looks(0, 5, 1), observe('expected', 5000, false)], { state: 'exempt', since: 5 }],
    ['an empty seat before anybody ever sat there', looks(0, 5, 0), { state: 'away', since: 0 }],
  ])('%s', (_, observations, expected) => {
    expect(windowStateOf(reached(observations))).toEqual({ state: expected.state, since: at(expected.since) });
  });

  it('nothing before the first observation', () => {
    expect(windowStateOf(rule.initial)).toBeUndefined();
  });
});
