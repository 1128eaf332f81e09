import { z } from 'zod';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertMessage } from '../alerts/outbox/messages.js';
import { isSuppressed, SUPPRESSIONS_KEY, suppressionDecision } from '../alerts/workflow/suppression.js';
import { parseInstant } from '../core/time.js';

const decisions = z.array(suppressionDecision);

/**
 * Asks the ledger whether supervisors have accepted that an alert rings no bell now. Read anew each time: a decision is in
 * force at once. A setting that cannot be read suppresses nothing.
 */
export function suppressedNow(
  ledger: Pick<Ledger, 'settings'>,
): (message: Pick<AlertMessage, 'rule' | 'subject' | 'start'>) => boolean {
  return ({ rule, subject, start }) => {
    const { data = [] } = decisions.safeParse(ledger.settings.get(SUPPRESSIONS_KEY) ?? []);
    return isSuppressed(data, { rule, subject, start: parseInstant(start, 'message') });
  };
}
