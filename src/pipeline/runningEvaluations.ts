import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import { type EvaluationSession, personId } from '../core/evaluation.js';
import { roomId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { Template } from '../detectors/faces/match.js';
import type { RunningEvaluation } from '../detectors/rules/sealedRoomSession.js';
import type { Gallery } from '../detectors/sealed/gallery.js';
import type { FaceVault } from './faceVault.js';

/** What runs in the rooms, and whose faces are known there. Both speak of an instant of event time. */
export interface RunningEvaluations {
  running(room: string, at: EventMs): RunningEvaluation | undefined;
  /** Undefined where no evaluation is open; an empty roster where nobody of it is enrolled. */
  gallery(room: string, at: EventMs): Gallery | undefined;
}

export interface RunningEvaluationsOptions {
  ledger: Pick<Ledger, 'evaluations' | 'evaluationEntries'>;
  vault: Pick<FaceVault, 'templatesOf'>;
  log: Logger;
}

/** A plan that begins or began this near makes its persons known beside those of open evaluations. */
const NEAR_MS = 12 * 3_600_000;
/** The persons of other evaluations are read anew this often, ms of event time. */
const OTHERS_FOR_MS = 10_000;

/** Reads the ledger and the vault. A list whose key is gone counts as not enrolled, said once: heads are still counted. */
export function runningEvaluations({ ledger, vault, log }: RunningEvaluationsOptions): RunningEvaluations {
  const unreadable = new Set<string>();
  const templatesOf = (list: string): Template[] => {
    try {
      return vault.templatesOf(list);
    } catch (error) {
      if (!unreadable.has(list)) log.error({ evaluation: list, error: messageOf(error) }, 'faces cannot be read');
      unreadable.add(list);
      return [];
    }
  };

  let others: { at: EventMs; sessions: EvaluationSession[]; names: Record<string, string> } | undefined;
  /** Evaluations that are open, or planned about now: whose persons are known to the hall. Cameras differ by some ms. */
  const current = (at: EventMs) => {
    if (others && Math.abs(at - others.at) < OTHERS_FOR_MS) return others;
    const near = ({ plannedStart, plannedEnd }: EvaluationSession): boolean =>
      plannedStart - NEAR_MS <= at && at <= plannedEnd + NEAR_MS;
    const planned = ledger.evaluations.list({ state: 'planned' }).filter(near);
    const sessions = [...ledger.evaluations.list({ state: 'open' }), ...planned];
    const names = sessions.flatMap(({ id, roster }) =>
      roster.map(({ id: who, name }) => [`${id}/${who}`, name] as const),
    );
    others = { at, sessions, names: Object.fromEntries(names) };
    return others;
  };

  return {
    running(room, at) {
      const session = ledger.evaluations.openIn(roomId(room), at);
      if (!session) return undefined;
      return {
        session,
        enrolled: templatesOf(session.id).map(({ person }) => personId(person)),
        exemptInside: ledger.evaluationEntries
          .openIn(roomId(room), at)
          .flatMap(({ evaluation, person }) => (evaluation === session.id ? [person] : [])),
        otherNames: current(at).names,
      };
    },
    gallery(room, at) {
      const session = ledger.evaluations.openIn(roomId(room), at);
      if (!session) return undefined;
      const rostered = new Set<string>(session.roster.map(({ id }) => id));
      return {
        evaluation: session.id,
        // Who was taken off the roster may still have a template for a moment.
        roster: templatesOf(session.id).filter(({ person }) => rostered.has(person)),
        others: current(at)
          .sessions.filter(({ id }) => id !== session.id)
          .flatMap(({ id }) =>
            templatesOf(id).map(({ person, descriptor }) => ({ person: `${id}/${person}`, descriptor })),
          ),
      };
    },
  };
}
