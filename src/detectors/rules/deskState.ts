import type { RuleDetail } from '../../core/rule.js';
import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';

/** Parameters of the desk rule, milliseconds. */
export interface DeskParameters {
  persistFor: number;
  samples: number;
  samplesNeeded: number;
  rearmAfter: number;
  quietFor: number;
  /** Two samples further apart than this prove nothing of the time between them. */
  staleAfter: number;
  /** Only inspections are judged. */
  inspectOnly: boolean;
  /** Judged also while the window need not be staffed. */
  outsideHours: boolean;
}

export interface DeskEpisode {
  phase: 'pending' | 'open';
  /** The first sample in disorder. */
  start: EventMs;
  /** Time between samples that were both in disorder. */
  heldMs: number;
  /** Time in which nobody could tell: service, covered, blind. */
  pausedMs: number;
  tidySince: EventMs | null;
  /** What the newest sample in disorder saw. */
  worst: RuleDetail | null;
}

/** What the desk rule remembers of one window; plain JSON. */
export interface DeskState {
  at: EventMs | null;
  citizens: number | 'unknown';
  /** The last sight of a citizen; null before the first. */
  servedAt: EventMs | null;
  inspection: boolean;
  expected: Truth;
  last: { at: EventMs; disorder: boolean } | null;
  /** The last counted samples, true is disorder, oldest first. */
  samples: boolean[];
  episode: DeskEpisode | null;
  /** What the board shows, with the reason where it is unknown. */
  shown: Truth;
  reason: string | undefined;
}

export const initialDesk: DeskState = {
  at: null,
  citizens: 0,
  servedAt: null,
  inspection: false,
  expected: true,
  last: null,
  samples: [],
  episode: null,
  shown: 'unknown',
  reason: 'no-look',
};

/** A copy that one step may write to without touching the state it came from. */
export const draftOf = (state: DeskState): DeskState => ({
  ...state,
  episode: state.episode && { ...state.episode },
});

const seconds = (ms: number): number => Math.round(ms) / 1000;

/** The parameters as the reader of an incident sees them. */
export const describeDesk = (parameters: DeskParameters): RuleDetail => ({
  persist_for_s: seconds(parameters.persistFor),
  samples: parameters.samples,
  samples_needed: parameters.samplesNeeded,
  rearm_after_s: seconds(parameters.rearmAfter),
  quiet_for_s: seconds(parameters.quietFor),
  stale_after_s: seconds(parameters.staleAfter),
  inspect_only: parameters.inspectOnly,
  outside_hours: parameters.outsideHours,
});

/** The facts of an incident: what was seen, for how long, how often. */
export const deskDetail = (
  { heldMs, pausedMs, worst }: DeskEpisode,
  { bad, of, parameters }: { bad: number; of: number; parameters: DeskParameters },
): RuleDetail => ({
  disorder_s: seconds(heldMs),
  unknown_s: seconds(pausedMs),
  samples_bad: bad,
  samples_seen: of,
  ...(worst ?? {}),
  persist_for_s: seconds(parameters.persistFor),
});
