import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { absenceRule as absenceParameters } from '../../../src/core/config/rules.js';
import type { AbsenceParameters } from '../../../src/core/config/schema.js';
import { formatDuration, parseDuration } from '../../../src/core/duration.js';
import { windowId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import type { RuleEvent } from '../../../src/core/rule.js';
import { type EventMs, eventMs } from '../../../src/core/time.js';
import type { Truth } from '../../../src/core/truth.js';

/** Where scenario time 0 lies, so that nothing works only because it starts at zero. */
export const ORIGIN = eventMs(1_791_421_200_000);
export const WINDOW = windowId('A01');
const SECOND = 1000;

const stepSchema = z.strictObject({
  for: z.string(),
  staff: z.union([z.int(), z.literal('unknown'), z.literal('none')]).optional(),
  citizens: z.union([z.int(), z.literal('unknown')]).optional(),
  expected: z.union([z.boolean(), z.literal('unknown')]).optional(),
  reason: z.string().optional(),
  clock: z.string().optional(),
});
const scenarioSchema = z.strictObject({
  name: z.string(),
  rule: z.record(z.string(), z.unknown()).default({}),
  every: z.string().default('1m'),
  series: z.string().optional(),
  lookEvery: z.string().default('1s'),
  steps: z.array(stepSchema).default([]),
  expect: z.array(z.string()),
});
export type Scenario = z.output<typeof scenarioSchema>;

export function readScenarios(file: string): Scenario[] {
  const url = new URL(`../../scenarios/${file}`, import.meta.url);
  return z.array(scenarioSchema).parse(parse(readFileSync(url, 'utf8')));
}

export const parametersOf = (overrides: Record<string, unknown> = {}): AbsenceParameters =>
  absenceParameters.parse(overrides);

/** A signed duration such as `-45m5s`, in ms. */
const signed = (text: string): number => (text.startsWith('-') ? -parseDuration(text.slice(1)) : parseDuration(text));

export const observe = (kind: string, at: number, value: Truth | number, reason?: string): Observation => ({
  subject: WINDOW,
  kind,
  at: eventMs(ORIGIN + at),
  value,
  ...(reason === undefined ? {} : { reason }),
});

export function observationsOf(scenario: Scenario): Observation[] {
  return scenario.series === undefined
    ? fromSteps(scenario)
    : fromSeries(scenario.series, parseDuration(scenario.every));
}

function fromSeries(series: string, everyMs: number): Observation[] {
  return [...series].flatMap((sample, index) => {
    const at = index * everyMs;
    if (sample === '-') return [observe('tick', at, true)];
    if (sample === '?') return [observe('staff', at, 'unknown'), observe('citizens', at, 'unknown')];
    if (sample === '.') return [observe('staff', at, 1), observe('citizens', at, 0)];
    return [observe('staff', at, 0), observe('citizens', at, sample === 'W' ? 1 : 0)];
  });
}

function fromSteps(scenario: Scenario): Observation[] {
  const lookEveryMs = parseDuration(scenario.lookEvery);
  const observations: Observation[] = [];
  let staff: number | 'unknown' | 'none' = 'none';
  let citizens: number | 'unknown' | undefined;
  let at = 0;
  for (const step of scenario.steps) {
    staff = step.staff ?? staff;
    citizens = step.citizens ?? citizens;
    at += step.clock === undefined ? 0 : signed(step.clock);
    if (step.expected !== undefined) observations.push(observe('expected', at, step.expected, step.reason));
    const lengthMs = parseDuration(step.for);
    for (let passed = 0; passed < lengthMs; passed += SECOND) {
      if (passed % lookEveryMs === 0 && staff !== 'none') {
        observations.push(observe('staff', at + passed, staff));
        if (citizens !== undefined) observations.push(observe('citizens', at + passed, citizens));
      }
      observations.push(observe('tick', at + passed, true));
    }
    at += lengthMs;
  }
  return [...observations, observe('tick', at, true)];
}

const span = (ms: number): string => (ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms));
const since = (at: EventMs): string => span(at - ORIGIN);

/** Every field of an event as text, by the names that scenarios use. */
function fieldsOf(event: RuleEvent): Record<string, string> {
  const fields: Record<string, string> = { start: since(event.start) };
  if ('end' in event) fields.end = since(event.end);
  if ('reason' in event) fields.reason = event.reason;
  if ('priority' in event) fields.priority = event.priority;
  if ('tier' in event) fields.tier = String(event.tier);
  if ('seen' in event) {
    fields.observed = span(event.seen.observedMs);
    fields.unknown = span(event.seen.unknownMs);
  }
  const detail = 'detail' in event ? event.detail : undefined;
  return { ...Object.fromEntries(Object.entries(detail ?? {}).map(([key, value]) => [key, String(value)])), ...fields };
}

/** An event written like the expectation beside it: the same fields, in the same order. */
export function describeEvent(event: RuleEvent, expectation = ''): string {
  const fields = fieldsOf(event);
  const wanted = expectation
    .split(' ')
    .slice(2)
    .map((pair) => pair.split('=')[0]!);
  return [`${since(event.at)} ${event.type}`, ...wanted.map((key) => `${key}=${fields[key]}`)].join(' ');
}
