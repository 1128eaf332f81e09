import { z } from 'zod';
import { idText, instant, person, shortText } from './common.js';

/** What evaluations are made of in the API; `evaluations.ts` has the routes. */
const VENUES = ['main', 'branch'] as const;
export const STATES = ['planned', 'open', 'closed'] as const;

const word = z.string().trim().max(100);
const rosterPersonIn = z.strictObject({
  id: z.string().trim().max(64).default('').describe('Empty: one is given'),
  name: word,
  role: z.enum(['expert', 'exempt']).describe('评标专家 or 豁免人员 (代理、公证、技术)'),
  category: word.default(''),
  batch: word.default(''),
  rooms: z.array(idText).max(64).default([]).describe('Empty: every room of the evaluation'),
  escort: word.default(''),
  reason: z.string().trim().max(300).default(''),
});

export const evaluationIn = {
  project: word,
  projectName: z.string().trim().max(200).default(''),
  rooms: z.array(z.strictObject({ room: idText, venue: z.enum(VENUES) })).max(64),
  plannedStart: instant,
  plannedEnd: instant,
  roster: z.array(rosterPersonIn).max(500).default([]),
  bidders: z
    .array(z.strictObject({ name: z.string().trim().max(200), shortNames: z.array(shortText).max(20).default([]) }))
    .max(200)
    .default([]),
  signIn: z
    .array(z.strictObject({ category: word.default(''), batch: word.default(''), from: instant, to: instant }))
    .max(50)
    .default([]),
  enterUntil: instant.nullable().default(null).describe('Entering for the first time later is late; null: any time'),
  reentryAllowed: z.boolean().default(false),
};

export const version = z.int().min(1).describe('As shown; a newer one on the server is 409 conflict');

export const summary = z.object({
  id: z.string(),
  project: z.string(),
  projectName: z.string(),
  rooms: z.array(z.object({ room: z.string(), name: z.string(), venue: z.enum(VENUES) })),
  plannedStart: instant,
  plannedEnd: instant,
  state: z.enum(STATES),
  openedAt: instant.nullable(),
  closedAt: instant.nullable(),
  experts: z.int(),
  exempt: z.int(),
  enrolled: z.int().describe('Persons with at least one face photo in use'),
  arrived: z.int().describe('Persons who signed in'),
  version: z.int(),
});

export const arrival = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  at: instant,
  way: z.enum(['camera', 'photo', 'manual']),
  verdict: z.string().describe('on-time, early, late, wrong-batch, not-scheduled'),
  offMs: z.int(),
  duplicate: z.boolean(),
  similarity: z.number().nullable(),
  liveness: z.number().nullable().describe('0-1, advice only: it proves nothing'),
  camera: z.string().nullable(),
  photo: z.boolean(),
  by: person,
  note: z.string(),
});

const rosterPerson = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['expert', 'exempt']),
  category: z.string(),
  batch: z.string(),
  rooms: z.array(z.string()),
  escort: z.string(),
  reason: z.string(),
  photos: z.array(z.string()).describe('Verdict of each face photo in use'),
  arrivedAt: instant.nullable(),
  arrival: z.string().nullable().describe('Verdict of the first sign-in'),
});

const entry = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  room: z.string(),
  enteredAt: instant,
  leftAt: instant.nullable(),
  escort: z.string(),
  reason: z.string(),
  by: person,
});

const overlap = z.object({ categories: z.tuple([z.string(), z.string()]), from: instant, to: instant });

export const evaluationDetail = summary.extend({
  roster: z.array(rosterPerson),
  bidders: z.array(z.object({ name: z.string(), shortNames: z.array(z.string()) })),
  signIn: z.array(z.object({ category: z.string(), batch: z.string(), from: instant, to: instant })),
  enterUntil: instant.nullable(),
  reentryAllowed: z.boolean(),
  entries: z.array(entry),
  arrivals: z.array(arrival),
  overlaps: z.array(overlap).describe('Two categories signing in at the same time for longer than allowed'),
  changes: z.array(
    z.object({ version: z.int(), at: instant, by: person, action: z.string(), note: z.string(), people: z.int() }),
  ),
  faces: z
    .enum(['on', 'off', 'unavailable'])
    .describe('off: face recognition is switched off in the configuration; everything else goes on working'),
  deletion: z
    .object({
      at: instant,
      templates: z.int(),
      persons: z.int(),
      idsSha256: z.string(),
      leftInLedger: z.int(),
      key: z.enum(['destroyed', 'none']),
      auditSeq: z.int(),
    })
    .nullable()
    .describe('Proof from the audit log that the face templates are gone'),
});

/** A picture in the body of a call. */
export const photo = z
  .string()
  .max(1_000_000)
  .regex(/^(data:image\/[a-z]+;base64,)?[A-Za-z0-9+/]+={0,2}$/, 'not a picture in base64')
  .describe('JPEG, PNG or WebP in base64, about 700 KB at most');
