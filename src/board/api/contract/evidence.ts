import { z } from 'zod';
import { done, idParams, idText, instant, pageOf, person, sectionOf, shortText } from './common.js';
import type { RouteSpec } from './route.js';

export const holdRow = z.object({
  id: z.int(),
  kind: z.enum(['incident', 'evaluation', 'camera']),
  target: z.string(),
  from: instant.nullable().describe('Of a camera: the stretch that is locked'),
  to: instant.nullable(),
  reason: z.string(),
  by: person,
  placedAt: instant,
  releasedAt: instant.nullable(),
  releaseNote: z.string(),
  mayRelease: z.boolean().describe('Only who placed it may'),
});

export const packageRow = z.object({
  id: z.string(),
  kind: z.enum(['incident', 'session']),
  target: z.string(),
  state: z.enum(['waiting', 'making', 'ready', 'failed']),
  askedAt: instant,
  /** Until when it can be fetched. */
  until: instant.nullable(),
  files: z.int(),
  bytes: z.number(),
  remarks: z.array(z.string()),
  problem: z.string(),
});

const evidenceStatus = z.object({
  recorders: z.array(
    z.object({
      camera: z.string(),
      name: z.string(),
      recording: z.boolean(),
      stream: z.enum(['main', 'sub']),
      fallback: z.enum(['no-main-stream', 'main-unreachable']).nullable(),
      cause: z.string().nullable().describe('Why nothing is recorded now: a stable code'),
      mode: z.enum(['ring', 'session', 'continuous']),
    }),
  ),
  notRecorded: z.array(z.object({ camera: z.string(), name: z.string() })),
  disk: z.object({
    freeBytes: z.number(),
    totalBytes: z.number(),
    hoursLeft: z.number().nullable().describe('Until recordings are deleted early; null where it does not fill'),
    state: z.enum(['ok', 'low', 'short']),
  }),
  keepMs: z.object({ ring: z.number(), hall: z.number(), evidence: z.number(), session: z.number() }),
  key: z.object({ algorithm: z.string(), fingerprint: z.string() }),
  blurExports: z.boolean(),
  clipsWaiting: z.int(),
});

const reasonBody = z.strictObject({ reason: shortText });

export const evidenceRoutes = {
  getEvidenceStatus: {
    method: 'get',
    path: '/api/evidence/status',
    action: 'evidence.read',
    summary: { zh: '录像与取证状态', en: 'Recorders, disk, retention, signing key' },
    response: sectionOf(evidenceStatus),
  },
  listHolds: {
    method: 'get',
    path: '/api/evidence/holds',
    action: 'evidence.read',
    summary: { zh: '锁定清单', en: 'Holds, newest first' },
    response: z.object({ items: z.array(holdRow) }),
  },
  placeHold: {
    method: 'post',
    path: '/api/evidence/holds',
    action: 'evidence.hold',
    summary: { zh: '锁定证据,不再按期删除', en: 'Lock evidence against deletion' },
    body: z.strictObject({
      kind: z.enum(['incident', 'evaluation', 'camera']),
      target: idText,
      from: instant.optional(),
      to: instant.optional(),
      reason: shortText,
    }),
    response: holdRow,
  },
  releaseHold: {
    method: 'post',
    path: '/api/evidence/holds/:id/release',
    action: 'evidence.hold',
    summary: { zh: '解除本人的锁定', en: 'Release a hold; only who placed it may' },
    params: idParams,
    body: z.strictObject({ note: shortText }),
    response: holdRow,
  },
  packageIncident: {
    method: 'post',
    path: '/api/incidents/:id/package',
    action: 'incident.export',
    summary: { zh: '导出告警取证包,登记事由', en: 'Make the package of an incident; the reason is registered' },
    params: idParams,
    body: reasonBody,
    response: packageRow,
  },
  packageEvaluation: {
    method: 'post',
    path: '/api/evaluations/:id/package',
    action: 'evaluation.export',
    summary: { zh: '导出一标一档取证包,登记事由', en: 'Make the package of an evaluation; the reason is registered' },
    params: idParams,
    body: reasonBody,
    response: packageRow,
  },
  listPackages: {
    method: 'get',
    path: '/api/evidence/packages',
    action: 'evidence.read',
    summary: { zh: '我的取证包', en: 'Packages this user asked for, newest first' },
    response: pageOf(packageRow),
  },
  getPackage: {
    method: 'get',
    path: '/api/evidence/packages/:id/file',
    action: 'evidence.read',
    summary: { zh: '下载取证包(ZIP)', en: 'The package as ZIP; only for who asked for it' },
    params: idParams,
    response: { raw: 'application/octet-stream' },
  },
  removePackage: {
    method: 'delete',
    path: '/api/evidence/packages/:id',
    action: 'evidence.read',
    summary: { zh: '删除已生成的取证包', en: 'Remove a package that was made; the evidence stays' },
    params: idParams,
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;
