import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Observation } from '../../core/observation.js';
import type { Rule, RuleDetail, RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** When a condition that was seen is told, milliseconds. */
export interface LastingTimes {
  lastsFor: number;
  /** Two looks further apart than this prove nothing of the time between them. */
  staleAfter: number;
  /** Not seen for this long, it is over. */
  clearAfter: number;
}

/** What is remembered of one condition; plain JSON. */
export interface LastingState {
  last: { at: EventMs; seen: boolean } | null;
  episode: { open: boolean; start: EventMs; heldMs: number; unknownMs: number; clearSince: EventMs | null } | null;
}

export const initialLasting: LastingState = { last: null, episode: null };

interface Lasting {
  /** Observation kind whose `true` is the condition. */
  kind: string;
  times: LastingTimes;
  parameters: RuleDetail;
}

/**
 * A condition that counts once it was seen for `lastsFor`: time between two looks counts when both saw it and they lie no
 * further apart than `staleAfter`. Unknown pauses. Pure.
 */
export function stepLasting(
  state: LastingState,
  observation: Observation,
  { kind, times, parameters }: Lasting,
): [LastingState, RuleEvent[]] {
  if (observation.kind !== kind || observation.value === 'unknown') return [state, []];
  const at = eventMs(Math.round(observation.at));
  const seen = observation.value === true;
  const gapMs = state.last === null ? Number.POSITIVE_INFINITY : at - state.last.at;
  const joined = gapMs >= 0 && gapMs <= times.staleAfter;
  const draft: LastingState = { last: { at, seen }, episode: state.episode && { ...state.episode } };
  if (seen)
    return [
      draft,
      lasts(draft, at, {
        gapMs: joined && state.last!.seen ? gapMs : 0,
        unseenMs: joined ? 0 : gapMs,
        times,
        parameters,
      }),
    ];
  return [draft, clears(draft, at, joined, times)];
}

function lasts(
  draft: LastingState,
  at: EventMs,
  passed: { gapMs: number; unseenMs: number; times: LastingTimes; parameters: RuleDetail },
): RuleEvent[] {
  const { gapMs, unseenMs, times, parameters } = passed;
  const isNew = draft.episode === null;
  draft.episode ??= { open: false, start: at, heldMs: 0, unknownMs: 0, clearSince: null };
  const { episode } = draft;
  if (!isNew) {
    episode.heldMs += gapMs;
    if (Number.isFinite(unseenMs) && unseenMs > 0) episode.unknownMs += unseenMs;
  }
  episode.clearSince = null;
  const { start, heldMs, unknownMs } = episode;
  const told: RuleEvent[] = isNew ? [{ type: 'pending', at, start }] : [];
  if (episode.open || heldMs < times.lastsFor) return told;
  episode.open = true;
  const seen = { observedMs: heldMs, unknownMs };
  const detail = { ...parameters, lasted_s: Math.round(heldMs) / 1000 };
  return [...told, { type: 'raise', at, start, priority: 'normal', tier: 0, seen, detail }];
}

function clears(draft: LastingState, at: EventMs, joined: boolean, times: LastingTimes): RuleEvent[] {
  const { episode } = draft;
  if (!episode) return [];
  if (episode.clearSince === null || !joined) episode.clearSince = at;
  if (at - episode.clearSince < times.clearAfter) return [];
  draft.episode = null;
  const { start, heldMs: observedMs, unknownMs } = episode;
  if (!episode.open) return [{ type: 'cancel', at, start, reason: 'returned' }];
  return [{ type: 'end', at, start, end: episode.clearSince, reason: 'returned', seen: { observedMs, unknownMs } }];
}

/** What a rule of this kind is called, which truth it reads beside `tick`, and the name of its limit among its parameters. */
interface LastingWords {
  name: string;
  kind: string;
  limit: string;
}

/** A rule over one truth that has to last. Its accuracy is not measured, and its parameters say so. */
export function lastingRule({ name, kind, limit }: LastingWords, times: LastingTimes): Rule<LastingState> {
  const parameters: RuleDetail = {
    [limit]: times.lastsFor / 1000,
    stale_after_s: times.staleAfter / 1000,
    measured: false,
  };
  return {
    name,
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters,
    wants: [kind, 'tick'],
    initial: initialLasting,
    step: (state, observation) => stepLasting(state, observation, { kind, times, parameters }),
  };
}
