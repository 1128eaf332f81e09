import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import { evaluationId } from '../core/evaluation.js';
import type { Logger } from '../core/log.js';
import type { FaceVault } from './faceVault.js';

/** List of the staff's faces, for daily punches: not an evaluation, so no evaluation's end deletes it. */
export const STAFF_LIST = ':staff';

/**
 * Destroys the templates of every evaluation at the moment it is closed, whoever closes it. What a crash left over goes at
 * the start: lists of evaluations that are closed or unknown. Returns what ends the watch.
 */
export function shredOnClose(
  ledger: Pick<Ledger, 'evaluations' | 'faceTemplates'>,
  vault: FaceVault,
  log: Logger,
): () => void {
  const shred = (list: string): void => {
    try {
      const proof = vault.shred(list, 'system');
      if (proof) log.info({ evaluation: list, ...proof }, 'face templates deleted');
    } catch (error) {
      // The next start tries again; the evaluation itself is closed.
      log.error({ evaluation: list, error: messageOf(error) }, 'face templates not deleted');
    }
  };
  for (const list of ledger.faceTemplates.lists()) {
    if (list !== STAFF_LIST && (ledger.evaluations.get(evaluationId(list))?.state ?? 'closed') === 'closed')
      shred(list);
  }
  return ledger.evaluations.watch((session) => {
    if (session.state === 'closed') shred(session.id);
  });
}
