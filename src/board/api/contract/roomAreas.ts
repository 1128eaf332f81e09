import { z } from 'zod';
import { configEffect, idParams, idText, polygon } from './common.js';
import type { RouteSpec } from './route.js';

const areas = z
  .array(
    z.strictObject({
      id: idText,
      kind: z.enum(['door', 'room', 'corridor', 'lounge']),
      camera: idText.describe('One of the room’s cameras'),
      zone: polygon.describe('Empty: the whole picture of that camera'),
      to: z.array(idText).max(20).default([]).describe('Areas one can walk into from here'),
    }),
  )
  .max(60)
  .describe('Doors, rooms, corridors and lounges of the sealed area, and how they connect');

export const roomAreaRoutes = {
  getRoomAreas: {
    method: 'get',
    path: '/api/rooms/:id/areas',
    action: 'zone.read',
    summary: { zh: '封闭区分区与通路', en: 'Areas of the sealed area and how they connect' },
    params: idParams,
    response: z.object({
      areas,
      name: z.string(),
      cameras: z.array(z.object({ id: z.string(), name: z.string() })).describe('The cameras of the room'),
      leftAfterS: z.number().describe('Where no door is drawn: unseen for this long is having left, seconds'),
      stayForS: z.number().describe('Longest stay in a corridor or lounge, seconds'),
      etag: z.string(),
    }),
  },
  putRoomAreas: {
    method: 'put',
    path: '/api/rooms/:id/areas',
    action: 'zone.write',
    summary: { zh: '保存封闭区分区(写入配置)', en: 'Save the areas of a room into the configuration' },
    params: idParams,
    body: z.strictObject({ areas, etag: z.string() }),
    response: z.object({ effect: configEffect }),
  },
} as const satisfies Record<string, RouteSpec>;
