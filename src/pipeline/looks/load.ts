/** How busy the network is. `tight`: little room is left. `over`: more is asked for than can be done. */
export type LoadLevel = 'ok' | 'tight' | 'over';

export interface LoadState {
  level: LoadLevel;
  /** Share of the workers' time that was spent on looks, 0-1, over the last half minute or so. */
  busy: number;
  /** Wait of a look until its result, ms, likewise averaged. */
  delayMs: number;
}

export const idle: LoadState = { level: 'ok', busy: 0, delayMs: 0 };

/** One stretch of time. */
export interface LoadSample {
  spanMs: number;
  /** Time spent on looks, ms, over all workers. */
  busyMs: number;
  workers: number;
  /** Longest wait for a result that ended or still lasts, ms. */
  worstDelayMs: number;
}

const OVER_MS = 30_000;
const TIGHT = 0.7;
const OVER = 0.9;
/** Back to a lower level only with this much room, so that it does not flicker. */
const HYSTERESIS = 0.1;
/** Later than this a result belongs to a moment that is past for the rules that count seconds. */
const LATE_MS = 2000;

/**
 * The load after one more stretch. Exponential mean over half a minute; `tight` is told at 70 %, before anything is late:
 * the queue of a worker that is 70 % busy is about two looks long, at 90 % nine (M/M/1, Kleinrock, "Queueing Systems", 1975).
 */
export function stepLoad(state: LoadState, { spanMs, busyMs, workers, worstDelayMs }: LoadSample): LoadState {
  const weight = 1 - Math.exp(-spanMs / OVER_MS);
  const busy = state.busy + weight * (Math.min(1, busyMs / (spanMs * workers)) - state.busy);
  const delayMs = state.delayMs + weight * (worstDelayMs - state.delayMs);
  const down = (level: LoadLevel): number => (state.level === level ? HYSTERESIS : 0);
  if (busy >= OVER - down('over') || delayMs >= LATE_MS) return { level: 'over', busy, delayMs };
  const tight = busy >= TIGHT - (state.level === 'ok' ? 0 : HYSTERESIS);
  return { level: tight ? 'tight' : 'ok', busy, delayMs };
}
