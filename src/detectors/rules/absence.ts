import type { AbsenceParameters } from '../../core/config/schema.js';
import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Observation } from '../../core/observation.js';
import type { EndReason, Rule, RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { closingEvent, describeParameters } from './absenceEvents.js';
import { type AbsenceState, draftOf, episodeFrom, initialAbsence } from './absenceState.js';
import { type AbsenceTimers, advance, fire, forgetCitizens, forgetStaff, timersOf } from './absenceTimers.js';
import { show } from './windowState.js';

export interface AbsenceOptions {
  /**
   * The roster's word before the first `expected` observation. Default true: a window whose hours are `always` needs no
   * roster. Give `unknown` where a roster exists, so that nothing is counted before it has spoken.
   */
  expectedAtStart?: Truth;
}

/**
 * 离岗: the rule that says when a window has been left. Pure; the page beside this file draws its timeline.
 * Reads `staff` and `citizens` (a count, or `unknown`), `expected` (a truth) and `tick`. The version is a hash of the
 * parameters, so equal parameters are one version at every hall.
 */
export function absenceRule(parameters: AbsenceParameters, options: AbsenceOptions = {}): Rule<AbsenceState> {
  const timers = timersOf(parameters);
  return {
    name: 'absence',
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters: describeParameters(parameters),
    wants: ['staff', 'citizens', 'expected', 'tick'],
    initial: initialAbsence(options.expectedAtStart ?? true),
    step(state, observation) {
      const draft = draftOf(state);
      // Whole milliseconds, so that a start which went through the ledger still gives the same incident id.
      const at = eventMs(Math.round(observation.at));
      const events = [...moveTo(draft, at, timers), ...apply(draft, { ...observation, at }, timers)];
      show(draft);
      return [draft, events];
    },
    end: endAbsence,
  };
}

/**
 * Closes what is under way because the recording ended at `at`: an open incident ends with reason `source-end`, a
 * pending one is cancelled. Whether somebody who was just coming back would have stayed is not known and not counted.
 */
export function endAbsence(state: AbsenceState, at: EventMs): [AbsenceState, RuleEvent[]] {
  const draft = draftOf(state);
  const events = close(draft, at, 'source-end');
  show(draft);
  return [draft, events];
}

/** Time passes. A step back or a jump over `staleAfter` is no time that anybody saw: it is never counted as away. */
function moveTo(draft: AbsenceState, at: EventMs, timers: AbsenceTimers): RuleEvent[] {
  if (draft.at === null) {
    draft.at = at;
    return [];
  }
  const aheadMs = at - draft.at;
  if (aheadMs >= 0 && aheadMs <= timers.parameters.staleAfter) return advance(draft, at, timers);
  forgetStaff(draft);
  forgetCitizens(draft);
  draft.at = at;
  const { episode } = draft;
  if (!episode) return [];
  if (aheadMs > 0) {
    (episode.comeback ?? episode).unknownMs += aheadMs;
    return [];
  }
  return rebase(draft, at);
}

/** After a step back, a stretch that nobody has been told of yet keeps its length and begins before the new now. */
function rebase(draft: AbsenceState, at: EventMs): RuleEvent[] {
  const episode = draft.episode!;
  if (episode.comeback && episode.comeback.since > at) episode.comeback.since = at;
  if (episode.phase === 'open' || episode.start <= at) return [];
  episode.start = eventMs(at - episode.awayMs - episode.unknownMs);
  return episode.phase === 'away' ? [{ type: 'pending', at, start: episode.start }] : [];
}

function apply(draft: AbsenceState, observation: Observation, timers: AbsenceTimers): RuleEvent[] {
  const { kind, at, value } = observation;
  const closed = kind === 'expected' ? setExpected(draft, at, typeof value === 'number' ? value > 0 : value) : [];
  if (kind === 'staff') lookAtStaff(draft, at, countOf(value), timers.parameters.minStaff);
  if (kind === 'citizens') lookAtCitizens(draft, at, countOf(value));
  return [...closed, ...fire(draft, timers)];
}

const countOf = (value: Truth | number): number | 'unknown' => (value === 'unknown' ? value : Number(value));

function lookAtStaff(draft: AbsenceState, at: EventMs, count: number | 'unknown', minStaff: number): void {
  if (count === 'unknown') forgetStaff(draft);
  const { episode } = draft;
  const seen: Truth = count === 'unknown' ? 'unknown' : count >= minStaff;
  draft.staff = { at, value: seen };
  draft.staffCount = count;
  if (seen === 'unknown') return;
  if (!episode) {
    if (!seen && draft.expected === true) draft.episode = episodeFrom(at);
    return;
  }
  // A known look proves the time since the last known one.
  episode.looseMs = 0;
  episode.waitLooseStaffMs = 0;
  if (seen && episode.phase === 'grace') draft.episode = null;
  else if (seen) episode.comeback ??= { since: at, heldMs: 0, unknownMs: 0 };
  else if (episode.comeback) {
    // Too short to be a return (a colleague walked through): it was away time all along.
    episode.awayMs += episode.comeback.heldMs;
    episode.unknownMs += episode.comeback.unknownMs;
    episode.comeback = null;
  }
}

function lookAtCitizens(draft: AbsenceState, at: EventMs, count: number | 'unknown'): void {
  if (count === 'unknown') forgetCitizens(draft);
  draft.citizens = { at, value: count === 'unknown' ? 'unknown' : count > 0 };
  const { episode } = draft;
  if (!episode || count === 'unknown') return;
  episode.waitLooseCitizensMs = 0;
  if (count > 0) return;
  episode.longestWaitMs = Math.max(episode.longestWaitMs, episode.waitMs);
  episode.waitMs = 0;
  episode.waitLooseStaffMs = 0;
}

function setExpected(draft: AbsenceState, at: EventMs, expected: Truth): RuleEvent[] {
  if (expected === draft.expected) return [];
  draft.expected = expected;
  if (expected === false) return close(draft, at, 'exempt');
  // A seat that is known empty when the shift begins is missed from that instant, whenever the next look comes.
  if (expected === true && !draft.episode && draft.staff.value === false) draft.episode = episodeFrom(at);
  return [];
}

function close(draft: AbsenceState, at: EventMs, reason: EndReason): RuleEvent[] {
  const { episode } = draft;
  draft.episode = null;
  return episode ? closingEvent(episode, at, { end: at, reason }) : [];
}
