import { z } from 'zod';
import { VERDICTS } from '../../core/loopWords.js';

const note = z.string().trim().max(2000).default('');
const neededNote = z.string().trim().min(1).max(2000);
const reason = z.string().trim().max(200).default('');
/** SHA-256 of evidence that the step refers to. */
const evidence = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .max(20)
  .default([]);
const user = z.string().trim().min(1).max(64);

/** What comes from the API, checked for form only; whether it may be done is `stepWorkflow`'s affair. */
export const workflowActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('acknowledge'), note, evidence }),
  z.strictObject({ action: z.literal('verdict'), verdict: z.enum(VERDICTS), reason, note, evidence }),
  z.strictObject({ action: z.literal('assign'), to: user, note, evidence }),
  z.strictObject({ action: z.literal('start'), note, evidence }),
  z.strictObject({ action: z.literal('answer'), note: neededNote, evidence }),
  z.strictObject({ action: z.literal('review'), outcome: z.enum(['accept', 'return']), note, evidence }),
  z.strictObject({ action: z.literal('close'), note, evidence }),
  z.strictObject({ action: z.literal('reopen'), note: neededNote, evidence }),
  z.strictObject({ action: z.literal('correct'), verdict: z.enum(VERDICTS), reason, note: neededNote, evidence }),
  z.strictObject({ action: z.literal('comment'), note: neededNote, evidence }),
  z.strictObject({ action: z.literal('appeal'), note: neededNote, evidence }),
  z.strictObject({
    action: z.literal('appeal-decide'),
    outcome: z.enum(['upheld', 'overturned', 'corrected']),
    /** Needed with `corrected`: the verdict instead. */
    verdict: z.enum(VERDICTS).optional(),
    reason,
    note: neededNote,
    evidence,
  }),
]);

export type WorkflowAction = z.output<typeof workflowActionSchema>;
