import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import { absenceRule } from '../../../src/detectors/rules/absence.js';
import { observationsOfRuns, rebuildRule } from '../../../src/detectors/rules/rebuild.js';
import { ORIGIN, observe } from './scenario.js';
import { eventsOf, lengthOf, looksAt, phases, quick, runsOf } from './truth.js';

const rule = absenceRule(quick);
const LOOK_MS = 2000;
const runs = { numRuns: 300 };
const byTime = (a: Observation, b: Observation): number => a.at - b.at;

describe('the same truth gives the same events at the same times', () => {
  const anyPhases = phases({ unknown: true, down: false });

  it('with few ticks, many ticks, or ticks at odd instants', () => {
    const ticks = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(anyPhases, ticks, (list, instants) => {
        const last = observe('tick', lengthOf(list), true);
        const looks = looksAt(list, LOOK_MS);
        const extra = instants.filter((at) => at <= lengthOf(list)).map((at) => observe('tick', at, true));
        expect(eventsOf(rule, [...looks, ...extra].sort(byTime).concat(last))).toEqual(
          eventsOf(rule, [...looks, last]),
        );
      }),
      runs,
    );
  });

  it('with more looks, where nothing is unknown', () => {
    fc.assert(
      fc.property(phases({ unknown: false, down: false }), fc.constantFrom(250, 500, 1000), (list, everyMs) => {
        const last = observe('tick', lengthOf(list), true);
        expect(eventsOf(rule, [...looksAt(list, everyMs), last])).toEqual(
          eventsOf(rule, [...looksAt(list, LOOK_MS), last]),
        );
      }),
      runs,
    );
  });

  it('with the state written to JSON and read back at every instant', () => {
    fc.assert(
      fc.property(anyPhases, (list) => {
        const looks = [...looksAt(list, LOOK_MS), observe('tick', lengthOf(list), true)];
        let state = rule.initial;
        const events = looks.flatMap((look) => {
          const before = JSON.stringify(state);
          const [next, told] = rule.step(JSON.parse(before), look);
          state = next;
          return told;
        });
        expect(events).toEqual(eventsOf(rule, looks));
      }),
      runs,
    );
  });

  it('a step never writes to the state it was given', () => {
    fc.assert(
      fc.property(anyPhases, (list) => {
        let state = rule.initial;
        for (const look of looksAt(list, LOOK_MS)) {
          const before = JSON.stringify(state);
          const [next] = rule.step(state, look);
          expect(JSON.stringify(state)).toBe(before);
          state = next;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('restarts', () => {
  const withDowntime = phases({ unknown: true, down: true });
  const { staleAfter } = quick;

  it('rebuilt from compact runs, the whole history tells the same events', () => {
    fc.assert(
      fc.property(withDowntime, fc.constantFrom(staleAfter, 3000, 7777), (list, everyMs) => {
        const looks = looksAt(list, LOOK_MS);
        const rebuilt = observationsOfRuns(windowId('A01'), runsOf(looks, staleAfter), everyMs);
        expect(eventsOf(rule, rebuilt)).toEqual(eventsOf(rule, looks));
      }),
      runs,
    );
  });

  it('rebuilt at any instant, the rest of the history tells the same events', () => {
    fc.assert(
      fc.property(withDowntime, fc.double({ min: 0, max: 1, noNaN: true }), (list, where) => {
        const looks = looksAt(list, LOOK_MS);
        const cut = Math.floor(where * looks.length);
        const stored = runsOf(looks.slice(0, cut), staleAfter);
        const [state, before] = rebuildRule(rule, observationsOfRuns(windowId('A01'), stored, staleAfter));
        const after = rebuildRule({ ...rule, initial: state }, looks.slice(cut))[1];
        expect([...before, ...after]).toEqual(eventsOf(rule, looks));
      }),
      runs,
    );
  });
});

describe('what every event keeps', () => {
  it('downtime and blindness never count as absence, and the span is seen, unknown or both', () => {
    fc.assert(
      fc.property(phases({ unknown: true, down: true }), (list) => {
        for (const event of eventsOf(rule, looksAt(list, LOOK_MS))) {
          expect(event.start).toBeGreaterThanOrEqual(ORIGIN);
          if (event.type !== 'raise') continue;
          expect(event.seen.observedMs).toBeGreaterThanOrEqual(quick.absentAfter);
          expect(event.seen.observedMs + event.seen.unknownMs).toBe(event.at - event.start);
        }
      }),
      runs,
    );
  });

  it('one incident at a time: pending, raise, escalate, end; and no start before the roster expected somebody', () => {
    fc.assert(
      fc.property(phases({ unknown: true, down: true }), (list) => {
        const looks = looksAt(list, LOOK_MS);
        const story = eventsOf(rule, looks)
          .map((event) => event.type)
          .join(' ');
        expect(`${story} `).toMatch(
          /^(pending (cancel |raise (escalate )*end ))*(pending (raise (escalate )*)?)?$|^ $/,
        );
        const roster = looks.filter((look) => look.kind === 'expected');
        for (const { start } of eventsOf(rule, looks)) {
          const word = roster.filter((look) => look.at <= start).at(-1);
          expect(word?.value ?? true).toBe(true);
        }
      }),
      runs,
    );
  });
});
