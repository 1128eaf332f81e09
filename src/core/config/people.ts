import { z } from 'zod';
import { daySpan, durationOr, id, timeOfDay, zone } from './fields.js';

const fraction = z.number().min(0).max(1);
const metres = z.number().min(-1000).max(1000);

/** A fixed seat of an evaluation room. */
export const seat = z.strictObject({
  id,
  zone: zone.describe('座位区 · Where somebody who sits there is seen, fractions of the picture'),
  beside: z.array(id).default([]).describe('相邻座位 · Seats that two experts must not take together with this one'),
});

/** One of the points that fix the floor of a room: where it is seen, and where it is. */
export const floorPoint = z.strictObject({
  at: z.tuple([fraction, fraction]).describe('画面位置 · Fractions of the picture'),
  metres: z.tuple([metres, metres]).describe('地面位置(米) · Place on the floor in metres, from any corner'),
});

/** A part of the sealed area. Lounges, toilets and canteens inside it are parts of it, not outside. */
export const area = z.strictObject({
  id,
  kind: z.enum(['door', 'room', 'corridor', 'lounge']).describe('类别 · What it is'),
  camera: id.describe('摄像机 · Camera that sees it'),
  zone: zone.default([]).describe('区域 · Part of the picture; empty means all of it'),
  to: z.array(id).default([]).describe('相通区域 · Areas one can walk into from here'),
});

/** Where arrivals are recorded by face. */
export const signIn = z.strictObject({
  camera: id.describe('签到摄像机 · Camera at the entrance'),
  zone: zone.default([]).describe('签到区 · Part of the picture; empty means all of it'),
});

export const faces = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('人脸识别 · Face recognition; off: head counts, entries and manual sign-in go on working'),
  keys: z
    .string()
    .min(1)
    .optional()
    .describe(
      '人脸模板密钥目录,须在数据目录之外 · Folder of template keys, outside the data folder (default: ~/.local/share/hallwatch/keys/faces-SITE)',
    ),
});

export const attendance = z.strictObject({
  enabled: z.boolean().default(false).describe('工作人员刷脸考勤 · Whether staff punch by face'),
  camera: id.optional().describe('考勤摄像机 · Camera at the staff entrance'),
  punches: z
    .array(
      z.strictObject({
        id,
        name: z.string().min(1).describe('名称 · Name, such as 上午上班'),
        at: timeOfDay.describe('规定时间 · Arrivals after it are late, departures before it early'),
        kind: z.enum(['arrive', 'depart']).describe('上班或下班 · Arriving or leaving'),
        window: daySpan.describe('打卡时段 · Span in which a look counts for this punch'),
      }),
    )
    .default([
      { id: 'am-in', name: '上午上班', at: '09:00', kind: 'arrive', window: { from: '07:30', to: '10:30' } },
      { id: 'am-out', name: '上午下班', at: '12:00', kind: 'depart', window: { from: '11:00', to: '12:50' } },
      { id: 'pm-in', name: '下午上班', at: '13:30', kind: 'arrive', window: { from: '12:50', to: '15:00' } },
      { id: 'pm-out', name: '下午下班', at: '17:00', kind: 'depart', window: { from: '16:00', to: '20:00' } },
    ])
    .describe('每日打卡 · The daily punches, in order'),
});

const patrolPoint = z.strictObject({
  id,
  name: z.string().min(1).describe('点位名称 · Name'),
  camera: id.describe('摄像机 · Camera'),
  preset: z.string().min(1).optional().describe('预置位 · Name or token of an ONVIF preset; absent for a fixed view'),
  snapshots: z.int().min(1).max(10).default(3).describe('抓拍张数 · Pictures kept of a visit'),
});

export const patrol = z.strictObject({
  id,
  name: z.string().min(1).describe('计划名称 · Name'),
  days: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]).describe('星期 · Weekdays, 1 is Monday'),
  between: daySpan.prefault({ from: '09:00', to: '17:00' }).describe('时段 · Part of the day in which rounds begin'),
  every: durationOr('2h').describe('间隔 · A round begins this often'),
  within: durationOr('15m').describe('完成时限 · A point not visited this long after the round began is missed'),
  settle: durationOr('4s').describe('转到位时间 · Wait after a preset was called before pictures count'),
  points: z.array(patrolPoint).min(1).describe('点位 · Points in the order of the round'),
});
