import type { SeenRun } from '../../alerts/ledger/runs.js';
import { intersect, type Span, subtract, union } from './spans.js';

export interface SeenOptions {
  /** Staff needed at the window for "present". */
  minStaff: number;
  /** A look counts for at most this long, ms; afterwards nobody knows. */
  staleAfterMs: number;
}

/** What the camera knows of a window: where staff were seen, and where nobody was. The rest of the time is unknown. */
export interface SeenTime {
  present: Span[];
  absent: Span[];
}

/**
 * Turns runs of looks (in order of time) into seen time. A run lasts from its first to its last look; the gap to the next run
 * belongs to the earlier one where it is no longer than `staleAfterMs` and both are known. A longer gap, and a gap
 * beside an unknown look, is unknown: it counts neither for nor against anybody.
 */
export function seenTime(runs: readonly SeenRun[], { minStaff, staleAfterMs }: SeenOptions): SeenTime {
  const seen: SeenTime = { present: [], absent: [] };
  let settledTo = Number.NEGATIVE_INFINITY;
  for (const [i, run] of runs.entries()) {
    const from = Math.max(run.firstAt, settledTo);
    let to: number = run.lastAt;
    const next = runs[i + 1];
    if (run.value !== 'unknown') {
      if (next && next.value !== 'unknown' && next.firstAt - run.lastAt <= staleAfterMs) {
        to = Math.max(run.lastAt, next.firstAt);
      }
      if (to > from) (Number(run.value) >= minStaff ? seen.present : seen.absent).push({ from, to });
    }
    // A clock that stepped back must not count a stretch twice.
    settledTo = Math.max(settledTo, to);
  }
  return { present: union(seen.present), absent: union(seen.absent) };
}

/** Reasons that stand beside absent time. */
export interface AbsenceReasons {
  /** Registered leave, outing, cover. */
  leaves: readonly Span[];
  /** Incidents that a person excused. */
  excused: readonly Span[];
  /** Incidents that a person confirmed. */
  confirmed: readonly Span[];
}

/** A window's scheduled time by what is known of it. `absent` = `excused` + `unexcused` + what nobody has judged against anyone. */
export interface DividedTime {
  scheduled: Span[];
  present: Span[];
  absent: Span[];
  /** Absent with a registered reason, or within an excused incident. */
  excused: Span[];
  /** Absent within a confirmed incident and without a reason: the only time that counts against anybody. */
  unexcused: Span[];
}

/** Divides scheduled time. Pure; every list is in order and without overlap. */
export function divideTime(scheduled: readonly Span[], seen: SeenTime, reasons: AbsenceReasons): DividedTime {
  const present = intersect(seen.present, scheduled);
  const absent = subtract(intersect(seen.absent, scheduled), present);
  const excused = intersect(absent, union([...reasons.leaves, ...reasons.excused]));
  const unexcused = subtract(intersect(absent, union(reasons.confirmed)), excused);
  return { scheduled: [...scheduled], present, absent, excused, unexcused };
}
