import type { Observation } from '../../core/observation.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** Each second of a window's time belongs to exactly one of these. */
export type TimeClass = 'present' | 'absent' | 'unknown' | 'exempt';

/** A stretch of one class that no later look can change. `from < to`. */
export interface ClassedSpan {
  class: TimeClass;
  from: EventMs;
  to: EventMs;
}

export interface CoverageOptions {
  minStaff: number;
  staleAfterMs: number;
  /** The roster's word before the first `expected` observation. Default true. */
  expectedAtStart?: Truth;
}

/** The sums so far, plain JSON. Time after the last look waits in `loose` until the next look settles what it was. */
export interface CoverageState {
  at: EventMs | null;
  staff: Truth;
  expected: Truth;
  lookedAt: EventMs | null;
  /** Where the unsettled stretch begins; it ends at `at`. */
  looseFrom: EventMs | null;
  totalsMs: Record<TimeClass, number>;
}

/** Seconds of a subject's time by class; the names are those of the summary and of InfluxDB. */
export interface CoverageSeconds {
  observed_s: number;
  present_s: number;
  absent_s: number;
  unknown_s: number;
  exempt_s: number;
  /** observed / (observed + unknown), 0-1; null where nothing was expected. */
  coverage: number | null;
}

/** The sums before the first observation. */
export const initialCoverage = (options: CoverageOptions): CoverageState => ({
  at: null,
  staff: 'unknown',
  expected: options.expectedAtStart ?? true,
  lookedAt: null,
  looseFrom: null,
  totalsMs: { present: 0, absent: 0, unknown: 0, exempt: 0 },
});

/**
 * Counts the time up to an observation. Presence is what was seen, without the rule's grace and hold: it measures what
 * the camera knows, not what is an absence. The stretch between a known look and an unknown one is unknown.
 * Returns the new sums and the spans that became settled, in time order, for per-minute and per-day series.
 */
export function stepCoverage(
  state: CoverageState,
  observation: Observation,
  options: CoverageOptions,
): [CoverageState, ClassedSpan[]] {
  const draft = { ...state, totalsMs: { ...state.totalsMs } };
  const at = eventMs(Math.round(observation.at));
  const spans = moveTo(draft, at, options.staleAfterMs);
  const { kind, value } = observation;
  if (kind === 'expected') {
    spans.push(...settle(draft, classOf(draft)));
    draft.expected = typeof value === 'number' ? value > 0 : value;
  } else if (kind === 'staff') {
    const seen: Truth = value === 'unknown' ? value : Number(value) >= options.minStaff;
    spans.push(...settle(draft, seen === 'unknown' ? unknownOf(draft) : classOf(draft)));
    draft.staff = seen;
    draft.lookedAt = at;
  }
  return [draft, merged(spans)];
}

function moveTo(draft: CoverageState, at: EventMs, staleAfterMs: number): ClassedSpan[] {
  const before = draft.at ?? at;
  draft.looseFrom ??= before;
  const spans: ClassedSpan[] = [];
  const stepped = at < before || at - before > staleAfterMs;
  const stale = draft.staff !== 'unknown' && at > draft.lookedAt! + staleAfterMs;
  if (stepped || stale) {
    spans.push(...settle(draft, unknownOf(draft)));
    draft.staff = 'unknown';
  }
  draft.at = at;
  if (at < before) draft.looseFrom = at;
  // Unknown and exempt time can never turn into anything else.
  if (classOf(draft) === 'unknown' || classOf(draft) === 'exempt') spans.push(...settle(draft, classOf(draft)));
  return spans;
}

const unknownOf = (draft: CoverageState): TimeClass => (draft.expected === false ? 'exempt' : 'unknown');

function classOf(draft: CoverageState): TimeClass {
  if (draft.expected !== true || draft.staff === 'unknown') return unknownOf(draft);
  return draft.staff ? 'present' : 'absent';
}

function settle(draft: CoverageState, as: TimeClass): ClassedSpan[] {
  const from = draft.looseFrom;
  const to = draft.at;
  draft.looseFrom = to;
  if (from === null || to === null || to <= from) return [];
  draft.totalsMs[as] += to - from;
  return [{ class: as, from, to }];
}

function merged(spans: ClassedSpan[]): ClassedSpan[] {
  const result: ClassedSpan[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && last.class === span.class && last.to === span.from) last.to = span.to;
    else result.push({ ...span });
  }
  return result;
}

/** The sums in seconds. Time after the last look counts as what that look showed. */
export function coverageSeconds(state: CoverageState): CoverageSeconds {
  const totals = { ...state.totalsMs };
  if (state.at !== null && state.looseFrom !== null) totals[classOf(state)] += state.at - state.looseFrom;
  const observedMs = totals.present + totals.absent;
  const duringMs = observedMs + totals.unknown;
  return {
    observed_s: observedMs / 1000,
    present_s: totals.present / 1000,
    absent_s: totals.absent / 1000,
    unknown_s: totals.unknown / 1000,
    exempt_s: totals.exempt / 1000,
    coverage: duringMs > 0 ? observedMs / duringMs : null,
  };
}
