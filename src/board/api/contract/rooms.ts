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
  id: z.string(),
  role: z.enum(['expert', 'exempt']),
  category: z.string(),
  batch: z.string(),
  present: z.union([z.boolean(), z.literal('unknown')]),
  lastSeenAt: instant.nullable(),
});

export const roomEntry = z.object({
  at: instant,
  kind: z.enum(['enter', 'leave', 'found', 'identified']),
  person: z.string(),
  outcome: z.string(),
  escort: z.string().optional(),
  reason: z.string().optional(),
});

export const transcriptSegment = z.object({
  start: instant,
  end: instant,
  text: z.string(),
  speaker: z.string().optional(),
  gap: z.string().optional().describe('Not understood, and why'),
  punctuated: z.string().optional().describe('The same with punctuation, made after the session'),
  engine: z.string().describe('builtin (演示模型) writes pinyin, never characters'),
});

/** What was done with the transcript of a session once it was closed. */
export const transcriptNote = z.object({
  evaluation: z.string(),
  project: z.string(),
  from: instant,
  to: instant,
  parts: z.int(),
  punctuation: z.string().describe('done, given (by the engine), running, or why not: no-model, pinyin, failed, ...'),
  speakers: z.string().describe('done, given, running, or why not: no-model, no-sound, failed, ...'),
  voices: z.int().describe('Voices told apart; 0 where none were'),
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
  tier: z.string().describe('sound, text, pinyin, fuzzy: how it was found'),
  confirmed: z.boolean().describe('Read in the transcript; else heard as sound alone'),
  demo: z.boolean().describe('Found by the demonstration model'),
  verdict: z.enum(['confirmed', 'rejected', 'undecided']),
  steps: z.int().describe('workflow.steps, for a verdict'),
  sound: z.string().nullable().describe('Name of the clip among the media of the incident'),
  soundNote: z
    .string()
    .nullable()
    .describe('Why there is no clip (yet): disk-full, no-sound, service-down, ...; null where it follows shortly'),
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
  getTranscriptNotes: {
    method: 'get',
    path: '/api/rooms/:id/transcript/notes',
    action: 'speech.read',
    summary: { zh: '会后标点与发言人分离的结果', en: 'Punctuation and speaker turns after the session' },
    params: idParams,
    query: spanQuery,
    response: z.object({ items: z.array(transcriptNote) }),
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
} as const satisfies Record<string, RouteSpec>;
