import { z } from 'zod';
import { instant, sectionOf } from './common.js';
import type { RouteSpec } from './route.js';

/** How often a phrase was said where it was due and somebody could tell. */
const share = z.object({
  n: z.int().describe('Sessions in which it was due and could be told'),
  said: z.int(),
  unknown: z.int().describe('Sessions in which nobody could tell'),
  share: z.number().nullable().describe('said / n; null below 20: not enough'),
});

export const courtesyRow = z.object({
  window: z.string(),
  sessions: z.int(),
  greeting: share,
  farewell: share,
  wait: share,
});

export const courtesyRoutes = {
  getCourtesy: {
    method: 'get',
    path: '/api/courtesy',
    action: 'courtesy.read',
    summary: { zh: '文明用语汇总(默认关闭)', en: 'Polite phrases in sums, off by default; never one session' },
    query: z.strictObject({ from: z.coerce.number().pipe(instant), to: z.coerce.number().pipe(instant) }),
    response: sectionOf(z.array(courtesyRow)),
  },
} as const satisfies Record<string, RouteSpec>;
