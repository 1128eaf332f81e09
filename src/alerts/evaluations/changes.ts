import type { EvaluationId, EvaluationSession } from '../../core/evaluation.js';
import type { evaluationMessages } from '../../core/i18n/messages/evaluation.js';
import type { EventMs } from '../../core/time.js';
import type { EvaluationDraft } from './draft.js';

/** The session after a change, or why it cannot be changed so. */
export type Changed = { ok: true; session: EvaluationSession } | { ok: false; why: keyof typeof evaluationMessages };

/** A new evaluation. Its version is 0 until the ledger has it. */
export const planned = (id: EvaluationId, draft: EvaluationDraft): EvaluationSession => ({
  ...draft,
  id,
  state: 'planned',
  version: 0,
});

/**
 * What people may write anew: everything while it is planned; while it is open all but the rooms, because an expert is
 * replaced and an end moves, but nobody is carried to another room by a form; nothing once it is closed. Pure.
 */
export function edited(session: EvaluationSession, draft: EvaluationDraft): Changed {
  if (session.state === 'closed') return { ok: false, why: 'evaluation.refused.closed' };
  const { id, state, openedAt, closedAt, version } = session;
  if (state === 'open' && roomsOf(session) !== roomsOf(draft)) return { ok: false, why: 'evaluation.refused.rooms' };
  return {
    ok: true,
    session: {
      ...draft,
      id,
      state,
      version,
      ...(openedAt !== undefined && { openedAt }),
      ...(closedAt !== undefined && { closedAt }),
    },
  };
}

/** The evaluation runs from `at` on. A roster is not needed: its lack is a finding, not a reason to keep the room shut. */
export function opened(session: EvaluationSession, at: EventMs): Changed {
  if (session.state === 'closed') return { ok: false, why: 'evaluation.refused.closed' };
  if (session.state === 'open') return { ok: false, why: 'evaluation.refused.not-planned' };
  return { ok: true, session: { ...session, state: 'open', openedAt: at } };
}

/** The evaluation is over for good. One that was never opened can be closed too: it was called off. */
export function closed(session: EvaluationSession, at: EventMs): Changed {
  if (session.state === 'closed') return { ok: false, why: 'evaluation.refused.closed' };
  const end = session.openedAt !== undefined && at < session.openedAt ? session.openedAt : at;
  return { ok: true, session: { ...session, state: 'closed', closedAt: end } };
}

const roomsOf = ({ rooms }: Pick<EvaluationSession, 'rooms'>): string =>
  rooms
    .map(({ room, venue }) => `${room} ${venue}`)
    .sort()
    .join('\n');
