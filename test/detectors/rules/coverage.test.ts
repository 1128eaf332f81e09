import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/core/observation.js';
import {
  type ClassedSpan,
  type CoverageOptions,
  type CoverageState,
  coverageSeconds,
  initialCoverage,
  stepCoverage,
} from '../../../src/detectors/rules/coverage.js';
import { ORIGIN, observe } from './scenario.js';
import { lengthOf, looksAt, phases } from './truth.js';

const options: CoverageOptions = { minStaff: 1, staleAfterMs: 10_000 };

function account(observations: Observation[]): { state: CoverageState; spans: ClassedSpan[] } {
  const spans: ClassedSpan[] = [];
  let state = initialCoverage(options);
  for (const observation of observations) {
    const [next, settled] = stepCoverage(state, observation, options);
    state = next;
    spans.push(...settled);
  }
  return { state, spans };
}

/** One observation a character, one each second: `.` present, `A` empty, `?` blind, `-` a tick, `x` exempt, `o` expected. */
const series = (text: string): Observation[] =>
  [...text].map((sample, second) => {
    const at = second * 1000;
    if (sample === '-') return observe('tick', at, true);
    if (sample === 'x' || sample === 'o') return observe('expected', at, sample === 'o');
    return observe('staff', at, sample === '?' ? 'unknown' : Number(sample === '.'));
  });

describe('seconds by class', () => {
  it.each([
    ['present, then empty', '.....AAAAA-', { present_s: 5, absent_s: 5, unknown_s: 0, exempt_s: 0, coverage: 1 }],
    ['a miss shorter than the grace is still a second without anybody', '..A..-', { present_s: 4, absent_s: 1 }],
    [
      'between a known look and a blind one nothing is known',
      '...???...-',
      { present_s: 5, unknown_s: 4, coverage: 5 / 9 },
    ],
    ['a look holds for staleAfter and not a second longer', '.----------', { present_s: 10, unknown_s: 0 }],
    ['once stale, all of it was unknown', '.-----------', { present_s: 0, unknown_s: 11, coverage: 0 }],
    ['ten seconds to the next look are bridged', '.---------.-', { present_s: 11, unknown_s: 0 }],
    ['outside the shift is neither seen nor missed', '..x...o..-', { present_s: 5, exempt_s: 4, coverage: 1 }],
    ['blind outside the shift is exempt all the same', '..x???o..-', { present_s: 4, unknown_s: 1, exempt_s: 4 }],
    ['nothing was expected at all', 'x....', { exempt_s: 4, coverage: null }],
  ])('%s', (_, text, expected) => {
    expect(coverageSeconds(account(series(text)).state)).toMatchObject(expected);
  });

  it('downtime is unknown, and a clock stepped back counts nothing twice', () => {
    const jump = [
      observe('staff', 0, 1),
      observe('staff', 5000, 1),
      observe('staff', 65_000, 1),
      observe('tick', 66_000, true),
    ];
    expect(coverageSeconds(account(jump).state)).toMatchObject({ present_s: 6, unknown_s: 60 });
    const back = [
      observe('staff', 60_000, 1),
      observe('staff', 61_000, 1),
      observe('staff', 1000, 1),
      observe('tick', 3000, true),
    ];
    expect(coverageSeconds(account(back).state)).toMatchObject({ present_s: 3, unknown_s: 0 });
  });

  it('counts staff by the number that is asked for', () => {
    const [first] = stepCoverage(initialCoverage(options), observe('staff', 0, 1), { ...options, minStaff: 2 });
    const [second] = stepCoverage(first, observe('tick', 1000, true), { ...options, minStaff: 2 });
    expect(coverageSeconds(second)).toMatchObject({ present_s: 0, absent_s: 1 });
  });
});

describe('whatever happens', () => {
  it('each second belongs to one class, and settled spans follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(phases({ unknown: true, down: true }), (list) => {
        const { state, spans } = account([
          observe('tick', 0, true),
          ...looksAt(list, 2000),
          observe('tick', lengthOf(list), true),
        ]);
        const seconds = coverageSeconds(state);
        expect(seconds.observed_s + seconds.unknown_s + seconds.exempt_s).toBeCloseTo(lengthOf(list) / 1000, 6);
        let end: number = ORIGIN;
        for (const span of spans) {
          expect(span.from).toBe(end);
          end = span.to;
        }
        const settledMs = spans.reduce((sum, span) => sum + span.to - span.from, 0);
        expect(settledMs).toBe(Object.values(state.totalsMs).reduce((sum, ms) => sum + ms, 0));
      }),
      { numRuns: 300 },
    );
  });
});
