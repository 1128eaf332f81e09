import type { Observation } from '../../core/observation.js';
import type { Priority, Rule, RuleDetail, RuleEvent, RuleName, Seen } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** When a condition becomes an alert, and when that is over. All durations in milliseconds. */
export interface HeldOptions {
  /** Also the observation kind whose value is the condition: a count or a truth. */
  name: RuleName;
  version: string;
  parameters: RuleDetail;
  /** How long the condition must hold. 0 raises at once. */
  afterMs: number;
  /** How long it must be over before the alert ends, or before a condition that was not told is forgotten. */
  clearMs: number;
  /** A value holds at most this long. */
  staleMs: number;
  priority: Priority;
}

interface HeldEpisode {
  start: EventMs;
  open: boolean;
  heldMs: number;
  unknownMs: number;
  /** Since when the condition is over, and how much of that was seen. */
  overSince: EventMs | null;
  overMs: number;
  /** Looks that showed it. */
  looks: number;
  /** Greatest count told. */
  told: number;
}

/** Plain JSON. */
export interface HeldState {
  at: EventMs | null;
  value: Truth;
  /** How many, where the value is a count. */
  count: number;
  valueAt: EventMs | null;
  detail: RuleDetail;
  episode: HeldEpisode | null;
}

export const initialHeld: HeldState = {
  ...{ at: null, value: 'unknown', count: 0, valueAt: null, detail: {}, episode: null },
};

/**
 * A condition that becomes an alert when it lasts. Unknown stops both timers. The start is `facts.since` of the first
 * observation that showed it where that is given, else that look. A count that grows escalates the open alert.
 */
export function heldRule(options: HeldOptions): Rule<HeldState> {
  const { name, version, parameters } = options;
  return {
    ...{ name, version, parameters, wants: [name, 'tick'], initial: initialHeld },
    step(state, observation) {
      const draft: HeldState = { ...state, episode: state.episode && { ...state.episode } };
      const at = eventMs(Math.round(observation.at));
      const events = moveTo(draft, at, options);
      if (observation.kind === name) events.push(...hear(draft, { ...observation, at }, options));
      return [draft, events];
    },
    end(state, at) {
      return [{ ...state, episode: null }, state.episode ? close(state.episode, at, 'source-end') : []];
    },
  };
}

/** Time passes up to `at`, stopping where something happens, so that an event bears the instant at which it became true. */
function moveTo(draft: HeldState, at: EventMs, options: HeldOptions): RuleEvent[] {
  const events: RuleEvent[] = [];
  const before = draft.at ?? at;
  if (at < before && draft.episode && !draft.episode.open && draft.episode.start > at) draft.episode.start = at;
  for (let now: number = before; now < at; ) {
    const fresh = draft.valueAt !== null && now < draft.valueAt + options.staleMs;
    if (!fresh) draft.value = 'unknown';
    const until = fresh ? Math.min(at, draft.valueAt! + options.staleMs) : at;
    const step = Math.min(until - now, Math.max(0, toNext(draft, options)));
    pass(draft, step);
    now += step;
    draft.at = eventMs(now);
    const told = fire(draft, options);
    events.push(...told);
    // Nothing left to happen before `until`: the whole rest passes at once.
    if (step === 0 && told.length === 0) {
      pass(draft, until - now);
      now = until;
    }
  }
  draft.at = at;
  return events;
}

/** Milliseconds until something happens if nothing changes. */
function toNext({ episode, value }: HeldState, { afterMs, clearMs }: HeldOptions): number {
  if (!episode || value === 'unknown') return Number.POSITIVE_INFINITY;
  if (!value) return clearMs - episode.overMs;
  return episode.open || !proved(episode, afterMs) ? Number.POSITIVE_INFINITY : afterMs - episode.heldMs;
}

/** What has to last was seen at least twice: a single odd look followed by silence is no duration. */
const proved = ({ looks }: HeldEpisode, afterMs: number): boolean => afterMs === 0 || looks > 1;

function pass({ episode, value }: HeldState, ms: number): void {
  if (!episode) return;
  if (value === 'unknown') episode.unknownMs += ms;
  else if (value) episode.heldMs += ms;
  else episode.overMs += ms;
}

function fire(draft: HeldState, options: HeldOptions): RuleEvent[] {
  const { episode, value } = draft;
  if (!episode || value === 'unknown') return [];
  if (!value) {
    if (episode.overMs < options.clearMs) return [];
    draft.episode = null;
    return close(episode, draft.at!, 'returned');
  }
  if (episode.open || episode.heldMs < options.afterMs || !proved(episode, options.afterMs)) return [];
  episode.open = true;
  episode.told = draft.count;
  return [{ type: 'raise', ...toldOf(draft, episode, options), tier: 0 }];
}

function toldOf(draft: HeldState, episode: HeldEpisode, { priority }: HeldOptions) {
  const { start, heldMs } = episode;
  return {
    ...{ at: draft.at!, start, priority, seen: seenOf(episode) },
    detail: { ...draft.detail, lasted_s: Math.round(heldMs) / 1000 },
  };
}

function hear(draft: HeldState, { at, value, facts }: Observation, options: HeldOptions): RuleEvent[] {
  draft.value = value === 'unknown' ? value : Number(value) > 0;
  draft.count = value === 'unknown' ? draft.count : Number(value);
  draft.valueAt = at;
  if (draft.value === 'unknown') return [];
  const { since, ...detail } = facts ?? {};
  if (!draft.value) {
    if (draft.episode) draft.episode.overSince ??= at;
    return fire(draft, options);
  }
  if (facts) draft.detail = detail;
  const began = typeof since === 'number' && since < at ? eventMs(since) : at;
  draft.episode ??= {
    ...{ start: began, open: false, heldMs: at - began, unknownMs: 0, overSince: null, overMs: 0, looks: 0, told: 0 },
  };
  const { episode } = draft;
  episode.looks += 1;
  // Too short to be an end: the condition lasted all along.
  episode.heldMs += episode.overMs;
  episode.overMs = 0;
  episode.overSince = null;
  const raised = fire(draft, options);
  if (raised.length > 0 || !episode.open || draft.count <= episode.told) return raised;
  const tier = draft.count - 1;
  episode.told = draft.count;
  return [{ type: 'escalate', ...toldOf(draft, episode, options), tier }];
}

const seenOf = ({ heldMs, unknownMs }: HeldEpisode): Seen => ({ observedMs: heldMs, unknownMs });

/** `end` where it was told, nothing where it was not: a condition of two seconds is no news, not even a withdrawn one. */
function close(episode: HeldEpisode, at: EventMs, reason: 'returned' | 'source-end'): RuleEvent[] {
  if (!episode.open) return [];
  const end = reason === 'source-end' ? at : eventMs(Math.max(episode.start, episode.overSince ?? at));
  return [{ type: 'end', at, start: episode.start, end, reason, seen: seenOf(episode) }];
}

/** What the ledger knows of the newest alert of one condition. */
export interface KnownAlert {
  start: EventMs;
  open: boolean;
  /** Its end, or its newest step. */
  at: EventMs;
  tier: number;
  seen: Seen;
}

/**
 * The state after a restart. An alert that is open is gone on with, so that somebody ends it; else the looks since the
 * condition began (`recent`, in time order) run the timer up again, unless they belong to an alert that has ended.
 */
export function resumeHeld(
  rule: Rule<HeldState>,
  recent: readonly Observation[],
  known: KnownAlert | undefined,
): [HeldState, RuleEvent[]] {
  if (known?.open) {
    const { start, seen, tier, at } = known;
    const episode: HeldEpisode = {
      ...{ start, open: true, heldMs: seen.observedMs, unknownMs: seen.unknownMs },
      ...{ overSince: null, overMs: 0, looks: 2, told: tier + 1 },
    };
    const newest = recent.at(-1)?.at;
    return [{ ...initialHeld, at: newest !== undefined && newest > at ? newest : at, episode }, []];
  }
  let state = rule.initial;
  const events: RuleEvent[] = [];
  for (const observation of recent) {
    if (known && observation.at <= known.at) continue;
    const [next, told] = rule.step(state, observation);
    state = next;
    events.push(...told);
  }
  return [state, events];
}
