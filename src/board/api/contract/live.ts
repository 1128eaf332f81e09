import { z } from 'zod';
import { done, instant } from './common.js';
import { incidentSummary } from './incidentFacts.js';
import type { RouteSpec } from './route.js';

const count = z.union([z.int(), z.literal('unknown')]);

export const windowLive = z
  .object({
    id: z.string(),
    name: z.string(),
    department: z.string(),
    area: z.string(),
    type: z.string(),
    camera: z.string(),
    hasCitizenZone: z.boolean(),
    state: z.enum(['present', 'away', 'absent', 'unknown', 'exempt']),
    since: instant,
    staff: count,
    citizens: count,
    reason: z.string().optional().describe('Why unknown or exempt: a stable code'),
    coverageToday: z.number().optional(),
    incident: z.string().optional(),
    desk: z
      .object({
        state: z.enum(['tidy', 'suspect', 'disorder', 'unknown']),
        since: instant,
        reason: z.string().optional(),
        at: instant.optional().describe('Newest look'),
        items: z.array(z.string()),
        missing: z.array(z.string()),
        differencePercent: z.number(),
        clutter: z.number().nullable(),
        references: z.string(),
      })
      .optional(),
    service: z
      .object({ state: z.enum(['idle', 'waiting', 'arriving', 'serving']), since: instant.optional() })
      .optional(),
  })
  .meta({ id: 'WindowLive' });

export const roomLive = z
  .object({
    id: z.string(),
    name: z.string(),
    cameras: z.array(z.string()),
    persons: count,
    since: instant,
    speech: z.enum(['listening', 'demo', 'off']),
    speechReason: z.string().optional(),
    reason: z.string().optional(),
    sealed: z
      .object({
        evaluation: z.string().optional(),
        project: z.string().optional(),
        allowed: z.int().nullable().describe('Head count the roster allows; null without a roster'),
        inside: z.array(z.object({ person: z.string(), name: z.string(), seen: z.boolean(), since: instant })),
        outcomes: z.object({
          rostered: z.int(),
          'rostered-wrong-room': z.int(),
          'known-not-rostered': z.int(),
          stranger: z.int(),
          unidentified: z.int(),
        }),
      })
      .optional()
      .describe('Persons against the roster of the evaluation that runs here'),
  })
  .meta({ id: 'RoomLive' });

export const cameraLive = z
  .object({
    id: z.string(),
    name: z.string(),
    findings: z.array(z.string()),
    lastFrameAt: instant.nullable(),
    keyframeIntervalS: z.number().nullable(),
    reconnects: z.int(),
    dropped: z.int(),
  })
  .meta({ id: 'CameraLive' });

/** Event time beside the server's own clock. */
export const hallClock = z.object({
  at: instant.describe('Newest event time'),
  now: instant.describe('Wall clock of the server'),
  simulated: z
    .object({
      catchingUp: z.boolean().describe('The past is replayed'),
      behindMs: z.int().describe('How far event time lies behind now'),
      speed: z.number().describe('Event seconds a second'),
    })
    .nullable()
    .describe('Null where real cameras look at a real hall'),
});

export const liveState = hallClock.extend({
  seq: z.int().describe('Newest step this state includes; resume the events after it'),
  windows: z.array(windowLive),
  rooms: z.array(roomLive),
  cameras: z.array(cameraLive),
  open: z.array(incidentSummary).describe('Open incidents this user may see, most urgent first, at most 500'),
});

export const alertStep = z.object({
  id: z.string(),
  rule: z.string(),
  ruleVersion: z.string(),
  subject: z.string(),
  step: z.enum(['open', 'escalated', 'ended']),
  ordinal: z.int(),
  at: instant,
  start: instant,
  end: instant.optional(),
  endReason: z.string().optional(),
  priority: z.enum(['normal', 'high']),
  tier: z.int(),
  seen: z.object({ observedMs: z.number(), unknownMs: z.number() }),
  camera: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

export const seqStep = z.object({
  seq: z.int().describe('Place in the ledger; a gap is a step this user may not see'),
  step: alertStep,
  incident: incidentSummary,
});

/** Data of the server-sent events, by event name. Only `step` carries an id (its `seq`). */
export const liveEvents = {
  snapshot: liveState,
  window: windowLive,
  room: roomLive,
  camera: cameraLive,
  step: seqStep,
  /** A person moved an incident's loop. */
  workflow: incidentSummary,
  /** Every 5 s. */
  clock: hallClock,
} as const;
export type LiveEventName = keyof typeof liveEvents;

const fraction = z.number().min(0).max(1);
export const floorplan = z.strictObject({
  areas: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        name: z.string().max(100),
        items: z
          .array(z.strictObject({ subject: z.string(), x: fraction, y: fraction, w: fraction, h: fraction }))
          .max(500),
        walls: z
          .array(z.array(z.tuple([fraction, fraction])).max(64))
          .max(200)
          .default([]),
      }),
    )
    .max(50),
});

export const liveRoutes = {
  getLive: {
    method: 'get',
    path: '/api/live',
    action: 'live.read',
    summary: { zh: '此刻的大厅', en: 'The hall now' },
    response: liveState,
  },
  streamEvents: {
    method: 'get',
    path: '/api/events',
    action: 'live.read',
    summary: {
      zh: '事件流(SSE):先 snapshot,后变化;Last-Event-ID 为步骤序号,断线后从账本补齐',
      en: 'Server-sent events: snapshot, then changes; Last-Event-ID is a step seq, missed steps come from the ledger',
    },
    query: z.strictObject({ after: z.coerce.number().int().min(0).optional().describe('Instead of Last-Event-ID') }),
    response: { raw: 'text/event-stream' },
  },
  listAlertSteps: {
    method: 'get',
    path: '/api/alerts',
    action: 'incident.list',
    summary: { zh: '某序号之后的告警步骤', en: 'Alert steps after a seq, ascending' },
    query: z.strictObject({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
    response: z.object({
      items: z.array(seqStep),
      last: z.int().describe('Ask again after this; also moves over steps that are not shown'),
      more: z.boolean(),
    }),
  },
  getFloorplan: {
    method: 'get',
    path: '/api/floorplan',
    action: 'live.read',
    summary: { zh: '平面图', en: 'Floor plan' },
    response: floorplan,
  },
  putFloorplan: {
    method: 'put',
    path: '/api/floorplan',
    action: 'floorplan.write',
    summary: { zh: '保存平面图', en: 'Save the floor plan' },
    body: floorplan,
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;
