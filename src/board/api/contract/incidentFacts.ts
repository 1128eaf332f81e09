import { z } from 'zod';
import { APPEAL_STATES, VERDICTS, WORKFLOW_STATES } from '../../../core/loopWords.js';
import { instant, labelledBox, person } from './common.js';

export const workflowBrief = z.object({
  state: z.enum(WORKFLOW_STATES),
  steps: z.int().describe('Number of steps so far; send back as ifSteps'),
  verdict: z.enum(VERDICTS).nullable(),
  assignee: person.nullable(),
  deadline: instant.nullable(),
  overdue: z.boolean(),
  escalation: z.int().describe('How often a deadline has passed in this state'),
  appeal: z.enum(APPEAL_STATES).nullable(),
});

export const incidentSummary = z
  .object({
    id: z.string(),
    rule: z.string(),
    ruleVersion: z.string(),
    subject: z.string(),
    subjectKind: z.enum(['window', 'room', 'unknown']),
    subjectName: z.string(),
    department: z.string(),
    area: z.string(),
    camera: z.string().nullable(),
    state: z.enum(['open', 'escalated', 'ended']),
    start: instant,
    end: instant.nullable(),
    endReason: z.string().nullable(),
    durationMs: z.int().describe('Until its end, or the newest event time'),
    priority: z.enum(['normal', 'high']),
    tier: z.int(),
    coverage: z.number().describe('0-1'),
    partlyObserved: z.boolean(),
    detail: z.record(z.string(), z.unknown()),
    seq: z.int().describe('Its newest step'),
    suppressed: z
      .boolean()
      .optional()
      .describe('Repeated false alarms were accepted as such here: shown, but without sound'),
    sentence: z.string().describe('In the language of the request'),
    workflow: workflowBrief,
  })
  .meta({ id: 'IncidentSummary' });

export const workflowStep = z.object({
  ordinal: z.int(),
  action: z.string(),
  from: z.string(),
  to: z.string(),
  at: instant,
  by: person,
  note: z.string(),
  data: z.record(z.string(), z.unknown()),
  hash: z.string(),
});

const observationRun = z.object({
  kind: z.string(),
  first: instant,
  last: instant,
  value: z.union([z.boolean(), z.number(), z.literal('unknown')]),
  reason: z.string().optional(),
});

const evidenceItem = z.object({
  name: z.string().describe('Append to /api/incidents/:id/media/'),
  kind: z.enum(['snapshot', 'clip', 'audio', 'other']),
  mime: z.string(),
  at: instant,
  sha256: z.string(),
  bytes: z.int(),
  boxes: z.array(labelledBox),
});

export const incidentDetail = z
  .object({
    incident: incidentSummary,
    steps: z.array(
      z.object({
        seq: z.int(),
        step: z.enum(['open', 'escalated', 'ended']),
        at: instant,
        tier: z.int(),
        priority: z.string(),
      }),
    ),
    observations: z.array(observationRun).describe('From 10 min before its start to 5 min after its end, oldest first'),
    spanFrom: instant,
    spanTo: instant,
    rule: z.object({ name: z.string(), version: z.string(), parameters: z.record(z.string(), z.unknown()) }),
    workflow: z.object({
      steps: z.array(workflowStep),
      allowed: z
        .array(z.string())
        .describe('What this user may do now: the last part of the address of each route of the loop'),
    }),
    excuses: z
      .array(z.object({ kind: z.string(), from: instant, to: instant, person: z.string(), note: z.string() }))
      .describe('Registered reasons that overlap the incident: leave, outing, cover, standby, ...'),
    media: z.object({
      items: z.array(evidenceItem),
      needsReason: z.boolean().describe('Register a view with its reason before the bytes are given'),
      granted: z.boolean(),
      state: z.enum(['ready', 'none', 'unavailable']),
      clips: z
        .array(
          z.object({
            ordinal: z.int(),
            state: z.enum(['waiting', 'complete', 'incomplete', 'missing']),
            note: z.string().describe('What it lacks: stable codes, joined by a comma'),
          }),
        )
        .optional(),
    }),
  })
  .meta({ id: 'IncidentDetail' });
