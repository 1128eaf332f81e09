import type { AbsenceParameters } from '../../core/config/schema.js';
import type { RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { closingEvent, detailOf, seenOf } from './absenceEvents.js';
import type { AbsenceState, Episode, Held } from './absenceState.js';

/** Parameters, with the thresholds worked out once. */
export interface AbsenceTimers {
  parameters: AbsenceParameters;
  /** `awayMs` at which the incident is raised. */
  raiseMs: number;
  /** `awayMs` at which it escalates, ascending, all above `raiseMs`. */
  tierMs: number[];
  /** `waitMs` at which a citizen has waited too long. */
  waitMs: number;
}

/** Event times are whole milliseconds, so "must exceed" is one millisecond more. */
const JUST_OVER_MS = 1;

/** Works the thresholds out. Tiers that the raise already covers are left out. */
export function timersOf(parameters: AbsenceParameters): AbsenceTimers {
  const reach = (ms: number): number => (parameters.inclusive ? ms : ms + JUST_OVER_MS);
  const tiers = [...new Set(parameters.tiers)].filter((ms) => ms > parameters.absentAfter).sort((a, b) => a - b);
  return {
    parameters,
    raiseMs: reach(parameters.absentAfter),
    tierMs: tiers.map(reach),
    waitMs: parameters.citizenWait + JUST_OVER_MS,
  };
}

/**
 * Carries the state to `to`, stopping at each instant at which something happens, so that an event bears the instant at
 * which it became true and not that of the tick which noticed it: ticks may be many or few and nothing changes.
 */
export function advance(draft: AbsenceState, to: EventMs, timers: AbsenceTimers): RuleEvent[] {
  const events: RuleEvent[] = [];
  const { staleAfter } = timers.parameters;
  while (draft.at! < to) {
    const at = draft.at!;
    if (expiryOf(draft.staff, staleAfter) <= at) forgetStaff(draft);
    if (expiryOf(draft.citizens, staleAfter) <= at) forgetCitizens(draft);
    const steadyUntil = Math.min(to, expiryOf(draft.staff, staleAfter), expiryOf(draft.citizens, staleAfter));
    // Never below 0: an incident taken over from the ledger may have passed a threshold before this rule knew of it.
    const stepMs = Math.min(steadyUntil - at, Math.max(0, msToNextEvent(draft, timers)));
    count(draft, stepMs);
    draft.at = eventMs(at + stepMs);
    events.push(...fire(draft, timers));
  }
  return events;
}

const expiryOf = (held: Held, staleAfterMs: number): number =>
  held.at === null || held.value === 'unknown' ? Number.POSITIVE_INFINITY : held.at + staleAfterMs;

/** What the time that passes now counts as: away, a comeback, or nothing known. */
function counting(draft: AbsenceState): 'away' | 'comeback' | 'unknown' {
  if (draft.expected !== true || draft.staff.value === 'unknown') return 'unknown';
  return draft.staff.value ? 'comeback' : 'away';
}

function msToNextEvent(draft: AbsenceState, timers: AbsenceTimers): number {
  const episode = draft.episode;
  if (!episode) return Number.POSITIVE_INFINITY;
  const now = counting(draft);
  if (now === 'unknown') return Number.POSITIVE_INFINITY;
  if (now === 'comeback') return timers.parameters.returnHold - episode.comeback!.heldMs;
  const nextAway = nextThreshold(episode, timers) - episode.awayMs;
  const waits = episode.phase === 'open' && episode.priority === 'normal' && draft.citizens.value === true;
  return Math.min(nextAway, waits ? timers.waitMs - episode.waitMs : Number.POSITIVE_INFINITY);
}

function nextThreshold(episode: Episode, timers: AbsenceTimers): number {
  if (episode.phase === 'grace') return timers.parameters.missGrace;
  if (episode.phase === 'away') return timers.raiseMs;
  return timers.tierMs[episode.tier] ?? Number.POSITIVE_INFINITY;
}

function count(draft: AbsenceState, ms: number): void {
  const { episode } = draft;
  if (!episode) return;
  const now = counting(draft);
  if (now === 'unknown') {
    (episode.comeback ?? episode).unknownMs += ms;
    return;
  }
  if (now === 'away') episode.awayMs += ms;
  else episode.comeback!.heldMs += ms;
  episode.looseMs += ms;
  if (draft.citizens.value !== true) return;
  episode.waitMs += ms;
  episode.waitLooseStaffMs += ms;
  episode.waitLooseCitizensMs += ms;
}

/** Tells what the counters have reached. While somebody is visible nothing is raised. */
export function fire(draft: AbsenceState, timers: AbsenceTimers): RuleEvent[] {
  const { episode } = draft;
  if (!episode) return [];
  const at = draft.at!;
  if (episode.comeback) {
    const { since, heldMs } = episode.comeback;
    if (heldMs < timers.parameters.returnHold) return [];
    draft.episode = null;
    draft.shown = { state: 'present', since };
    return closingEvent(episode, at, { end: since, reason: 'returned' });
  }
  const events: RuleEvent[] = [];
  const { start } = episode;
  if (episode.phase === 'grace' && episode.awayMs >= timers.parameters.missGrace) {
    episode.phase = 'away';
    events.push({ type: 'pending', at, start });
  }
  const facts = () => ({ at, start, seen: seenOf(episode), detail: detailOf(draft, episode, timers.parameters) });
  if (episode.phase === 'away' && episode.awayMs >= timers.raiseMs) {
    episode.phase = 'open';
    episode.priority = priorityNow(draft, episode, timers);
    events.push({ type: 'raise', priority: episode.priority, tier: 0, ...facts() });
  }
  if (episode.phase === 'open' && climb(draft, episode, timers)) {
    events.push({ type: 'escalate', priority: episode.priority, tier: episode.tier, ...facts() });
  }
  return events;
}

/** Moves tier and priority up; true where either moved. Neither ever falls. */
function climb(draft: AbsenceState, episode: Episode, timers: AbsenceTimers): boolean {
  const tier = timers.tierMs.filter((ms) => episode.awayMs >= ms).length;
  const priority = priorityNow(draft, episode, timers);
  const moved = tier > episode.tier || priority !== episode.priority;
  episode.tier = Math.max(tier, episode.tier);
  episode.priority = priority;
  return moved;
}

const priorityNow = (draft: AbsenceState, episode: Episode, timers: AbsenceTimers): Episode['priority'] =>
  episode.priority === 'high' || (draft.citizens.value === true && episode.waitMs >= timers.waitMs) ? 'high' : 'normal';

/** The staff value is known no longer: what rested on the last look alone becomes unknown time. */
export function forgetStaff(draft: AbsenceState): void {
  draft.staff.value = 'unknown';
  draft.staffCount = 'unknown';
  const { episode } = draft;
  if (!episode) return;
  if (episode.phase === 'grace' && draft.staff.at! < episode.start) {
    // It began with the shift, on the word of an older look, and no look since has shown the seat empty.
    draft.episode = null;
    return;
  }
  if (episode.comeback) {
    episode.comeback.heldMs -= episode.looseMs;
    episode.comeback.unknownMs += episode.looseMs;
  } else {
    episode.awayMs -= episode.looseMs;
    episode.unknownMs += episode.looseMs;
  }
  episode.looseMs = 0;
  takeBackWait(episode, episode.waitLooseStaffMs);
}

/** The citizen value is known no longer: the wait that rested on the last look alone is taken back. */
export function forgetCitizens(draft: AbsenceState): void {
  draft.citizens.value = 'unknown';
  if (draft.episode) takeBackWait(draft.episode, draft.episode.waitLooseCitizensMs);
}

/** Both loose waits are ends of the same counter, so taking one back shortens the other. */
function takeBackWait(episode: Episode, ms: number): void {
  episode.waitMs -= ms;
  episode.waitLooseStaffMs = Math.max(0, episode.waitLooseStaffMs - ms);
  episode.waitLooseCitizensMs = Math.max(0, episode.waitLooseCitizensMs - ms);
}
