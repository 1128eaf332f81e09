import { z } from 'zod';
import { box, configEffect, done, idParams, idText, instant, labelledBox, polygon, shortText } from './common.js';
import type { RouteSpec } from './route.js';

export const cameraRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['rtsp', 'onvif', 'http', 'file', 'sim']),
  source: z.string().describe('Without user and password'),
  hasCredentials: z.boolean(),
  findings: z.array(z.string()),
  lastFrameAt: instant.nullable(),
  frameAgeMs: z.int().nullable(),
  keyframeIntervalS: z.number().nullable(),
  reconnects: z.int(),
  dropped: z.int(),
  windows: z.array(z.string()),
  rooms: z.array(z.string()),
  restartNeeded: z.boolean().describe('Added on the board, not yet opened'),
});

const zoneOf = z.strictObject({ name: z.string().min(1).max(64), polygon });

export const zoneSet = z.object({
  subject: z.string(),
  name: z.string(),
  kind: z.enum(['window', 'room']),
  cameras: z.array(z.string()),
  zones: z.record(z.string(), polygon).describe('staffZone, citizenZone, deskZone of a window; zone of a room'),
  etag: z.string().describe('Send back when writing'),
});

export const cameraRoutes = {
  listCameras: {
    method: 'get',
    path: '/api/cameras',
    action: 'camera.read',
    summary: { zh: '摄像机与健康', en: 'Cameras and their health' },
    response: z.object({ items: z.array(cameraRow) }),
  },
  getCamera: {
    method: 'get',
    path: '/api/cameras/:id',
    action: 'camera.read',
    summary: { zh: '一台摄像机', en: 'One camera, with its health history' },
    params: idParams,
    response: z.object({
      camera: cameraRow,
      history: z.array(
        z.object({
          finding: z.string(),
          state: z.enum(['raised', 'cleared']),
          at: instant,
          detail: z.string().optional(),
        }),
      ),
      video: z.boolean().describe('Whether /video gives a live stream'),
    }),
  },
  getCameraPicture: {
    method: 'get',
    path: '/api/cameras/:id/picture',
    action: 'camera.picture',
    summary: { zh: '最新画面 (JPEG)', en: 'Latest picture; 404 before the first, header X-Captured-At' },
    params: idParams,
    query: z.strictObject({ t: z.string().max(32).optional().describe('Ignored: makes the address new') }),
    response: { raw: 'image/jpeg' },
  },
  getCameraVideo: {
    method: 'get',
    path: '/api/cameras/:id/video',
    action: 'camera.picture',
    summary: {
      zh: '实时画面 (fMP4);不可用时 503 unavailable,改用 picture',
      en: 'Live fragmented MP4; 503 unavailable where there is none',
    },
    params: idParams,
    response: { raw: 'video/mp4' },
  },
  acceptView: {
    method: 'post',
    path: '/api/cameras/:id/accepted-view',
    action: 'camera.write',
    summary: {
      zh: '确认当前画面为新的正常机位(清除机位移动、失焦)',
      en: 'What the camera sees now is its right view: clears moved and out of focus',
    },
    params: idParams,
    body: z.strictObject({ reason: shortText }),
    response: done,
  },
  lookNow: {
    method: 'post',
    path: '/api/cameras/:id/look',
    action: 'camera.look',
    summary: { zh: '测试:检测器此刻在各区看到什么', en: 'What the detector sees now in each zone' },
    params: idParams,
    body: z.strictObject({ zones: z.array(zoneOf).max(20) }),
    response: z.object({
      at: instant,
      boxes: z.array(labelledBox),
      zones: z.array(z.object({ name: z.string(), count: z.int(), boxes: z.array(box) })),
    }),
  },
  discoverCameras: {
    method: 'post',
    path: '/api/camera-discovery',
    action: 'camera.write',
    summary: { zh: '局域网发现 ONVIF 设备', en: 'ONVIF discovery on the local network' },
    response: z.object({
      found: z.array(z.object({ address: z.string(), name: z.string(), model: z.string(), known: z.boolean() })),
    }),
  },
  probeCamera: {
    method: 'post',
    path: '/api/camera-probe',
    action: 'camera.write',
    summary: { zh: '试连:码流事实与一张画面', en: 'Try a source: facts of the stream and one picture' },
    body: z.strictObject({
      source: z.string().trim().min(5).max(500),
      user: z.string().max(100).optional(),
      password: z.string().max(200).optional(),
    }),
    response: z.object({
      codec: z.string(),
      width: z.int(),
      height: z.int(),
      keyframeIntervalS: z.number().nullable(),
      profiles: z.array(z.object({ name: z.string(), width: z.int(), height: z.int(), codec: z.string() })),
      clockOffsetS: z.number().nullable(),
      picture: z.string().nullable().describe('data:image/jpeg;base64,...'),
    }),
  },
  addCamera: {
    method: 'post',
    path: '/api/cameras',
    action: 'camera.write',
    summary: {
      zh: '新增摄像机(密码写入密封文件,永不返回)',
      en: 'Add a camera; its password goes to a sealed file and never comes back',
    },
    body: z.strictObject({
      id: idText,
      name: shortText,
      source: z.string().trim().min(5).max(500),
      user: z.string().max(100).optional(),
      password: z.string().max(200).optional(),
    }),
    response: z.object({ camera: cameraRow, effect: configEffect }),
  },
  changeCamera: {
    method: 'put',
    path: '/api/cameras/:id',
    action: 'camera.write',
    summary: {
      zh: '修改摄像机;不填用户名则账号不变,不填密码则密码不变',
      en: 'Change a camera; without a user its account stays, without a password the password',
    },
    params: idParams,
    body: z.strictObject({
      name: shortText,
      source: z.string().trim().min(5).max(500),
      user: z.string().max(100).optional(),
      password: z.string().max(200).optional(),
    }),
    response: z.object({ camera: cameraRow, effect: configEffect }),
  },
  removeCamera: {
    method: 'delete',
    path: '/api/cameras/:id',
    action: 'camera.write',
    summary: {
      zh: '移除摄像机;仍有窗口或评标室使用时 409',
      en: 'Remove a camera; 409 while a window or a room uses it',
    },
    params: idParams,
    response: z.object({ effect: configEffect }),
  },
  listZones: {
    method: 'get',
    path: '/api/zones',
    action: 'zone.read',
    summary: { zh: '全部区域', en: 'Zones of all windows and rooms' },
    response: z.object({ items: z.array(zoneSet) }),
  },
  getZones: {
    method: 'get',
    path: '/api/zones/:id',
    action: 'zone.read',
    summary: { zh: '某窗口或评标室的区域', en: 'Zones of a window or room' },
    params: idParams,
    response: zoneSet,
  },
  putZones: {
    method: 'put',
    path: '/api/zones/:id',
    action: 'zone.write',
    summary: { zh: '保存区域(写入配置,保留注释)', en: 'Save zones into the configuration, comments kept' },
    params: idParams,
    body: z.strictObject({
      zones: z.partialRecord(z.enum(['staffZone', 'citizenZone', 'deskZone', 'zone']), polygon),
      etag: z.string(),
    }),
    response: z.object({ zones: zoneSet, effect: configEffect }),
  },
} as const satisfies Record<string, RouteSpec>;
