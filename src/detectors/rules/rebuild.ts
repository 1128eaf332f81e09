import type { SubjectId } from '../../core/ids.js';
import type { Observation, ObservationKind } from '../../core/observation.js';
import type { Priority, Rule, RuleEvent, Seen } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { closingEvent } from './absenceEvents.js';
import { type AbsenceState, draftOf, type Episode, episodeFrom } from './absenceState.js';
import { show } from './windowState.js';

/** Looks of one kind that gave one value, none further from the next than `staleAfter`. Both ends are looks. */
export interface StoredRun {
  kind: ObservationKind;
  firstAt: EventMs;
  lastAt: EventMs;
  value: Truth | number;
  reason?: string;
}

/** At one instant the roster speaks first, then the looks in the order in which a detector gives them. */
const ORDER = ['expected', 'staff', 'citizens'];

/**
 * The observations that stored runs stand for, in time order: a look at both ends of each run and, between them, one
 * every `everyMs` (at most `staleAfter`). Time between runs is left empty: nobody knows whether anything ran then.
 */
export function observationsOfRuns(subject: SubjectId, runs: readonly StoredRun[], everyMs: number): Observation[] {
  const observations: Observation[] = [];
  for (const { kind, firstAt, lastAt, value, reason } of runs) {
    const add = (at: number): void =>
      void observations.push({ subject, kind, at: eventMs(at), value, ...(reason === undefined ? {} : { reason }) });
    for (let at: number = firstAt; at < lastAt; at += everyMs) add(at);
    add(lastAt);
  }
  return observations.sort((a, b) => a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/**
 * Rebuilds a rule's state after a restart by feeding it the stored runs. The events come out again as they once did:
 * the alert machine refuses the ones it has told already and tells those that the crash swallowed.
 */
export function rebuildRule<S>(rule: Rule<S>, observations: Iterable<Observation>): [S, RuleEvent[]] {
  let state = rule.initial;
  const events: RuleEvent[] = [];
  for (const observation of observations) {
    const [next, told] = rule.step(state, observation);
    state = next;
    events.push(...told);
  }
  return [state, events];
}

/** What the ledger knows of an absence that is still open. */
export interface OpenAbsence {
  start: EventMs;
  tier: number;
  priority: Priority;
  seen: Seen;
}

/** What the ledger says after the rebuilt events went through the alert machine. */
export interface ToldAbsences {
  /** The incident of this window that is still open. */
  open: OpenAbsence | undefined;
  /** Whether the incident with this start has ended. */
  hasEnded: (start: EventMs) => boolean;
}

/**
 * Brings a rebuilt state in line with what people were told. The stored observations may lack the last seconds before a
 * crash, be cut at their begin, or be judged with other parameters now. An absence that was told to have ended is
 * forgotten, so that the next one is a new one; an incident that is still open is taken over, so that somebody ends it
 * (at once, where the window is exempt by now).
 */
export function reconcileAbsence(state: AbsenceState, told: ToldAbsences): [AbsenceState, RuleEvent[]] {
  const draft = draftOf(state);
  if (draft.episode && told.hasEnded(draft.episode.start)) draft.episode = null;
  const events = told.open ? takeOver(draft, told.open) : [];
  show(draft);
  return [draft, events];
}

function takeOver(draft: AbsenceState, open: OpenAbsence): RuleEvent[] {
  const found = draft.episode ?? episodeFrom(open.start);
  const episode: Episode = {
    ...found,
    phase: 'open',
    start: open.start,
    awayMs: Math.max(found.awayMs, open.seen.observedMs),
    unknownMs: Math.max(found.unknownMs, open.seen.unknownMs),
    tier: Math.max(found.tier, open.tier),
    priority: open.priority === 'high' ? 'high' : found.priority,
  };
  if (draft.expected === false) {
    const at = draft.at ?? eventMs(open.start + episode.awayMs + episode.unknownMs);
    return closingEvent(episode, at, { end: at, reason: 'exempt' });
  }
  if (draft.staff.value === true) episode.comeback ??= { since: draft.staff.at!, heldMs: 0, unknownMs: 0 };
  draft.episode = episode;
  return [];
}
