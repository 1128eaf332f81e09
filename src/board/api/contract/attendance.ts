import { z } from 'zod';
import { idParams, instant, noteText, person } from './common.js';
import { photo } from './evaluationParts.js';
import type { RouteSpec } from './route.js';

const record = z.object({
  id: z.string(),
  at: instant,
  way: z.enum(['camera', 'photo', 'manual']),
  verdict: z.string().describe('on-time, late, early'),
  offMs: z.int(),
  by: person,
  note: z.string(),
});

export const attendanceRoutes = {
  getAttendance: {
    method: 'get',
    path: '/api/attendance',
    action: 'attendance.read',
    summary: { zh: '某日考勤:每人每次打卡', en: "A day's punches of each staff member" },
    query: z.strictObject({ day: z.iso.date().optional().describe('Default: today') }),
    response: z.object({
      enabled: z.boolean().describe('Off: the hall does not want it, nothing is recorded'),
      faces: z.enum(['on', 'off', 'unavailable']),
      day: z.string(),
      punches: z.array(z.object({ id: z.string(), name: z.string(), at: z.string() })),
      rows: z.array(
        z.object({
          person: z.string(),
          name: z.string(),
          unit: z.string(),
          photos: z.int(),
          punches: z.array(record.nullable()).describe('In the order of punches; null: none'),
        }),
      ),
    }),
  },
  enrolStaffFace: {
    method: 'post',
    path: '/api/attendance/:id/faces',
    action: 'attendance.write',
    summary: { zh: '工作人员人脸登记(须本人同意)', en: "Enrol a staff member's face, with their consent" },
    params: idParams,
    body: z.strictObject({ photo }),
    response: z.object({ verdict: z.string(), message: z.string(), used: z.boolean(), photos: z.int() }),
  },
  forgetStaffFace: {
    method: 'delete',
    path: '/api/attendance/:id/faces',
    action: 'attendance.write',
    summary: { zh: '删除工作人员人脸模板', en: "Delete a staff member's face templates" },
    params: idParams,
    response: z.object({ removed: z.int() }),
  },
  punchManually: {
    method: 'post',
    path: '/api/attendance/:id/punches',
    action: 'attendance.write',
    summary: { zh: '人工打卡:须附照片', en: 'A punch by hand, with a photo; who entered it is kept' },
    params: idParams,
    body: z.strictObject({ photo, note: noteText.default('') }),
    response: record,
  },
} as const satisfies Record<string, RouteSpec>;
