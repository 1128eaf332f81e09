import { z } from 'zod';
import { APPEAL_STATES, VERDICTS, WORKFLOW_STATES } from '../../../core/loopWords.js';
import { done, idParams, idText, instant, pageOf, paging, person, shortText } from './common.js';
import { incidentDetail, incidentSummary } from './incidentFacts.js';
import type { RouteSpec } from './route.js';

export const incidentRoutes = {
  listIncidents: {
    method: 'get',
    path: '/api/incidents',
    action: 'incident.list',
    summary: { zh: '告警列表:筛选、搜索、分页', en: 'Incidents: filter, search, pages' },
    query: z.strictObject({
      ...paging,
      rule: idText.optional(),
      subject: idText.optional(),
      area: z.string().max(100).optional(),
      department: z.string().max(100).optional(),
      state: z.enum(['open', 'escalated', 'ended', 'active']).optional().describe('active = open or escalated'),
      workflow: z.enum([...WORKFLOW_STATES, 'unfinished']).optional(),
      verdict: z.enum([...VERDICTS, 'none']).optional(),
      appeal: z.enum([...APPEAL_STATES, 'any']).optional(),
      priority: z.enum(['normal', 'high']).optional(),
      assignee: z.union([idText, z.literal('me')]).optional(),
      overdue: z.stringbool().optional(),
      from: z.coerce.number().int().optional().describe('Start at or after'),
      to: z.coerce.number().int().optional().describe('Start before'),
      q: z.string().trim().max(100).optional().describe('In id, subject, its name, department'),
      sort: z.enum(['urgent', 'newest', 'oldest', 'longest']).default('newest'),
    }),
    response: pageOf(incidentSummary),
  },
  getIncident: {
    method: 'get',
    path: '/api/incidents/:id',
    action: 'incident.read',
    summary: { zh: '告警详情', en: 'One incident, whole' },
    params: idParams,
    response: incidentDetail,
  },
  registerView: {
    method: 'post',
    path: '/api/incidents/:id/views',
    action: 'incident.media',
    summary: { zh: '登记查看事由,30 分钟内可看', en: 'Register why the evidence is viewed; opens it for 30 minutes' },
    params: idParams,
    body: z.strictObject({ reason: shortText }),
    response: z.object({ until: instant }),
  },
  getIncidentMedia: {
    method: 'get',
    path: '/api/incidents/:id/media/:name',
    action: 'incident.media',
    summary: {
      zh: '证据文件;需事由时先登记,否则 403 reason-required',
      en: 'Evidence bytes; 403 reason-required before a registered view',
    },
    params: z.strictObject({ id: idText, name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/) }),
    response: { raw: 'application/octet-stream' },
  },
  listSuppressions: {
    method: 'get',
    path: '/api/suppressions',
    action: 'suppression.read',
    summary: { zh: '误报抑制建议与生效项', en: 'Proposed and accepted suppressions of repeated false alarms' },
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          rule: z.string(),
          subject: z.string(),
          subjectName: z.string(),
          state: z.enum(['proposed', 'accepted', 'rejected', 'expired']),
          cause: z.string(),
          falseAlarms: z.int(),
          proposedAt: instant,
          until: instant.nullable(),
          decidedBy: person.nullable(),
        }),
      ),
    }),
  },
  decideSuppression: {
    method: 'post',
    path: '/api/suppressions/:id/decide',
    action: 'suppression.decide',
    summary: { zh: '接受或拒绝抑制', en: 'Accept or reject a suppression' },
    params: idParams,
    body: z.strictObject({ accept: z.boolean(), until: instant.optional(), note: z.string().trim().min(1).max(2000) }),
    response: done,
  },
} as const satisfies Record<string, RouteSpec>;
