import { z } from 'zod';
import { configEffect, idParams, idText, instant, shortText } from './common.js';
import type { RouteSpec } from './route.js';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM');
const minutes = (most: number) => z.int().min(1).max(most);

const planIn = z.strictObject({
  id: idText,
  name: shortText,
  days: z.array(z.int().min(1).max(7)).min(1).describe('1 is Monday'),
  from: time,
  to: time,
  everyMinutes: minutes(24 * 60),
  withinMinutes: minutes(24 * 60).describe('A point not visited by then is missed'),
  settleSeconds: z.int().min(0).max(120).default(4),
  points: z
    .array(
      z.strictObject({
        id: idText,
        name: shortText,
        camera: idText,
        preset: z
          .string()
          .trim()
          .max(100)
          .default('')
          .describe('Name or token of an ONVIF preset; empty: as it stands'),
        snapshots: z.int().min(1).max(10).default(3),
      }),
    )
    .min(1)
    .max(200),
});

const visit = z.object({
  plan: z.string(),
  planName: z.string(),
  round: instant,
  point: z.string(),
  name: z.string(),
  camera: z.string(),
  preset: z.string(),
  state: z.enum(['done', 'missed']),
  at: instant,
  counts: z.array(z.object({ label: z.string(), count: z.int() })),
  findings: z.array(z.string()),
  reason: z.string().describe('Why it was missed; empty where it was done'),
  pictures: z.int(),
});

export const patrolRoutes = {
  listPatrols: {
    method: 'get',
    path: '/api/patrols',
    action: 'patrol.read',
    summary: { zh: '巡逻计划', en: 'Patrol plans' },
    response: z.object({
      plans: z.array(
        planIn.extend({
          next: instant.nullable(),
          last: z.object({ round: instant, done: z.int(), missed: z.int() }).nullable(),
        }),
      ),
      running: z.boolean().describe('Whether this service walks them'),
      etag: z.string(),
    }),
  },
  putPatrols: {
    method: 'put',
    path: '/api/patrols',
    action: 'patrol.write',
    summary: { zh: '修改巡逻计划(写入配置文件)', en: 'Change the plans; the configuration file keeps them' },
    body: z.strictObject({ plans: z.array(planIn).max(50), etag: z.string() }),
    response: z.object({ effect: configEffect }),
  },
  startPatrol: {
    method: 'post',
    path: '/api/patrols/:id/start',
    action: 'patrol.run',
    summary: { zh: '立即巡逻一轮', en: 'Walk a round now' },
    params: idParams,
    response: z.object({ round: instant }),
  },
  listPatrolVisits: {
    method: 'get',
    path: '/api/patrols/visits',
    action: 'patrol.read',
    summary: { zh: '巡逻记录', en: 'Inspection records' },
    query: z.strictObject({
      from: z.coerce.number().int(),
      to: z.coerce.number().int(),
      plan: idText.optional(),
    }),
    response: z.object({ items: z.array(visit) }),
  },
  getPatrolPicture: {
    method: 'get',
    path: '/api/patrols/:id/:round/:point/:picture',
    action: 'patrol.read',
    summary: { zh: '巡逻抓拍', en: 'A picture of a visit, counted from 0' },
    params: z.strictObject({
      id: idText,
      round: z.string().regex(/^\d{1,15}$/),
      point: idText,
      picture: z.string().regex(/^\d{1,2}$/),
    }),
    response: { raw: 'image/jpeg' },
  },
} as const satisfies Record<string, RouteSpec>;
