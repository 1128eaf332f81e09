import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Observation } from '../../core/observation.js';
import type { EndReason, Rule, RuleDetail, RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import {
  type DeskEpisode,
  type DeskParameters,
  type DeskState,
  describeDesk,
  deskDetail,
  draftOf,
  initialDesk,
} from './deskState.js';

/**
 * 桌面物品摆放: the rule that says when a desk has been in disorder. Pure. Reads `desk` (true is disorder), `citizens` (a
 * count), `inspection` (true within a fixed inspection time), `expected` and `tick`.
 *
 * A sample counts only when nobody is being served (or within an inspection). Time between two counted samples counts as
 * disorder when both ends are, and never when they lie further apart than `staleAfter`: service, a covered desk and a
 * camera that is out pause the timer. It raises once `persistFor` of disorder was seen and `samplesNeeded` of the last
 * `samples` are in disorder; `rearmAfter` of tidy samples ends it.
 */
export function deskRule(parameters: DeskParameters): Rule<DeskState> {
  return {
    name: 'desk',
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters: describeDesk(parameters),
    wants: ['desk', 'citizens', 'inspection', 'expected', 'tick'],
    initial: initialDesk,
    step(state, observation) {
      const draft = draftOf(state);
      const at = eventMs(Math.round(observation.at));
      draft.at = at;
      return [draft, apply(draft, { ...observation, at }, parameters)];
    },
    end(state, at) {
      const draft = draftOf(state);
      return [draft, close(draft, at, { end: at, reason: 'source-end' })];
    },
  };
}

function apply(draft: DeskState, observation: Observation, parameters: DeskParameters): RuleEvent[] {
  const { kind, at, value } = observation;
  if (kind === 'citizens') serve(draft, at, value);
  else if (kind === 'inspection') draft.inspection = value === true;
  else if (kind === 'expected') draft.expected = typeof value === 'number' ? value > 0 : value;
  else if (kind === 'desk') return sample(draft, observation, parameters);
  return [];
}

/** Somebody is served from the first sight of a citizen until nobody was seen there for `quietFor`. */
function serve(draft: DeskState, at: EventMs, value: Truth | number): void {
  if (value === 'unknown') draft.citizens = 'unknown';
  else {
    draft.citizens = Number(value);
    if (Number(value) > 0) draft.servedAt = at;
  }
}

function mayJudge(draft: DeskState, at: EventMs, parameters: DeskParameters): boolean {
  if (draft.inspection) return true;
  if (parameters.inspectOnly) return false;
  if (!parameters.outsideHours && draft.expected !== true) return false;
  if (draft.citizens === 'unknown') return false;
  return draft.servedAt === null || at - draft.servedAt >= parameters.quietFor;
}

function sample(draft: DeskState, observation: Observation, parameters: DeskParameters): RuleEvent[] {
  const { at, value } = observation;
  const judged = value !== 'unknown' && mayJudge(draft, at, parameters);
  draft.shown = judged ? value === true : 'unknown';
  draft.reason = judged ? undefined : (observation.reason ?? (value === 'unknown' ? 'unknown' : 'serving'));
  if (!judged) return [];
  const disorder = value === true;
  const before = draft.last;
  const gapMs = before === null ? Number.POSITIVE_INFINITY : at - before.at;
  // A step back of the clock starts the timing anew; nothing that was counted is lost.
  const joined = gapMs >= 0 && gapMs <= parameters.staleAfter;
  draft.last = { at, disorder };
  draft.samples = [...draft.samples, disorder].slice(-parameters.samples);
  if (disorder) return badSample(draft, observation, { joined, gapMs, before, parameters });
  return goodSample(draft, at, { joined, parameters });
}

interface Passed {
  joined: boolean;
  gapMs: number;
  before: DeskState['last'];
  parameters: DeskParameters;
}

function badSample(draft: DeskState, observation: Observation, passed: Passed): RuleEvent[] {
  const { at } = observation;
  const { joined, gapMs, before, parameters } = passed;
  const detail = detailOf(observation);
  const pending = draft.episode === null;
  const episode: DeskEpisode = draft.episode ?? {
    ...{ phase: 'pending', start: at, heldMs: 0, pausedMs: 0, tidySince: null, worst: null },
  };
  if (!pending) {
    if (joined && before?.disorder) episode.heldMs += gapMs;
    else if (!joined && Number.isFinite(gapMs) && gapMs > 0) episode.pausedMs += gapMs;
  }
  episode.tidySince = null;
  if (detail) episode.worst = detail;
  draft.episode = episode;
  const told: RuleEvent[] = pending ? [{ type: 'pending', at, start: episode.start }] : [];
  return [...told, ...raise(draft, at, parameters)];
}

function raise(draft: DeskState, at: EventMs, parameters: DeskParameters): RuleEvent[] {
  const episode = draft.episode!;
  const bad = draft.samples.filter(Boolean).length;
  if (episode.phase === 'open' || episode.heldMs < parameters.persistFor || bad < parameters.samplesNeeded) return [];
  episode.phase = 'open';
  const seen = { observedMs: episode.heldMs, unknownMs: episode.pausedMs };
  const detail = deskDetail(episode, { bad, of: draft.samples.length, parameters });
  return [{ type: 'raise', at, start: episode.start, priority: 'normal', tier: 0, seen, detail }];
}

function goodSample(
  draft: DeskState,
  at: EventMs,
  { joined, parameters }: Pick<Passed, 'joined' | 'parameters'>,
): RuleEvent[] {
  const { episode } = draft;
  if (!episode) return [];
  if (episode.tidySince === null || !joined) episode.tidySince = at;
  if (at - episode.tidySince < parameters.rearmAfter) return [];
  draft.samples = [];
  return close(draft, at, { end: episode.tidySince, reason: 'returned' });
}

/** The event that closes an episode, if there is one. */
function close(draft: DeskState, at: EventMs, how: { end: EventMs; reason: EndReason }): RuleEvent[] {
  const { episode } = draft;
  draft.episode = null;
  if (!episode) return [];
  const { start, phase, heldMs, pausedMs } = episode;
  if (phase === 'pending') return [{ type: 'cancel', at, start, reason: how.reason }];
  const end = eventMs(Math.max(how.end, start));
  return [{ type: 'end', at, start, end, reason: how.reason, seen: { observedMs: heldMs, unknownMs: pausedMs } }];
}

/** What the look saw, for the incident; a look rebuilt from the ledger has none. */
const detailOf = ({ facts }: Observation): RuleDetail | null => facts ?? null;
