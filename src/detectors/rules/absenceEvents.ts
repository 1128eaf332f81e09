import type { AbsenceParameters } from '../../core/config/schema.js';
import type { EndReason, RuleDetail, RuleEvent, Seen } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { AbsenceState, Episode } from './absenceState.js';

const seconds = (ms: number): number => Math.round(ms) / 1000;

/** The parameters as the reader of an incident sees them: seconds. */
export const describeParameters = (parameters: AbsenceParameters): RuleDetail => ({
  absent_after_s: seconds(parameters.absentAfter),
  inclusive: parameters.inclusive,
  miss_grace_s: seconds(parameters.missGrace),
  return_hold_s: seconds(parameters.returnHold),
  min_staff: parameters.minStaff,
  stale_after_s: seconds(parameters.staleAfter),
  tiers_s: parameters.tiers.map(seconds),
  citizen_wait_after_s: seconds(parameters.citizenWait),
});

/** Time seen and not seen since the start. A comeback that is still undecided counts for neither. */
export const seenOf = (episode: Episode): Seen => ({ observedMs: episode.awayMs, unknownMs: episode.unknownMs });

/** What is known of the episode at `at`: the facts behind the sentence a supervisor reads. */
export function detailOf(state: AbsenceState, episode: Episode, parameters: AbsenceParameters): RuleDetail {
  return {
    absent_s: seconds(episode.awayMs),
    unknown_s: seconds(episode.unknownMs),
    span_s: seconds(Math.max(0, state.at! - episode.start)),
    partly_observed: episode.unknownMs > 0,
    staff: state.staffCount,
    citizen_waiting: state.citizens.value === 'unknown' ? 'unknown' : state.citizens.value,
    citizen_wait_s: seconds(episode.waitMs),
    citizen_longest_wait_s: seconds(Math.max(episode.longestWaitMs, episode.waitMs)),
    ...describeParameters(parameters),
  };
}

/** The event that closes an episode: `end` where it was raised, `cancel` where it was pending, none in its grace. */
export function closingEvent(episode: Episode, at: EventMs, how: { end: EventMs; reason: EndReason }): RuleEvent[] {
  const { start } = episode;
  if (episode.phase === 'grace') return [];
  if (episode.phase === 'away') return [{ type: 'cancel', at, start, reason: how.reason }];
  // A clock stepped back may put the return before the start; an incident never ends before it began.
  const end = eventMs(Math.max(how.end, start));
  return [{ type: 'end', at, start, end, reason: how.reason, seen: seenOf(episode) }];
}
