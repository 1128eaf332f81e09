import type { Observation } from '../../core/observation.js';
import type { Rule, RuleDetail, RuleEvent } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { FUZZY_CLASSES, type FuzzyClass } from '../../core/words.js';

/** Hits of one word shortly after each other: one incident with a counter. Plain JSON. */
export interface SpokenWord {
  start: EventMs;
  lastEnd: EventMs;
  count: number;
  /** 0: heard as sound alone. 1: read in a transcript. */
  tier: number;
  detail: RuleDetail;
}

export interface SpeechWordState {
  open: SpokenWord | null;
}

export interface SpeechWordParameters {
  /** Hits of the word that begin within this of the first are one incident, ms. */
  mergeWithin: number;
  /** Sounds that count as one when a transcript is searched; what is searched decides what the rule hears. */
  fuzzy?: readonly FuzzyClass[];
}

/** What is said after a hit belongs to it; the incident ends once that is known. */
export const AFTER_MS = 10_000;
/** Transcripts come after their sound; an incident that ended would count a late hit anew. */
const SLACK_MS = 3000;

/**
 * The rule of one listed word in one room. Each `speech` observation is one hit: `at` is its end, its facts hold `start`,
 * `word`, `variant`, `tier`, `level` and `confirmed`. A word heard as sound raises with tier 0, one read in the transcript
 * with tier 1 or lifts to it; only a confirmed word of level `serious` is high. Pure.
 */
export function speechWordRule({ mergeWithin, fuzzy = FUZZY_CLASSES }: SpeechWordParameters): Rule<SpeechWordState> {
  const endOf = (open: SpokenWord): EventMs =>
    eventMs(Math.max(open.start + mergeWithin, open.lastEnd + AFTER_MS) + SLACK_MS);

  const close = (open: SpokenWord, at: EventMs): RuleEvent => ({
    ...{ type: 'end', at, start: open.start, end: open.lastEnd, reason: 'returned' },
    seen: seenOf(open),
  });

  const hear = (state: SpeechWordState, hit: Observation): [SpeechWordState, RuleEvent[]] => {
    const { open } = state;
    const start = startOf(hit);
    if (!open || start > open.start + mergeWithin) {
      const closed = open ? [close(open, hit.at)] : [];
      const fresh = opened(hit);
      return [{ open: fresh }, [...closed, told('raise', fresh, hit.at)]];
    }
    // The transcript of what was heard already is the same hit said again, not a second one.
    const same = start < open.lastEnd;
    const next: SpokenWord = {
      ...open,
      lastEnd: eventMs(Math.max(open.lastEnd, hit.at)),
      count: open.count + (same ? 0 : 1),
      tier: Math.max(open.tier, tierOf(hit)),
      detail: tierOf(hit) > open.tier ? { ...hit.facts } : open.detail,
    };
    return [{ open: next }, next.tier > open.tier ? [told('escalate', next, hit.at)] : []];
  };

  return {
    name: 'speech',
    // All classes are the default and have no mark.
    version: `speech-1-${mergeWithin / 1000}${fuzzy.length === FUZZY_CLASSES.length ? '' : `-${maskOf(fuzzy)}`}`,
    parameters: { merge_within_s: mergeWithin / 1000, fuzzy: fuzzy.join(' ') },
    wants: ['speech', 'tick'],
    initial: { open: null },
    step(state, observation) {
      if (observation.kind === 'speech') return hear(state, observation);
      const { open } = state;
      if (!open || observation.kind !== 'tick' || observation.at < endOf(open)) return [state, []];
      return [{ open: null }, [close(open, observation.at)]];
    },
    end: (state, at) =>
      state.open ? [{ open: null }, [{ ...close(state.open, at), reason: 'source-end' } as RuleEvent]] : [state, []],
  };
}

/** One bit a class, in the order of the classes. */
const maskOf = (fuzzy: readonly FuzzyClass[]): string =>
  FUZZY_CLASSES.reduce((mask, name, i) => mask + (fuzzy.includes(name) ? 2 ** i : 0), 0).toString(16);

const startOf = ({ at, facts }: Observation): EventMs => eventMs(Number(facts?.start ?? at));
const tierOf = ({ facts }: Observation): number => (facts?.confirmed === true ? 1 : 0);

const opened = (hit: Observation): SpokenWord => ({
  start: startOf(hit),
  lastEnd: hit.at,
  count: 1,
  tier: tierOf(hit),
  detail: { ...hit.facts },
});

/** The whole of it was heard: what was not is a gap, and gives no hit. */
const seenOf = ({ start, lastEnd }: SpokenWord) => ({ observedMs: lastEnd - start, unknownMs: 0 });

function told(type: 'raise' | 'escalate', open: SpokenWord, at: EventMs): RuleEvent {
  const priority = open.tier === 1 && open.detail.level === 'serious' ? 'high' : 'normal';
  return { type, at, start: open.start, priority, tier: open.tier, seen: seenOf(open), detail: open.detail };
}
