import fc from 'fast-check';
import type { Observation } from '../../../src/core/observation.js';
import type { Rule, RuleEvent } from '../../../src/core/rule.js';
import type { Truth } from '../../../src/core/truth.js';
import { rebuildRule, type StoredRun } from '../../../src/detectors/rules/rebuild.js';
import { observe, parametersOf } from './scenario.js';

/** Short durations, so that every boundary is met often. Seconds. */
export const quick = parametersOf({
  ...{ absentAfter: '30s', missGrace: '6s', returnHold: '4s', staleAfter: '8s', citizenWait: '5s' },
  ...{ tiers: ['50s', '80s'], minStaff: 2 },
});

/** What is so for a while. `down`: nothing runs, so neither looks nor ticks exist. */
export interface Phase {
  lengthS: number;
  staff: number | 'unknown';
  citizens: number | 'unknown';
  expected: Truth;
  down: boolean;
}

/** Lengths are even seconds: looks every 2 s, 1 s or 250 ms all meet each change at its instant. */
export const phases = (options: { unknown: boolean; down: boolean }): fc.Arbitrary<Phase[]> => {
  const unknown = options.unknown ? (['unknown'] as const) : [];
  return fc.array(
    fc.record({
      lengthS: fc.integer({ min: 1, max: 22 }).map((half) => half * 2),
      staff: fc.constantFrom(0, 0, 0, 1, 2, 3, ...unknown),
      citizens: fc.constantFrom(0, 0, 1, 2, ...unknown),
      expected: fc.constantFrom<Truth>(true, true, true, true, true, true, true, false, ...unknown),
      down: options.down ? fc.constantFrom(false, false, false, false, true) : fc.constant(false),
    }),
    { minLength: 1, maxLength: 14 },
  );
};

export const lengthOf = (list: readonly Phase[]): number => list.reduce((sum, phase) => sum + phase.lengthS * 1000, 0);

/** The looks that a camera takes of the phases, one each `everyMs`, and the roster's word at each change. */
export function looksAt(list: readonly Phase[], everyMs: number): Observation[] {
  const looks: Observation[] = [];
  let begin = 0;
  let expected: Truth = true;
  for (const phase of list) {
    const lengthMs = phase.lengthS * 1000;
    if (phase.down) {
      begin += lengthMs;
      continue;
    }
    if (phase.expected !== expected) looks.push(observe('expected', begin, phase.expected));
    expected = phase.expected;
    for (let at = 0; at < lengthMs; at += everyMs) {
      looks.push(observe('staff', begin + at, phase.staff), observe('citizens', begin + at, phase.citizens));
    }
    begin += lengthMs;
  }
  return looks;
}

/** The runs a ledger keeps of the looks: split where the value changes or looks lie further apart than `staleAfterMs`. */
export function runsOf(observations: readonly Observation[], staleAfterMs: number): StoredRun[] {
  const runs: StoredRun[] = [];
  const newest = new Map<string, StoredRun>();
  for (const { kind, at, value } of observations) {
    if (kind === 'tick') continue;
    const run = newest.get(kind);
    if (run && run.value === value && at - run.lastAt <= staleAfterMs) run.lastAt = at;
    else {
      const begun = { kind, firstAt: at, lastAt: at, value };
      runs.push(begun);
      newest.set(kind, begun);
    }
  }
  return runs;
}

export const eventsOf = <S>(rule: Rule<S>, observations: Iterable<Observation>): RuleEvent[] =>
  rebuildRule(rule, observations)[1];
