import { describe, expect, it } from 'vitest';
import { roomId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { eventMs } from '../../../src/core/time.js';
import { speechWordRule } from '../../../src/detectors/rules/speechWord.js';

const rule = speechWordRule({ mergeWithin: 30_000 });
const hit = (startS: number, facts: Observation['facts'] = {}): Observation => ({
  ...{ subject: roomId('R1'), kind: 'speech', value: true, at: eventMs(startS * 1000 + 800) },
  facts: { start: startS * 1000, word: '照顾一下', level: 'serious', confirmed: true, ...facts },
});
const tick = (atS: number): Observation => ({
  ...{ subject: roomId('R1'), kind: 'tick', value: true, at: eventMs(atS * 1000) },
});

/** Type, start in seconds, tier and priority of what a series gives. */
function told(series: readonly Observation[]): Array<[string, number, number | undefined, string | undefined]> {
  let state = rule.initial;
  const events: RuleEvent[] = [];
  for (const observation of series) {
    const [next, some] = rule.step(state, observation);
    state = next;
    events.push(...some);
  }
  return events.map((event) => [
    event.type,
    ('start' in event ? event.start : 0) / 1000,
    'tier' in event ? event.tier : undefined,
    'priority' in event ? event.priority : undefined,
  ]);
}

describe('the rule of a listed word', () => {
  it.each([
    [
      'once',
      [hit(10), tick(50)],
      [
        ['raise', 10, 1, 'high'],
        ['end', 10, undefined, undefined],
      ],
    ],
    [
      'twice within 30 s is one',
      [hit(10), hit(39), tick(53)],
      [
        ['raise', 10, 1, 'high'],
        ['end', 10, undefined, undefined],
      ],
    ],
    [
      'twice further apart are two',
      [hit(10), hit(41)],
      [
        ['raise', 10, 1, 'high'],
        ['end', 10, undefined, undefined],
        ['raise', 41, 1, 'high'],
      ],
    ],
    ['heard as sound it waits for somebody', [hit(10, { confirmed: false })], [['raise', 10, 0, 'normal']]],
    [
      'the transcript lifts it',
      [hit(10, { confirmed: false }), hit(10)],
      [
        ['raise', 10, 0, 'normal'],
        ['escalate', 10, 1, 'high'],
      ],
    ],
    ['the demonstration model only asks', [hit(10, { level: 'check' })], [['raise', 10, 1, 'normal']]],
    ['what follows it belongs to it', [hit(10), tick(42)], [['raise', 10, 1, 'high']]],
  ] as Array<[string, Observation[], unknown[]]>)('%s', (_, series, expected) => {
    expect(told(series)).toEqual(expected);
  });

  it('has another version where other sounds count as one', () => {
    expect(rule.version).toBe('speech-1-30');
    const versions = [[], ['z-zh'], ['n-l']].map(
      (fuzzy) => speechWordRule({ mergeWithin: 30_000, fuzzy: fuzzy as ['z-zh'] }).version,
    );
    expect(versions).toEqual(['speech-1-30-0', 'speech-1-30-1', 'speech-1-30-8']);
    expect(speechWordRule({ mergeWithin: 30_000, fuzzy: ['n-l'] }).parameters).toMatchObject({ fuzzy: 'n-l' });
  });
});
