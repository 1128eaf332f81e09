import { z } from 'zod';
import { configEffect, done, idParams, idText, instant, noteText, pageOf, paging, person } from './common.js';
import type { RouteSpec } from './route.js';

export const LEAVE_KINDS = ['leave', 'outing', 'cover', 'back-office', 'suspended'] as const;

export const leave = z.object({
  id: z.string(),
  window: z.string(),
  windowName: z.string(),
  person: z.string(),
  kind: z.enum(LEAVE_KINDS).describe('请假, 外出, 邻窗代岗(AB岗), 后台业务, 暂停受理'),
  from: instant,
  to: instant,
  note: z.string(),
  registeredBy: person,
  registeredAt: instant,
  cancelledAt: instant.nullable(),
});

const leaveBody = z.strictObject({
  window: idText,
  person: z.string().trim().max(100).default(''),
  kind: z.enum(LEAVE_KINDS),
  from: instant,
  to: instant,
  note: noteText.default(''),
});

const span = z.strictObject({
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM'),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM'),
});

export const standby = z.object({
  id: z.string(),
  window: z.string(),
  windowName: z.string(),
  from: instant,
  to: instant.nullable().describe('null: until ended'),
  note: z.string(),
  by: person,
});

export const post = z.object({
  id: z.string(),
  user: person,
  window: z.string(),
  windowName: z.string(),
  from: instant,
  to: instant.nullable(),
});

export const importResult = z.object({
  rows: z.int(),
  imported: z.int().describe('All rows or none'),
  errors: z.array(
    z.object({ row: z.int().describe('Line in the file, the heading is 1'), column: z.string(), message: z.string() }),
  ),
});

const dateParams = z.strictObject({ date: z.iso.date() });

export const dutyRoutes = {
  listLeaves: {
    method: 'get',
    path: '/api/duty/leaves',
    action: 'duty.read',
    summary: { zh: '请假外出登记', en: 'Leave and outing register' },
    query: z.strictObject({
      ...paging,
      window: idText.optional(),
      from: z.coerce.number().int().optional(),
      to: z.coerce.number().int().optional(),
      cancelled: z.stringbool().default(false),
    }),
    response: pageOf(leave),
  },
  addLeave: {
    method: 'post',
    path: '/api/duty/leaves',
    action: 'duty.write',
    summary: { zh: '登记', en: 'Register a leave' },
    body: leaveBody,
    response: leave,
  },
  cancelLeave: {
    method: 'delete',
    path: '/api/duty/leaves/:id',
    action: 'duty.write',
    summary: { zh: '撤销登记(保留记录)', en: 'Cancel a leave; the record stays' },
    params: idParams,
    response: done,
  },
  importLeaves: {
    method: 'post',
    path: '/api/duty/leaves-import',
    action: 'duty.write',
    summary: {
      zh: 'CSV 导入:列 window,person,kind,from,to,note;有错则一行不入',
      en: 'CSV import, columns window,person,kind,from,to,note; nothing is stored where a row is wrong',
    },
    body: z.strictObject({ csv: z.string().min(1).max(900_000), dryRun: z.boolean().default(false) }),
    response: importResult,
  },
  exportLeaves: {
    method: 'get',
    path: '/api/duty/leaves.csv',
    action: 'duty.read',
    summary: { zh: '导出 CSV(也是导入模板)', en: 'CSV export; also the template of an import' },
    query: z.strictObject({ from: z.coerce.number().int().optional(), to: z.coerce.number().int().optional() }),
    response: { raw: 'text/csv' },
  },
  listStandby: {
    method: 'get',
    path: '/api/duty/standby',
    action: 'duty.read',
    summary: { zh: '暂停服务', en: 'Windows on standby' },
    response: z.object({ items: z.array(standby) }),
  },
  startStandby: {
    method: 'post',
    path: '/api/duty/standby',
    action: 'duty.write',
    summary: { zh: '暂停某窗口', en: 'Put a window on standby' },
    body: z.strictObject({ window: idText, from: instant.optional(), to: instant.optional(), note: noteText.min(1) }),
    response: standby,
  },
  endStandby: {
    method: 'delete',
    path: '/api/duty/standby/:id',
    action: 'duty.write',
    summary: { zh: '恢复服务', en: 'End a standby now' },
    params: idParams,
    response: done,
  },
  listShifts: {
    method: 'get',
    path: '/api/duty/shifts',
    action: 'duty.read',
    summary: { zh: '班次与午休轮值', en: 'Schedules, and hours and lunch rota of each window' },
    response: z.object({
      schedules: z.array(
        z.object({ id: z.string(), days: z.union([z.string(), z.array(z.int())]), shifts: z.array(span) }),
      ),
      windows: z.array(
        z.object({
          window: z.string(),
          name: z.string(),
          hours: z.string(),
          lunch: z.array(span),
          standby: z.boolean(),
        }),
      ),
      etag: z.string(),
    }),
  },
  putShift: {
    method: 'put',
    path: '/api/duty/shifts/:id',
    action: 'calendar.write',
    summary: { zh: '修改窗口班次与午休', en: 'Hours and lunch rota of a window' },
    params: idParams,
    body: z.strictObject({ hours: z.string().max(64), lunch: z.array(span).max(6), etag: z.string() }),
    response: z.object({ effect: configEffect, etag: z.string() }),
  },
  getCalendar: {
    method: 'get',
    path: '/api/duty/calendar',
    action: 'duty.read',
    summary: { zh: '工作日历', en: 'Working calendar of a year' },
    query: z.strictObject({ year: z.coerce.number().int().min(2000).max(2100) }),
    response: z.object({
      holidays: z.enum(['cn', 'none']),
      overlay: z.array(z.object({ date: z.string(), open: z.boolean(), shifts: z.array(span), note: z.string() })),
      warnings: z.array(z.string()).describe('Codes, e.g. no-holiday-data'),
      etag: z.string(),
    }),
  },
  putCalendarDay: {
    method: 'put',
    path: '/api/duty/calendar/:date',
    action: 'calendar.write',
    summary: { zh: '本厅某日', en: 'A day of the hall’s own' },
    params: dateParams,
    body: z.strictObject({
      open: z.boolean(),
      shifts: z.array(span).max(6).default([]),
      note: noteText.default(''),
      etag: z.string(),
    }),
    response: z.object({ effect: configEffect, etag: z.string() }),
  },
  deleteCalendarDay: {
    method: 'post',
    path: '/api/duty/calendar/:date/remove',
    action: 'calendar.write',
    summary: { zh: '取消本厅某日', en: 'Remove a day of the hall’s own' },
    params: dateParams,
    body: z.strictObject({ etag: z.string() }),
    response: z.object({ effect: configEffect, etag: z.string() }),
  },
  listPosts: {
    method: 'get',
    path: '/api/duty/posts',
    action: 'duty.read',
    summary: { zh: '人员在岗安排(决定"本人的"事件)', en: 'Who serves at which window: decides whose an incident is' },
    query: z.strictObject({ window: idText.optional(), user: idText.optional() }),
    response: z.object({ items: z.array(post) }),
  },
  addPost: {
    method: 'post',
    path: '/api/duty/posts',
    action: 'duty.write',
    summary: { zh: '安排岗位', en: 'Give a person a window' },
    body: z.strictObject({ user: idText, window: idText, from: instant, to: instant.nullable().default(null) }),
    response: post,
  },
  endPost: {
    method: 'delete',
    path: '/api/duty/posts/:id',
    action: 'duty.write',
    summary: { zh: '结束岗位安排', en: 'End it now' },
    params: idParams,
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;

export type LeaveInput = z.output<typeof leaveBody>;
