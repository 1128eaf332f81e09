import { z } from 'zod';
import { configEffect, idParams, idText, polygon } from './common.js';
import type { RouteSpec } from './route.js';

const fraction = z.number().min(0).max(1);
const metres = z.number().min(-1000).max(1000);

const plan = {
  seats: z
    .array(z.strictObject({ id: idText, zone: polygon, beside: z.array(idText).max(20).default([]) }))
    .max(200)
    .describe('Seats in the first camera of the room; `beside`: must not both be taken by experts'),
  floor: z
    .array(z.strictObject({ at: z.tuple([fraction, fraction]), metres: z.tuple([metres, metres]) }))
    .max(16)
    .describe('Four points or more with known places on the floor; with them distances are in metres'),
};

export const seatRoutes = {
  getSeats: {
    method: 'get',
    path: '/api/rooms/:id/seats',
    action: 'zone.read',
    summary: { zh: '座位与地面标定', en: 'Seats and floor points of a room' },
    params: idParams,
    response: z.object({
      ...plan,
      name: z.string(),
      camera: z.string(),
      minDistance: z.number().describe('Metres that two experts keep'),
      etag: z.string(),
    }),
  },
  putSeats: {
    method: 'put',
    path: '/api/rooms/:id/seats',
    action: 'zone.write',
    summary: { zh: '保存座位与地面标定(写入配置)', en: 'Save seats and floor points into the configuration' },
    params: idParams,
    body: z.strictObject({ ...plan, etag: z.string() }),
    response: z.object({ effect: configEffect }),
  },
} as const satisfies Record<string, RouteSpec>;
