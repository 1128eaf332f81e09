import { z } from 'zod';
import { done, idParams, idText, instant, person } from './common.js';
import type { RouteSpec } from './route.js';

const deskPicture = z.object({
  id: z.string(),
  source: z.enum(['set', 'collected', 'fine', 'untidy']),
  at: instant.describe('Capture time'),
  by: person,
  addedAt: instant,
});

const deskState = z.object({
  drawn: z.boolean().describe('A desk zone is drawn'),
  lookedAt: instant.nullable(),
  collecting: z.object({ until: instant, kept: z.int(), of: z.int() }).nullable(),
  references: z.array(deskPicture),
  untidy: z.array(deskPicture),
  standard: z
    .object({ scope: z.string(), version: z.int(), text: z.string(), by: person, at: instant })
    .nullable()
    .describe("null: the configuration's folder or the defaults hold"),
});

const session = z.object({
  window: z.string(),
  kind: z.enum(['served', 'abandoned']),
  source: z.enum(['camera', 'queue']),
  start: instant,
  end: instant,
  waitMs: z.int(),
  serviceMs: z.int(),
  unknownMs: z.int(),
  endedBy: z.string(),
  ticket: z.string().optional(),
});

const sessionSums = z.object({
  served: z.int(),
  abandoned: z.int(),
  medianWaitMs: z.int().nullable(),
  medianServiceMs: z.int().nullable(),
  smile: z
    .object({ state: z.enum(['off', 'not-enough', 'ready']), n: z.int(), share: z.number().nullable() })
    .describe('n: sessions in which a face of staff could be judged; share is withheld below 20'),
});

export const deskRoutes = {
  getDesk: {
    method: 'get',
    path: '/api/windows/:id/desk',
    action: 'desk.read',
    summary: { zh: '窗口桌面标准与参考图', en: 'Desk standard and reference pictures of a window' },
    params: idParams,
    response: deskState,
  },
  setDeskReference: {
    method: 'post',
    path: '/api/windows/:id/desk/references',
    action: 'desk.write',
    summary: {
      zh: '以当前画面为参考,或标记为整洁/不整洁',
      en: 'Take the desk as it is now as a reference, or as untidy',
    },
    params: idParams,
    body: z.strictObject({
      as: z
        .enum(['set', 'fine', 'untidy'])
        .default('set')
        .describe('set: reference; fine: told as disorder but in order; untidy: kept for checking, never compared'),
    }),
    response: z.object({ id: z.string() }),
  },
  collectDeskReferences: {
    method: 'post',
    path: '/api/windows/:id/desk/collect',
    action: 'desk.write',
    summary: { zh: '在安静时段自动采集参考图', en: 'Collect references over the coming quiet minutes' },
    params: idParams,
    body: z.strictObject({ minutes: z.int().min(5).max(240).default(30) }),
    response: z.object({ until: instant }),
  },
  removeDeskPicture: {
    method: 'delete',
    path: '/api/desk-pictures/:id',
    action: 'desk.write',
    summary: { zh: '删除一张参考图', en: 'Remove a reference or untidy picture' },
    params: idParams,
    response: done,
  },
  getDeskPicture: {
    method: 'get',
    path: '/api/desk-pictures/:id',
    action: 'desk.read',
    summary: { zh: '参考图', en: 'A reference or untidy picture' },
    params: idParams,
    response: { raw: 'image/jpeg' },
  },
  putDeskStandard: {
    method: 'put',
    path: '/api/windows/:id/desk/standard',
    action: 'desk.write',
    summary: { zh: '保存桌面标准(新版本)', en: 'Save the written standard as a new version' },
    params: idParams,
    body: z.strictObject({
      for: z.enum(['window', 'type']).default('window').describe('This window, or all windows of its type'),
      text: z.string().max(20_000).describe('standard.yaml'),
    }),
    response: z.object({ scope: z.string(), version: z.int() }),
  },
  listServiceSessions: {
    method: 'get',
    path: '/api/windows/:id/sessions',
    action: 'service.read',
    summary: { zh: '窗口服务时段', en: 'Service sessions of a window' },
    params: idParams,
    query: z.strictObject({ from: z.coerce.number().int(), to: z.coerce.number().int() }),
    response: z.object({ items: z.array(session), sums: sessionSums }),
  },
  hearQueue: {
    method: 'post',
    path: '/api/queue/events',
    action: 'queue.write',
    summary: { zh: '排队叫号系统事件', en: 'An event of the queue system' },
    body: z.strictObject({
      window: idText,
      event: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits, "-"')
        .describe('call, end, no-show, or the name of a step'),
      ticket: z.string().trim().min(1).max(40).optional().describe('Number of the ticket; never a name'),
      at: instant.optional().describe('When it happened, UTC ms; default now'),
    }),
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;
