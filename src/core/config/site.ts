import { z } from 'zod';
import { dayDate, daySpan, durationOr, id, secretReference, zone } from './fields.js';
import { area, floorPoint, seat, signIn } from './people.js';
import { absenceOverride, deskOverride } from './rules.js';

export const site = z.strictObject({
  id: id.describe('站点标识,用于主题与事件编号 · Site id, part of topics and incident ids'),
  name: z.string().min(1).describe('站点名称 · Name shown to people'),
  district: z.string().default('').describe('区县 · District, a tag in InfluxDB'),
  timeZone: z
    .string()
    .default('Asia/Shanghai')
    .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', 'not an IANA time zone'),
});

/** What stands before `:` in a source decides who opens it. */
const SOURCE = /^(rtsp|rtsps|http|https|onvif):\/\/\S+$|^(file|sim):\S.*$/;

export const camera = z.strictObject({
  id,
  name: z.string().optional().describe('名称 · Name'),
  source: z
    .string()
    .regex(SOURCE, 'a source begins with rtsp:, rtsps:, http:, https:, onvif:, file: or sim:')
    .refine((source) => !/^[a-z]+:\/\/[^/]*@/.test(source), 'a password does not belong in a source: use `credentials`')
    .describe('视频来源 · rtsp://HOST/PATH, onvif://HOST, file:PATH or sim:SCENE'),
  main: z
    .string()
    .regex(SOURCE)
    .optional()
    .describe('主码流,用于取证 · Main stream for evidence, where ONVIF does not tell'),
  credentials: id.optional().describe('凭据名称 · Name of an entry under credentials'),
  lookEvery: durationOr('2s').describe('分析间隔 · How often the picture is looked at'),
  analysisWidth: z
    .int()
    .min(160)
    .max(1920)
    .default(640)
    .describe('分析宽度(像素) · Width of the analysed picture, pixels'),
  health: z
    .strictObject({
      enabled: z.boolean().default(true).describe('是否检查画面 · Whether the picture itself is checked'),
      frozenAfter: durationOr('45s').describe('画面静止多久算冻结 · How long an unchanged picture is called frozen'),
      moved: z.boolean().default(true).describe('检测机位移动 · Whether a moved camera is reported'),
    })
    .prefault({}),
});

export const window = z.strictObject({
  id,
  name: z.string().optional().describe('窗口名称 · Name'),
  department: z.string().default('').describe('部门 · Department'),
  area: z.string().default('').describe('区域 · Area of the hall'),
  type: z.string().default('').describe('窗口类型 · Window type, chooses the desk standard'),
  camera: id.describe('摄像机 · Camera that sees the window'),
  staffZone: zone.describe('工作人员区 · Staff side of the counter, fractions of the picture'),
  citizenZone: zone.default([]).describe("群众区 · Citizens' side"),
  deskZone: zone.default([]).describe('桌面区 · Desk'),
  audio: id.optional().describe('收音摄像机,仅用于文明用语 · Camera that hears the window, for polite phrases only'),
  hours: z.string().default('always').describe('班次名称或 always · Name of a schedule, or always'),
  lunch: z.array(daySpan).default([]).describe('午间轮休 · Lunch rota: the window need not be staffed in these spans'),
  standby: z.boolean().default(false).describe('暂停服务 · Not in use at present'),
  rules: z
    .strictObject({ absence: absenceOverride.optional(), desk: deskOverride.optional() })
    .prefault({})
    .describe('本窗口的规则参数 · Parameters that differ at this window'),
});

const MICROPHONE = /^(rtsp|rtsps|http|https):\/\/\S+$|^(alsa|pulse|file):\S.*$/;

const microphone = z.strictObject({
  source: z
    .string()
    .regex(MICROPHONE, 'a microphone begins with rtsp:, rtsps:, http:, https:, alsa:, pulse: or file:')
    .refine((source) => !/^[a-z]+:\/\/[^/]*@/.test(source), 'a password does not belong in a source: use `credentials`')
    .describe('声音来源 · rtsp://HOST/PATH, alsa:hw:1 or pulse:default for a local device, file:PATH'),
  credentials: id.optional().describe('凭据名称 · Name of an entry under credentials'),
});

export const room = z.strictObject({
  id,
  name: z.string().optional().describe('评标室名称 · Name'),
  cameras: z.array(id).min(1).describe('摄像机 · Cameras'),
  zone: zone.default([]).describe('评标区 · Part of the picture that is the room; empty means all of it'),
  audio: id.optional().describe("收音摄像机 · Camera whose sound is the room's"),
  microphone: microphone
    .optional()
    .describe('独立拾音器(优先于收音摄像机) · A microphone of its own, before the camera named under audio'),
  seats: z.array(seat).max(200).default([]).describe('座位 · Fixed seats in the first camera; 间隔就座'),
  floor: z
    .array(floorPoint)
    .max(16)
    .refine((points) => points.length === 0 || points.length >= 4, 'four floor points or more fix the floor')
    .default([])
    .describe('地面标定点 · Points on the floor with known places; with them distances are in metres'),
  areas: z.array(area).default([]).describe('封闭区分区 · Doors, rooms, corridors and lounges, and how they connect'),
  signIn: signIn.optional().describe('签到 · Where arrivals are recorded by face'),
});

export const schedule = z.strictObject({
  days: z
    .union([z.enum(['workdays', 'every-day']), z.array(z.int().min(1).max(7)).min(1)])
    .default('workdays')
    .describe('工作日 · workdays (holidays and make-up days applied), every-day, or weekdays 1 (Monday) to 7'),
  shifts: z.array(daySpan).min(1).describe('班次 · Spans of the day in which windows are staffed'),
});

export const calendar = z.strictObject({
  holidays: z.enum(['cn', 'none']).default('cn').describe('法定节假日与调休 · National holidays and make-up days'),
  overlay: z
    .array(
      z.strictObject({
        date: dayDate,
        open: z.boolean().describe('当天是否开放 · Whether the hall is open that day'),
        shifts: z.array(daySpan).optional().describe("当天班次 · Spans of that day instead of the schedule's"),
        note: z.string().default(''),
      }),
    )
    .default([])
    .describe("本大厅日历 · The hall's own days, first in order; holiday appointments too"),
});

export const credentials = z.strictObject({ user: z.string().min(1), password: secretReference });
