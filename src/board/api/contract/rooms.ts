import { z } from 'zod';
import { idParams, instant, sectionOf } from './common.js';
import { roomLive } from './live.js';
import type { RouteSpec } from './route.js';

const spanQuery = z.strictObject({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
});

export const roomSession = z.object({
  id: z.string(),
  project: z.string(),
  projectName: z.string(),
  start: instant,
  end: instant.nullable(),
  state: z.enum(['planned', 'open', 'closed']),
  people: z.int().describe('Rostered'),
});

export const rosterEntry = z.object({
  person: z.string(),
  category: z.string(),
  batch: z.string(),
  present: z.union([z.boolean(), z.literal('unknown')]),
  lastSeenAt: instant.nullable(),
});

export const roomEntry = z.object({
  at: instant,
  kind: z.enum(['enter', 'leave']),
  person: z.string(),
  outcome: z.string(),
});

export const transcriptSegment = z.object({
  start: instant,
  end: instant,
  text: z.string(),
  speaker: z.string().optional(),
  gap: z.string().optional().describe('Not understood, and why'),
});

export const wordHit = z.object({
  incident: z.string().nullable(),
  word: z.string(),
  variant: z.string(),
  level: z.string(),
  start: instant,
  end: instant,
  before: z.string(),
  after: z.string(),
  speaker: z.string().optional(),
  count: z.int(),
});

export const sensitiveWord = z.object({
  word: z.string(),
  level: z.string(),
  context: z.string().nullable(),
  allow: z.array(z.string()),
});

export const roomRoutes = {
  listRooms: {
    method: 'get',
    path: '/api/rooms',
    action: 'room.list',
    summary: { zh: '评标室', en: 'Evaluation rooms' },
    response: z.object({ items: z.array(z.object({ room: roomLive, session: sectionOf(roomSession.nullable()) })) }),
  },
  getRoom: {
    method: 'get',
    path: '/api/rooms/:id',
    action: 'room.read',
    summary: { zh: '一间评标室', en: 'One room: session, roster, entries' },
    params: idParams,
    response: z.object({
      room: roomLive,
      session: sectionOf(roomSession.nullable()),
      roster: sectionOf(z.array(rosterEntry)),
      entries: sectionOf(z.array(roomEntry)),
    }),
  },
  getTranscript: {
    method: 'get',
    path: '/api/rooms/:id/transcript',
    action: 'speech.read',
    summary: { zh: '转写全文', en: 'Transcript' },
    params: idParams,
    query: spanQuery,
    response: sectionOf(z.array(transcriptSegment)),
  },
  getWordHits: {
    method: 'get',
    path: '/api/rooms/:id/hits',
    action: 'speech.read',
    summary: { zh: '敏感词命中', en: 'Sensitive-word hits' },
    params: idParams,
    query: spanQuery,
    response: sectionOf(z.array(wordHit)),
  },
  getWords: {
    method: 'get',
    path: '/api/words',
    action: 'speech.read',
    summary: { zh: '敏感词表(仅评标督导)', en: 'The word list, bid supervisors only' },
    response: sectionOf(z.object({ version: z.string(), words: z.array(sensitiveWord) })),
  },
} as const satisfies Record<string, RouteSpec>;
