import { z } from 'zod';
import { evidence, recording } from './evidence.js';
import { id } from './fields.js';
import { attendance, faces, patrol } from './people.js';
import { reports } from './reports.js';
import { rules } from './rules.js';
import { board, channel, inference, influx, ingest, mqtt, storage, webhook } from './services.js';
import { calendar, camera, credentials, room, schedule, site, window } from './site.js';

/**
 * The whole configuration. Unknown keys are errors; durations come out as milliseconds. References between entries
 * (a window's camera, a camera's credentials) are checked in `references.ts`, where the line is known.
 */
export const configSchema = z.strictObject({
  site,
  language: z
    .enum(['zh-CN', 'en'])
    .default('zh-CN')
    .describe("语言 · Language of alerts and of the board's first visit"),
  cameras: z.array(camera).default([]),
  windows: z.array(window).default([]),
  rooms: z.array(room).default([]),
  schedules: z.record(id, schedule).default({}),
  calendar: calendar.prefault({}),
  rules: rules.prefault({}),
  faces: faces.prefault({}),
  attendance: attendance.prefault({}),
  patrols: z.array(patrol).default([]),
  credentials: z.record(id, credentials).default({}),
  ingest: ingest.prefault({}),
  inference: inference.prefault({}),
  mqtt: mqtt.prefault({}),
  influx: influx.optional(),
  webhooks: z.array(webhook).default([]),
  channels: z.array(channel).default([]),
  board: board.prefault({}),
  storage: storage.prefault({}),
  reports: reports.prefault({}),
  recording: recording.prefault({}),
  evidence: evidence.prefault({}),
});

/** A parsed configuration: defaults filled in, durations in milliseconds. */
export type Config = z.output<typeof configSchema>;
export type CameraConfig = Config['cameras'][number];
export type WindowConfig = Config['windows'][number];
export type RoomConfig = Config['rooms'][number];
export type AttendanceConfig = Config['attendance'];
export type PatrolConfig = Config['patrols'][number];
export type ScheduleConfig = Config['schedules'][string];
export type AbsenceParameters = Config['rules']['absence'];
export type SealedRoomParameters = Config['rules']['sealedRoom'];
