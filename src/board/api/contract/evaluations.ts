import { z } from 'zod';
import { idParams, idText, instant, noteText, pageOf, paging, person, shortText } from './common.js';
import { importResult } from './duty.js';
import type { RouteSpec } from './route.js';

const VENUES = ['main', 'branch'] as const;
const STATES = ['planned', 'open', 'closed'] as const;

const word = z.string().trim().max(100);
const rosterPersonIn = z.strictObject({
  id: z.string().trim().max(64).default('').describe('Empty: one is given'),
  name: word,
  role: z.enum(['expert', 'exempt']).describe('评标专家 or 豁免人员 (代理、公证、技术)'),
  category: word.default(''),
  batch: word.default(''),
  rooms: z.array(idText).max(64).default([]).describe('Empty: every room of the evaluation'),
  escort: word.default(''),
  reason: z.string().trim().max(300).default(''),
});

const evaluationIn = {
  project: word,
  projectName: z.string().trim().max(200).default(''),
  rooms: z.array(z.strictObject({ room: idText, venue: z.enum(VENUES) })).max(64),
  plannedStart: instant,
  plannedEnd: instant,
  roster: z.array(rosterPersonIn).max(500).default([]),
  bidders: z
    .array(z.strictObject({ name: z.string().trim().max(200), shortNames: z.array(shortText).max(20).default([]) }))
    .max(200)
    .default([]),
  signIn: z
    .array(z.strictObject({ category: word.default(''), batch: word.default(''), from: instant, to: instant }))
    .max(50)
    .default([]),
  enterUntil: instant.nullable().default(null).describe('Entering for the first time later is late; null: any time'),
  reentryAllowed: z.boolean().default(false),
};

const version = z.int().min(1).describe('As shown; a newer one on the server is 409 conflict');

const summary = z.object({
  id: z.string(),
  project: z.string(),
  projectName: z.string(),
  rooms: z.array(z.object({ room: z.string(), name: z.string(), venue: z.enum(VENUES) })),
  plannedStart: instant,
  plannedEnd: instant,
  state: z.enum(STATES),
  openedAt: instant.nullable(),
  closedAt: instant.nullable(),
  experts: z.int(),
  exempt: z.int(),
  enrolled: z.int().describe('Persons with at least one face photo in use'),
  arrived: z.int().describe('Persons who signed in'),
  version: z.int(),
});

const arrival = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  at: instant,
  way: z.enum(['camera', 'photo', 'manual']),
  verdict: z.string().describe('on-time, early, late, wrong-batch, not-scheduled'),
  offMs: z.int(),
  duplicate: z.boolean(),
  similarity: z.number().nullable(),
  liveness: z.number().nullable().describe('0-1, advice only: it proves nothing'),
  camera: z.string().nullable(),
  photo: z.boolean(),
  by: person,
  note: z.string(),
});

const rosterPerson = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['expert', 'exempt']),
  category: z.string(),
  batch: z.string(),
  rooms: z.array(z.string()),
  escort: z.string(),
  reason: z.string(),
  photos: z.array(z.string()).describe('Verdict of each face photo in use'),
  arrivedAt: instant.nullable(),
  arrival: z.string().nullable().describe('Verdict of the first sign-in'),
});

const entry = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  room: z.string(),
  enteredAt: instant,
  leftAt: instant.nullable(),
  escort: z.string(),
  reason: z.string(),
  by: person,
});

const overlap = z.object({ categories: z.tuple([z.string(), z.string()]), from: instant, to: instant });

export const evaluationDetail = summary.extend({
  roster: z.array(rosterPerson),
  bidders: z.array(z.object({ name: z.string(), shortNames: z.array(z.string()) })),
  signIn: z.array(z.object({ category: z.string(), batch: z.string(), from: instant, to: instant })),
  enterUntil: instant.nullable(),
  reentryAllowed: z.boolean(),
  entries: z.array(entry),
  arrivals: z.array(arrival),
  overlaps: z.array(overlap).describe('Two categories signing in at the same time for longer than allowed'),
  changes: z.array(
    z.object({ version: z.int(), at: instant, by: person, action: z.string(), note: z.string(), people: z.int() }),
  ),
  faces: z
    .enum(['on', 'off', 'unavailable'])
    .describe('off: face recognition is switched off in the configuration; everything else goes on working'),
  deletion: z
    .object({
      at: instant,
      templates: z.int(),
      persons: z.int(),
      idsSha256: z.string(),
      leftInLedger: z.int(),
      key: z.enum(['destroyed', 'none']),
      auditSeq: z.int(),
    })
    .nullable()
    .describe('Proof from the audit log that the face templates are gone'),
});

/** A picture in the body of a call. */
export const photo = z
  .string()
  .max(1_000_000)
  .regex(/^(data:image\/[a-z]+;base64,)?[A-Za-z0-9+/]+={0,2}$/, 'not a picture in base64')
  .describe('JPEG, PNG or WebP in base64, about 700 KB at most');

const personParams = z.strictObject({ id: idText, person: idText });
const csvBody = { csv: z.string().min(1).max(900_000), dryRun: z.boolean().default(false) };

export const evaluationRoutes = {
  listEvaluations: {
    method: 'get',
    path: '/api/evaluations',
    action: 'evaluation.read',
    summary: { zh: '评标场次', en: 'Bid evaluations' },
    query: z.strictObject({
      ...paging,
      state: z.enum(STATES).optional(),
      room: idText.optional(),
      from: z.coerce.number().int().optional(),
      to: z.coerce.number().int().optional(),
    }),
    response: pageOf(summary),
  },
  getEvaluation: {
    method: 'get',
    path: '/api/evaluations/:id',
    action: 'evaluation.read',
    summary: { zh: '一场评标', en: 'One evaluation: roster, entries, arrivals, history' },
    params: idParams,
    response: evaluationDetail,
  },
  addEvaluation: {
    method: 'post',
    path: '/api/evaluations',
    action: 'evaluation.write',
    summary: { zh: '新建场次', en: 'Plan an evaluation' },
    body: z.strictObject(evaluationIn),
    response: evaluationDetail,
  },
  changeEvaluation: {
    method: 'put',
    path: '/api/evaluations/:id',
    action: 'evaluation.write',
    summary: { zh: '修改场次(结束后不可改)', en: 'Change an evaluation; not after it was closed' },
    params: idParams,
    body: z.strictObject({ ...evaluationIn, version }),
    response: evaluationDetail,
  },
  openEvaluation: {
    method: 'post',
    path: '/api/evaluations/:id/open',
    action: 'evaluation.write',
    summary: { zh: '开启场次', en: 'Open it; a room has one open evaluation at a time' },
    params: idParams,
    body: z.strictObject({ version }),
    response: evaluationDetail,
  },
  closeEvaluation: {
    method: 'post',
    path: '/api/evaluations/:id/close',
    action: 'evaluation.write',
    summary: { zh: '结束场次并删除人脸模板', en: 'Close it for good; its face templates are deleted' },
    params: idParams,
    body: z.strictObject({ version, note: noteText.default('') }),
    response: evaluationDetail,
  },
  importEvaluations: {
    method: 'post',
    path: '/api/evaluations-import',
    action: 'evaluation.write',
    summary: {
      zh: 'CSV 导入场次与名单,每行一人;有错则一行不入',
      en: 'CSV import of evaluations with rosters, a row a person; nothing is stored where a row is wrong',
    },
    body: z.strictObject(csvBody),
    response: importResult,
  },
  exportEvaluations: {
    method: 'get',
    path: '/api/evaluations.csv',
    action: 'evaluation.read',
    summary: { zh: '导出场次 CSV(也是导入模板)', en: 'CSV of evaluations; also the template of an import' },
    query: z.strictObject({ state: z.enum(STATES).optional() }),
    response: { raw: 'text/csv' },
  },
  importRoster: {
    method: 'post',
    path: '/api/evaluations/:id/roster-import',
    action: 'evaluation.write',
    summary: { zh: 'CSV 导入名单(替换原名单)', en: 'CSV import of the roster, in place of the present one' },
    params: idParams,
    body: z.strictObject({ ...csvBody, version }),
    response: importResult,
  },
  exportRoster: {
    method: 'get',
    path: '/api/evaluations/:id/roster.csv',
    action: 'evaluation.read',
    summary: { zh: '导出名单', en: 'CSV of the roster' },
    params: idParams,
    response: { raw: 'text/csv' },
  },
  enterRoom: {
    method: 'post',
    path: '/api/evaluations/:id/entries',
    action: 'evaluation.write',
    summary: { zh: '登记豁免人员进入', en: 'An exempt person enters, with escort and reason' },
    params: idParams,
    body: z.strictObject({ person: idText, room: idText, escort: shortText, reason: shortText }),
    response: evaluationDetail,
  },
  leaveRoom: {
    method: 'post',
    path: '/api/evaluations/:id/entries/:entry/leave',
    action: 'evaluation.write',
    summary: { zh: '登记豁免人员离开', en: 'An exempt person left' },
    params: z.strictObject({ id: idText, entry: idText }),
    response: evaluationDetail,
  },
  enrolFace: {
    method: 'post',
    path: '/api/evaluations/:id/faces/:person',
    action: 'evaluation.write',
    summary: {
      zh: '人脸登记:一次一张,每人最多五张;照片本身不保存',
      en: 'Enrol a face: one photo a call, five a person at most; the photo itself is not kept',
    },
    params: personParams,
    body: z.strictObject({ photo }),
    response: z.object({
      verdict: z.string(),
      message: z.string().describe('The verdict for people'),
      used: z.boolean(),
      photos: z.array(z.string()),
    }),
  },
  forgetFace: {
    method: 'delete',
    path: '/api/evaluations/:id/faces/:person',
    action: 'evaluation.write',
    summary: { zh: '删除一人的人脸模板', en: "Delete one person's face templates" },
    params: personParams,
    response: z.object({ removed: z.int() }),
  },
  signInByPhoto: {
    method: 'post',
    path: '/api/evaluations/:id/arrivals/photo',
    action: 'evaluation.write',
    summary: {
      zh: '照片签到:与名单比对,认出才记录;活体检测仅供参考',
      en: 'Sign in by photo: recorded only where the roster knows the face; liveness is advice only',
    },
    params: idParams,
    body: z.strictObject({ photo }),
    response: z.object({
      outcome: z.enum(['rostered', 'stranger', 'unidentified']),
      verdict: z.string().describe('What the photo is worth'),
      message: z.string(),
      similarity: z.number().nullable(),
      liveness: z.number().nullable(),
      livenessNote: z.string(),
      arrival: arrival.nullable(),
    }),
  },
  signInManually: {
    method: 'post',
    path: '/api/evaluations/:id/arrivals',
    action: 'evaluation.write',
    summary: { zh: '人工签到:须附照片', en: 'Manual sign-in with a photo; who entered it is kept' },
    params: idParams,
    body: z.strictObject({ person: idText, photo, note: noteText.default('') }),
    response: evaluationDetail,
  },
  getArrivalPhoto: {
    method: 'get',
    path: '/api/evaluations/:id/arrivals/:arrival/photo',
    action: 'evaluation.read',
    summary: { zh: '签到照片', en: 'Photo of a sign-in' },
    params: z.strictObject({ id: idText, arrival: idText }),
    response: { raw: 'image/jpeg' },
  },
} as const satisfies Record<string, RouteSpec>;
