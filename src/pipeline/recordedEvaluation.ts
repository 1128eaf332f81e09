import { type EvaluationSession, personId } from '../core/evaluation.js';
import type { EventMs } from '../core/time.js';
import type { Template } from '../detectors/faces/match.js';
import type { RunningEvaluations } from './runningEvaluations.js';

/** One evaluation that is known beforehand, with the faces of its persons. */
export interface KnownEvaluation {
  session: EvaluationSession;
  /** Entries of exempt persons. */
  entries: ReadonlyArray<{ person: string; room: string; from: EventMs; to: EventMs | undefined }>;
  roster: readonly Template[];
  /** Persons of other evaluations. */
  others: readonly Template[];
}

/** Answers for one known evaluation as `runningEvaluations` does from the ledger. */
export function recordedEvaluation({ session, entries, roster, others }: KnownEvaluation): RunningEvaluations {
  const openIn = (room: string, at: EventMs): boolean =>
    session.rooms.some((one) => one.room === room) &&
    session.openedAt !== undefined &&
    session.openedAt <= at &&
    (session.closedAt === undefined || at < session.closedAt);
  return {
    running: (room, at) =>
      openIn(room, at)
        ? {
            session,
            enrolled: roster.map(({ person }) => personId(person)),
            exemptInside: entries
              .filter((entry) => entry.room === room && entry.from <= at && (entry.to === undefined || at < entry.to))
              .map(({ person }) => personId(person)),
            otherNames: Object.fromEntries(others.map(({ person }) => [person, person.split('/').at(-1)!])),
          }
        : undefined,
    gallery: (room, at) => (openIn(room, at) ? { evaluation: session.id, roster, others } : undefined),
  };
}
