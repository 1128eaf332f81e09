import { z } from 'zod';
import { configEffect, idParams, idText, instant, noteText, person, sectionOf } from './common.js';
import type { RouteSpec } from './route.js';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One parameter, as a form draws it. Durations are texts such as `15m`. */
const parameter = z.object({
  key: z.string(),
  kind: z.enum(['duration', 'integer', 'number', 'boolean', 'text', 'choice', 'complex']),
  value: value.describe('In force for the hall'),
  default: value,
  min: z.number().nullable(),
  max: z.number().nullable(),
  choices: z.array(z.string()),
  text: z.object({ zh: z.string(), en: z.string() }).describe('Explanation'),
});

export const ruleCard = z.object({
  rule: z.string(),
  title: z.string(),
  version: z.string(),
  parameters: z.array(parameter),
  overrides: z.array(z.object({ window: z.string(), windowName: z.string(), parameters: z.record(z.string(), value) })),
  versions: z
    .array(
      z.object({
        version: z.string(),
        effectiveFrom: instant,
        by: person.nullable().describe('null: found in the configuration file at a start'),
        note: z.string(),
        window: z.string().nullable(),
        parameters: z.record(z.string(), value),
      }),
    )
    .describe('Newest first'),
});

const newParameters = z.record(z.string().max(64), z.union([z.string().max(64), z.number(), z.boolean()]));

export const backtestResult = z.object({
  before: z.int(),
  after: z.int(),
  added: z.array(z.object({ subject: z.string(), start: instant, end: instant.nullable() })),
  removed: z.array(z.object({ subject: z.string(), start: instant, end: instant.nullable() })),
  coverage: z.number(),
});

export const ruleRoutes = {
  listRules: {
    method: 'get',
    path: '/api/rules',
    action: 'rule.read',
    summary: { zh: '规则、参数与版本', en: 'Rules, parameters and versions' },
    response: z.object({ items: z.array(ruleCard), etag: z.string() }),
  },
  putRule: {
    method: 'put',
    path: '/api/rules/:id',
    action: 'rule.write',
    summary: { zh: '修改参数,形成新版本', en: 'Change parameters: a new version' },
    params: idParams,
    body: z.strictObject({
      parameters: newParameters,
      window: idText.optional().describe('Only at this window'),
      note: noteText.min(1),
      etag: z.string(),
    }),
    response: z.object({ rule: ruleCard, effect: configEffect, etag: z.string() }),
  },
  backtestRule: {
    method: 'post',
    path: '/api/rules/:id/backtest',
    action: 'rule.backtest',
    summary: { zh: '回测:若改动,历史会怎样', en: 'What the change would have done' },
    params: idParams,
    body: z.strictObject({ parameters: newParameters, window: idText.optional(), from: instant, to: instant }),
    response: sectionOf(backtestResult),
  },
} as const satisfies Record<string, RouteSpec>;
