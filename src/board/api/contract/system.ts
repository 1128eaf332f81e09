import { z } from 'zod';
import { ROLES, TOKEN_SCOPES } from '../../access/actions.js';
import { done, idParams, idText, instant, person, sectionOf, shortText } from './common.js';
import type { RouteSpec } from './route.js';

const signInName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, 'letters, digits, ".", "_" or "-"');

export const userRow = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  unit: z.string(),
  disabled: z.boolean(),
  lockedUntil: instant.nullable(),
  totp: z.boolean(),
  mustChangePassword: z.boolean(),
  lastSignInAt: instant.nullable(),
  createdAt: instant,
});

export const auditEntry = z.object({
  seq: z.int(),
  at: instant,
  who: person,
  unit: z.string(),
  title: z.string().describe('What the action is, in the language of the request'),
  action: z.string(),
  object: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  detail: z.record(z.string(), z.unknown()),
  address: z.string(),
  hash: z.string(),
});

export const viewEntry = z.object({
  seq: z.int(),
  at: instant,
  who: person,
  unit: z.string(),
  object: z.string(),
  reason: z.string(),
});

/** Registers are read backwards: newest first, then `before` the last seq shown. */
const registerQuery = {
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  user: idText.optional(),
};
const nextSeq = z.int().nullable().describe('Ask on with before = this; null at the end');
const chain = z.enum(['ok', 'broken']);

export const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  createdAt: instant,
  createdBy: person,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});

export const systemRoutes = {
  listUsers: {
    method: 'get',
    path: '/api/system/users',
    action: 'user.read',
    summary: { zh: '用户', en: 'Users' },
    response: z.object({ items: z.array(userRow) }),
  },
  addUser: {
    method: 'post',
    path: '/api/system/users',
    action: 'user.write',
    summary: { zh: '新增用户,返回一次性密码', en: 'Add a user; answers with a one-time password' },
    body: z.strictObject({
      name: signInName,
      displayName: shortText,
      role: z.enum(ROLES),
      unit: z.string().trim().max(100).default(''),
    }),
    response: z.object({ user: userRow, oneTimePassword: z.string() }),
  },
  changeUser: {
    method: 'patch',
    path: '/api/system/users/:id',
    action: 'user.write',
    summary: { zh: '修改用户;停用即刻结束其会话', en: 'Change a user; disabling ends the sessions at once' },
    params: idParams,
    body: z.strictObject({
      displayName: shortText.optional(),
      role: z.enum(ROLES).optional(),
      unit: z.string().trim().max(100).optional(),
      disabled: z.boolean().optional(),
    }),
    response: userRow,
  },
  resetPassword: {
    method: 'post',
    path: '/api/system/users/:id/reset',
    action: 'user.write',
    summary: { zh: '重置密码并解锁', en: 'New one-time password, unlock, and optionally remove TOTP' },
    params: idParams,
    body: z.strictObject({ removeTotp: z.boolean().default(false) }),
    response: z.object({ user: userRow, oneTimePassword: z.string() }),
  },
  listRoles: {
    method: 'get',
    path: '/api/system/roles',
    action: 'role.read',
    summary: { zh: '角色与权限', en: 'Roles and what each may do' },
    response: z.object({
      items: z.array(z.object({ role: z.enum(ROLES), name: z.string(), actions: z.array(z.string()) })),
    }),
  },
  listAudit: {
    method: 'get',
    path: '/api/system/audit',
    action: 'audit.read',
    summary: { zh: '审计日志(链式,只增)', en: 'Audit log, append-only, chained' },
    query: z.strictObject({ ...registerQuery, action: z.string().max(64).optional() }),
    response: z.object({ items: z.array(auditEntry), next: nextSeq }),
  },
  listViews: {
    method: 'get',
    path: '/api/system/views',
    action: 'views.read',
    summary: { zh: '查阅登记', en: 'Viewing register' },
    query: z.strictObject(registerQuery),
    response: z.object({ items: z.array(viewEntry), next: nextSeq }),
  },
  verifyChains: {
    method: 'post',
    path: '/api/system/audit/verify',
    action: 'audit.read',
    summary: {
      zh: '从头校验审计、查阅、处置三条链',
      en: 'Verify the chains of audit log, viewing register and loop from their first link',
    },
    response: z.object({
      chain: chain.describe('ok only where all chains are'),
      checked: z.int().describe('Links of all chains'),
      brokenAt: z.int().nullable().describe('seq of the first broken link'),
      chains: z.array(
        z.object({
          name: z.enum(['audit', 'views', 'workflow']),
          chain,
          checked: z.int(),
          brokenAt: z.int().nullable(),
          reason: z.string(),
        }),
      ),
    }),
  },
  getStatus: {
    method: 'get',
    path: '/api/system/status',
    action: 'system.read',
    summary: { zh: '运行状态:队列、磁盘、账本', en: 'Sinks with queue depth, disk, ledger' },
    response: z.object({
      version: z.string(),
      startedAt: instant,
      now: instant,
      configRestartNeeded: z.boolean(),
      sinks: z.array(
        z.object({
          name: z.string(),
          depth: z.int(),
          oldestAt: instant.nullable(),
          quarantined: z.int(),
          state: z.enum(['ok', 'behind', 'down']),
        }),
      ),
      disk: sectionOf(z.object({ path: z.string(), freeBytes: z.number(), totalBytes: z.number() })),
      ledger: z.object({ seq: z.int(), incidents: z.int(), bytes: z.number(), diskFull: z.boolean().optional() }),
      events: z.object({ clients: z.int(), dropped: z.int() }),
    }),
  },
  listModels: {
    method: 'get',
    path: '/api/system/models',
    action: 'system.read',
    summary: { zh: '模型与许可', en: 'Models and their licences' },
    response: sectionOf(
      z.array(
        z.object({
          name: z.string(),
          purpose: z.string(),
          source: z.string(),
          sha256: z.string(),
          licence: z.string(),
          verified: z.union([z.boolean(), z.literal('unknown')]),
        }),
      ),
    ),
  },
  listTokens: {
    method: 'get',
    path: '/api/system/tokens',
    action: 'token.read',
    summary: { zh: '接口令牌', en: 'Tokens of other systems' },
    response: z.object({ items: z.array(tokenRow) }),
  },
  addToken: {
    method: 'post',
    path: '/api/system/tokens',
    action: 'token.write',
    summary: { zh: '新建令牌,只显示一次', en: 'New token, shown once; used as Authorization: Bearer' },
    body: z.strictObject({
      name: shortText,
      scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
      expiresAt: instant.optional(),
    }),
    response: z.object({ token: tokenRow, secret: z.string() }),
  },
  revokeToken: {
    method: 'delete',
    path: '/api/system/tokens/:id',
    action: 'token.write',
    summary: { zh: '吊销令牌', en: 'Revoke a token' },
    params: idParams,
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;
