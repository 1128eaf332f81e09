import { z } from 'zod';
import { ROLES } from '../../access/actions.js';
import { done, shortText } from './common.js';
import type { RouteSpec } from './route.js';

const language = z.enum(['zh-CN', 'en']);
const totpCode = z.string().regex(/^\d{6}$/, 'six digits');
const password = z.string().min(1).max(256);

export const me = z.object({
  id: z.string(),
  name: z.string().describe('Sign-in name'),
  displayName: z.string(),
  role: z.enum(ROLES),
  unit: z.string().describe('单位/科室'),
  language: language.nullable(),
  mustChangePassword: z
    .boolean()
    .describe('Until changed, everything but the change itself is refused: `password-change-required`'),
  totp: z.boolean(),
  actions: z.array(z.string()).describe('Actions this role may do at all, to hide what would be refused'),
});

export const sessionState = z
  .object({
    site: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
    language: language.describe('Language of the hall, for a first visit'),
    version: z.string(),
    user: me.nullable(),
    csrf: z.string().nullable().describe('Send back as X-Hallwatch-Csrf with every mutating call'),
    firstRun: z.boolean().describe('The administrator still has the one-time password of the first run'),
    secure: z.boolean().describe('False on plain http: the page shows that the connection is not encrypted'),
  })
  .meta({ id: 'SessionState' });

export const sessionRoutes = {
  getSession: {
    method: 'get',
    path: '/api/session',
    action: 'public.read',
    summary: { zh: '当前会话(未登录也可)', en: 'The session, also when nobody is signed in' },
    response: sessionState,
  },
  signIn: {
    method: 'post',
    path: '/api/session',
    action: 'public.read',
    summary: {
      zh: '登录;错误码 wrong-credentials, locked, totp-required, totp-wrong',
      en: 'Sign in; error codes wrong-credentials, locked, totp-required, totp-wrong',
    },
    body: z.strictObject({ name: z.string().trim().min(1).max(64), password, totp: totpCode.optional() }),
    response: sessionState,
  },
  signOut: {
    method: 'delete',
    path: '/api/session',
    action: 'session.use',
    summary: { zh: '退出', en: 'Sign out' },
    response: done,
  },
  changePassword: {
    method: 'post',
    path: '/api/session/password',
    action: 'session.use',
    summary: { zh: '修改自己的密码(至少 10 位)', en: 'Change one’s own password, at least 10 characters' },
    body: z.strictObject({ current: password, next: password }),
    response: sessionState,
  },
  setLanguage: {
    method: 'put',
    path: '/api/session/language',
    action: 'session.own',
    summary: { zh: '界面语言', en: 'Language of the pages' },
    body: z.strictObject({ language }),
    response: done,
  },
  beginTotp: {
    method: 'post',
    path: '/api/session/totp',
    action: 'session.own',
    summary: { zh: '开始绑定动态口令', en: 'Begin to bind a one-time code generator' },
    body: z.strictObject({ password }),
    response: z.object({ secret: z.string().describe('Base32'), uri: z.string().describe('otpauth:// for a QR code') }),
  },
  confirmTotp: {
    method: 'put',
    path: '/api/session/totp',
    action: 'session.own',
    summary: { zh: '以一次口令确认绑定', en: 'Confirm the binding with a code' },
    body: z.strictObject({ code: totpCode }),
    response: done,
  },
  removeTotp: {
    method: 'post',
    path: '/api/session/totp/remove',
    action: 'session.own',
    summary: { zh: '解除动态口令', en: 'Remove the code generator' },
    body: z.strictObject({ password, code: totpCode }),
    response: done,
  },
  getMine: {
    method: 'get',
    path: '/api/mine',
    action: 'mine.read',
    summary: { zh: '我的:岗位、事件数、可申诉数', en: 'My posts and what is said of me' },
    response: z.object({
      posts: z.array(z.object({ window: z.string(), windowName: z.string(), from: z.int(), to: z.int().nullable() })),
      incidents: z.int(),
      appealable: z.int(),
      appealsOpen: z.int(),
    }),
  },
  listPeople: {
    method: 'get',
    path: '/api/people',
    action: 'people.list',
    summary: { zh: '可指派的人员', en: 'People who can be assigned or registered' },
    query: z.strictObject({ q: shortText.optional() }),
    response: z.object({
      items: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), unit: z.string() })),
    }),
  },
} as const satisfies Record<string, RouteSpec>;
