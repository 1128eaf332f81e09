import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/core/observation.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { phoneUseRule } from '../../../src/detectors/rules/phoneUse.js';
import { processRule } from '../../../src/detectors/rules/process.js';
import { describeEvent, observe } from './scenario.js';

const MINUTE = 60_000;
const step = { name: '办理', from: 'call', to: 'end', atLeast: MINUTE, atMost: 15 * MINUTE };
const queue = (atMin: number, event: string): Observation => ({
  ...observe('queue', atMin * MINUTE, true, event),
  facts: { ticket: 'A1' },
});

function eventsOf<S>(
  rule: { initial: S; step(state: S, o: Observation): [S, RuleEvent[]] },
  observations: Observation[],
) {
  let state = rule.initial;
  return observations.flatMap((observation) => {
    const [next, events] = rule.step(state, observation);
    state = next;
    return events;
  });
}

describe('process rule', () => {
  it.each([
    ['within its bounds it says nothing', [queue(0, 'call'), queue(5, 'end')], []],
    [
      'too short is told at its end',
      [queue(0, 'call'), queue(0.5, 'end')],
      ['30s raise start=0s finding=too-short', '30s end start=0s'],
    ],
    [
      'too long is told when the bound is passed, and ends with the step',
      [queue(0, 'call'), observe('tick', 16 * MINUTE, true), queue(20, 'end')],
      ['15m1ms raise start=0s finding=too-long', '20m end start=0s end=20m'],
    ],
    [
      'the next call ends a step whose end never came',
      [queue(0, 'call'), observe('tick', 16 * MINUTE, true), queue(18, 'call'), queue(20, 'end')],
      ['15m1ms raise start=0s', '18m end start=0s reason=exempt'],
    ],
    ['an end without a call is nothing', [queue(3, 'end')], []],
  ])('%s', (_, observations, wanted) => {
    const events = eventsOf(processRule(step, 'process.1'), observations);
    expect(events.map((event, i) => describeEvent(event, wanted[i]))).toEqual(wanted);
  });

  it('names both bounds in its finding', () => {
    const [raised] = eventsOf(processRule(step, 'process.1'), [queue(0, 'call'), queue(0.5, 'end')]);
    expect(raised).toMatchObject({
      detail: { at_least_s: 60, at_most_s: 900, took_s: 30, step: '办理', ticket: 'A1' },
    });
  });
});

describe('phone in use', () => {
  const rule = phoneUseRule({ lastsFor: MINUTE, staleAfter: 30_000, clearAfter: 30_000 });
  const phone = (value: boolean | 'unknown', i: number) => observe('phone', i * 10_000, value);

  it('raises after a minute of use, once', () => {
    const events = eventsOf(
      rule,
      Array.from({ length: 12 }, (_, i) => phone(true, i)),
    );
    expect(events.map((event) => describeEvent(event))).toEqual(['0s pending', '1m raise']);
  });

  it('is not raised by a phone that is put down again', () => {
    const events = eventsOf(
      rule,
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => phone(i < 4, i)),
    );
    expect(events.map(({ type }) => type)).toEqual(['pending', 'cancel']);
  });
});
