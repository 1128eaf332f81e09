import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import { type EvaluationSession, evaluationId, STAFF_LIST } from '../core/evaluation.js';
import type { Logger } from '../core/log.js';
import type { FaceVault } from './faceVault.js';

/**
 * Destroys the templates of every evaluation at the moment it is closed, whoever closes it, and those of a person who is
 * taken off a roster. What a crash left over goes at
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
    else forgetGone(session, vault, log);
  });
}

/** Who was taken off the roster leaves no face behind. */
function forgetGone({ id, roster }: EvaluationSession, vault: FaceVault, log: Logger): void {
  try {
    for (const person of vault.photosOf(id).keys()) {
      if (!roster.some((one) => one.id === person)) vault.forget(id, person);
    }
  } catch (error) {
    log.error({ evaluation: id, error: messageOf(error) }, 'faces of somebody taken off the roster not deleted');
  }
}
