import { z } from 'zod';
import type { EventMs } from '../../core/time.js';

/** Where the ledger keeps what supervisors decided about repeated false alarms. */
export const SUPPRESSIONS_KEY = 'board.suppressions';

/** One decision. An accepted one holds from `at` until `until`, event time; it always ends. */
export const suppressionDecision = z.object({
  id: z.string(),
  rule: z.string(),
  subject: z.string(),
  cause: z.string(),
  falseAlarms: z.number(),
  proposedAt: z.number(),
  accepted: z.boolean(),
  until: z.number().nullable(),
  by: z.string(),
  at: z.number(),
  note: z.string(),
});
export type SuppressionDecision = z.output<typeof suppressionDecision>;

/** Whether an incident that began then falls into an accepted span: it is kept, shown and counted, and rings no bell. */
export const isSuppressed = (
  decisions: readonly SuppressionDecision[],
  incident: { rule: string; subject: string; start: EventMs },
): boolean =>
  decisions.some(
    ({ accepted, rule, subject, at, until }) =>
      accepted &&
      rule === incident.rule &&
      subject === incident.subject &&
      at <= incident.start &&
      incident.start < (until ?? Number.NEGATIVE_INFINITY),
  );
