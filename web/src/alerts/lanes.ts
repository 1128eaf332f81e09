import type { IncidentDetail } from '../api/types.js';

type Run = IncidentDetail['observations'][number];

/** What a stretch of a lane means to the reader. `gap`: nobody looked, which is not the same as nothing there. */
export type Shade = 'good' | 'bad' | 'busy' | 'quiet' | 'unknown' | 'gap';

export interface Stretch {
  from: number;
  to: number;
  shade: Shade;
  run: Run | undefined;
}

export interface Lane {
  kind: string;
  stretches: Stretch[];
}

/** Looks lie at most this far apart while somebody looks; a longer silence is a gap. */
const SILENCE_MS = 15_000;
const ORDER = ['expected', 'staff', 'citizens', 'persons', 'desk', 'faces', 'phone', 'speech'];

function shadeOf({ kind, value }: Run, minStaff: number): Shade {
  if (value === 'unknown') return 'unknown';
  const count = Number(value);
  switch (kind) {
    case 'staff':
      return count >= minStaff ? 'good' : 'bad';
    case 'citizens':
      return count > 0 ? 'busy' : 'quiet';
    case 'expected':
      return count > 0 ? 'good' : 'quiet';
    case 'desk':
      // True is disorder.
      return value === true ? 'bad' : 'good';
    default:
      return count > 0 ? 'busy' : 'quiet';
  }
}

/** Observations as lanes from `from` to `to`, each without holes: where nobody looked stands a gap. */
export function lanesOf(runs: readonly Run[], [from, to]: readonly [number, number], minStaff = 1): Lane[] {
  const kinds = [...new Set(runs.map((run) => run.kind))].sort((a, b) => rankOf(a) - rankOf(b));
  return kinds.map((kind) => {
    const own = runs.filter((run) => run.kind === kind).sort((a, b) => a.first - b.first);
    const stretches: Stretch[] = [];
    let at = from;
    own.forEach((run, i) => {
      const next = own[i + 1];
      const start = Math.max(from, run.first);
      // The roster speaks when it changes; a camera must look again and again.
      const holds = kind === 'expected' || (next ? next.first - run.last <= SILENCE_MS : to - run.last <= SILENCE_MS);
      const end = Math.min(to, holds ? (next?.first ?? to) : run.last);
      if (end <= at) return;
      if (start > at) stretches.push({ from: at, to: start, shade: 'gap', run: undefined });
      stretches.push({ from: Math.max(at, start), to: end, shade: shadeOf(run, minStaff), run });
      at = end;
    });
    if (at < to) stretches.push({ from: at, to, shade: 'gap', run: undefined });
    return { kind, stretches };
  });
}

const rankOf = (kind: string): number => {
  const rank = ORDER.indexOf(kind);
  return rank < 0 ? ORDER.length : rank;
};

const STEPS_MS = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].map((s) => s * 1000);

/** Round instants for an axis of at most `most` labels. */
export function ticksOf([from, to]: readonly [number, number], most: number): number[] {
  const step = STEPS_MS.find((ms) => (to - from) / ms <= most) ?? STEPS_MS.at(-1)!;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
