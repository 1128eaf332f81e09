import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { deskRule as deskConfig } from '../../../src/core/config/rules.js';
import { parseDuration } from '../../../src/core/duration.js';
import type { Observation } from '../../../src/core/observation.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { eventMs } from '../../../src/core/time.js';
import { deskRule } from '../../../src/detectors/rules/desk.js';
import { describeEvent, ORIGIN, observe } from './scenario.js';

const scenarios = z
  .array(
    z.strictObject({
      name: z.string(),
      rule: z.record(z.string(), z.unknown()).default({}),
      every: z.string().default('30s'),
      series: z.string(),
      expect: z.array(z.string()),
    }),
  )
  .parse(parse(readFileSync(new URL('../../scenarios/desk.yaml', import.meta.url), 'utf8')));

const LOOKS: Record<string, { value: true | false | 'unknown'; citizens: number; inspection: boolean }> = {
  D: { value: true, citizens: 0, inspection: false },
  '.': { value: false, citizens: 0, inspection: false },
  '?': { value: 'unknown', citizens: 0, inspection: false },
  S: { value: true, citizens: 1, inspection: false },
  s: { value: false, citizens: 1, inspection: false },
  I: { value: true, citizens: 1, inspection: true },
};

function observationsOf(series: string, everyMs: number): Observation[] {
  return [...series].flatMap((sample, i) => {
    const look = LOOKS[sample];
    if (!look) return [];
    const at = i * everyMs;
    return [
      observe('inspection', at, look.inspection),
      observe('citizens', at, look.citizens),
      { ...observe('desk', at, look.value), facts: { items: ['cup'] } },
      observe('tick', at + 1000, true),
    ];
  });
}

function run(observations: readonly Observation[], overrides: Record<string, unknown> = {}) {
  const { standards: _standards, enabled: _enabled, ...parameters } = deskConfig.parse(overrides);
  const rule = deskRule(parameters);
  const events: RuleEvent[] = [];
  let state = rule.initial;
  for (const observation of observations) {
    const [next, told] = rule.step(state, observation);
    state = JSON.parse(JSON.stringify(next));
    events.push(...told);
  }
  return { rule, state, events };
}

describe('desk rule', () => {
  it.each(scenarios)('$name', ({ series, every, rule, expect: wanted }) => {
    const { events } = run(observationsOf(series, parseDuration(every)), rule);
    expect(events.map((event, i) => describeEvent(event, wanted[i]))).toEqual(wanted);
  });

  it('keeps in the incident what was seen', () => {
    const { events } = run(observationsOf('DDDDDDDDDDD', 30_000));
    expect(events[1]).toMatchObject({ type: 'raise', detail: { items: ['cup'], samples_bad: 10, disorder_s: 300 } });
  });

  it('is silent when the clock steps back, and goes on', () => {
    const before = observationsOf('DDDDDD', 30_000);
    const after = observationsOf('DDDDDD', 30_000).map((o) => ({ ...o, at: eventMs(o.at - 3_600_000) }));
    const { events } = run([...before, ...after]);
    expect(events.map(({ type }) => type)).toEqual(['pending', 'raise']);
  });

  it('closes an open incident where the recording ends', () => {
    const { rule, state } = run(observationsOf('DDDDDDDDDDD', 30_000));
    const [, events] = rule.end!(state, eventMs(ORIGIN + 400_000));
    expect(events).toMatchObject([{ type: 'end', start: ORIGIN, reason: 'source-end' }]);
  });
});
