import { z } from 'zod';
import { VERDICTS } from '../../../core/loopWords.js';
import type { Action } from '../../access/actions.js';
import { idParams, idText } from './common.js';
import { incidentDetail } from './incidentFacts.js';
import type { RouteSpec, Summary } from './route.js';

const ifSteps = z.int().min(0).describe('workflow.steps as shown; another number now is answered with 409 conflict');
const note = z.string().trim().max(2000).default('');
const neededNote = z.string().trim().min(1).max(2000);

const reasonText = z
  .string()
  .trim()
  .max(200)
  .default('')
  .describe(
    'Needed with excused (leave, outing, cover, back-office, suspended, standby, other) and with false-alarm (zone, missed, occluded, camera, roster, other, or a short text)',
  );

const verdictBody = z.strictObject({
  ifSteps,
  verdict: z.enum(VERDICTS),
  reason: reasonText,
  note,
});
const assignBody = z.strictObject({ ifSteps, to: idText.describe('A user id'), note });
const plainBody = z.strictObject({ ifSteps, note });
const notedBody = z.strictObject({ ifSteps, note: neededNote });

/** One step of the loop: a route of its own, because each has its own line in the policy. */
const act = <N extends string, A extends Action, B extends z.ZodType>(route: {
  name: N;
  action: A;
  summary: Summary;
  body: B;
}) =>
  ({
    method: 'post',
    path: `/api/incidents/:id/${route.name}`,
    action: route.action,
    summary: route.summary,
    params: idParams,
    body: route.body,
    response: incidentDetail,
  }) as const satisfies RouteSpec;

export const loopRoutes = {
  acknowledgeIncident: act({
    name: 'acknowledge',
    action: 'incident.acknowledge',
    summary: { zh: '接警核实', en: 'Take it up' },
    body: plainBody,
  }),
  giveVerdict: act({
    name: 'verdict',
    action: 'incident.verdict',
    summary: { zh: '判定', en: 'Verdict' },
    body: verdictBody,
  }),
  assignIncident: act({
    name: 'assign',
    action: 'incident.assign',
    summary: { zh: '指派', en: 'Assign' },
    body: assignBody,
  }),
  startIncident: act({
    name: 'start',
    action: 'incident.answer',
    summary: { zh: '开始处理', en: 'The handler begins' },
    body: plainBody,
  }),
  answerIncident: act({
    name: 'answer',
    action: 'incident.answer',
    summary: { zh: '反馈处理结果', en: 'The handler answers' },
    body: notedBody,
  }),
  reviewIncident: act({
    name: 'review',
    action: 'incident.review',
    summary: { zh: '复核:通过或退回', en: 'Review: accept, or send back' },
    body: z.strictObject({ ifSteps, outcome: z.enum(['accept', 'return']), note }),
  }),
  closeIncident: act({
    name: 'close',
    action: 'incident.close',
    summary: { zh: '办结', en: 'Close' },
    body: plainBody,
  }),
  reopenIncident: act({
    name: 'reopen',
    action: 'incident.reopen',
    summary: { zh: '重新打开', en: 'Reopen' },
    body: notedBody,
  }),
  correctIncident: act({
    name: 'correct',
    action: 'incident.correct',
    summary: { zh: '更正已冻结月份的判定', en: 'Correct the verdict of a frozen month' },
    body: z.strictObject({ ifSteps, verdict: z.enum(VERDICTS), reason: reasonText, note: neededNote }),
  }),
  commentIncident: act({
    name: 'comment',
    action: 'incident.comment',
    summary: { zh: '备注', en: 'Comment' },
    body: notedBody,
  }),
  appealIncident: act({
    name: 'appeal',
    action: 'incident.appeal',
    summary: { zh: '申诉', en: 'Appeal' },
    body: notedBody,
  }),
  decideAppeal: act({
    name: 'appeal-decide',
    action: 'incident.appeal-decide',
    summary: { zh: '申诉审核:维持、撤销、更正', en: 'Decide an appeal: upheld, overturned, corrected' },
    body: z.strictObject({
      ifSteps,
      outcome: z.enum(['upheld', 'overturned', 'corrected']),
      verdict: z.enum(VERDICTS).optional().describe('Needed with corrected: the verdict instead'),
      reason: reasonText,
      note: neededNote,
    }),
  }),
  bulkIncidents: {
    method: 'post',
    path: '/api/incidents-bulk',
    action: 'incident.bulk',
    summary: { zh: '批量处理;逐条检查权限', en: 'Several at once; each is authorized by itself' },
    body: z.strictObject({
      ids: z.array(idText).min(1).max(500),
      act: z.discriminatedUnion('action', [
        z.strictObject({ action: z.literal('acknowledge'), note }),
        z.strictObject({ action: z.literal('verdict'), ...verdictBody.omit({ ifSteps: true }).shape }),
        z.strictObject({ action: z.literal('assign'), to: idText, note }),
        z.strictObject({ action: z.literal('close'), note }),
      ]),
    }),
    response: z.object({
      done: z.array(z.string()),
      failed: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
    }),
  },
} as const satisfies Record<string, RouteSpec>;
