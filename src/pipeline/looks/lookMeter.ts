import { metric } from '../../board/http/metrics.js';
import type { EventMs } from '../../core/time.js';
import type { LookStats } from './lookScheduler.js';
import type { Decision } from './verdict.js';

/** Counts what the looks of a hall amount to. */
export interface LookMeter {
  decided(decision: Decision): void;
  /** A camera was observed at this moment, whether by a look or by a verdict that still held. */
  observed(camera: string, at: EventMs): void;
  /** A camera could not be looked at: its next interval would measure the fault, not us. */
  interrupted(camera: string): void;
  /** Share of the pictures of windows for which the network was asked, 0-1; 1 before there were any. */
  askedShare(): number;
  /** Prometheus lines. */
  lines(stats: LookStats): string[];
}

/** Intervals kept for each camera: the last ten minutes at one each two seconds. */
const KEPT = 300;
const LEVELS = { ok: 0, tight: 1, over: 2 };

/** Makes the meter. */
export function lookMeter(): LookMeter {
  const decisions = new Map<Decision, number>();
  const last = new Map<string, EventMs>();
  const intervals = new Map<string, number[]>();

  const askedShare = (): number => {
    const all = [...decisions.values()].reduce((sum, count) => sum + count, 0);
    return all > 0 ? 1 - (decisions.get('repeat') ?? 0) / all : 1;
  };

  return {
    decided: (decision) => void decisions.set(decision, (decisions.get(decision) ?? 0) + 1),
    observed(camera, at) {
      const before = last.get(camera);
      last.set(camera, at);
      if (before === undefined) return;
      const known = intervals.get(camera) ?? [];
      if (known.length === 0) intervals.set(camera, known);
      known.push(at - before);
      if (known.length > KEPT) known.shift();
    },
    interrupted: (camera) => void last.delete(camera),
    askedShare,
    lines(stats) {
      const { load } = stats;
      const seconds = [...intervals].map(
        ([camera, known]) => [`{camera="${camera}",quantile="0.99"}`, p99(known) / 1000] as const,
      );
      return [
        ...metric(
          'hallwatch_look_interval_seconds',
          'gauge',
          'Between two observations of a camera, last 10 min',
          seconds,
        ),
        ...metric('hallwatch_look_decisions_total', 'counter', 'Pictures of windows, by why they were looked at', [
          ...[...decisions].map(([decision, count]) => [`{decision="${decision}"}`, count] as const),
        ]),
        ...metric('hallwatch_looks_total', 'counter', 'Looks of the network', [
          ...Object.entries(stats.done).map(([kind, count]) => [`{kind="${kind}"}`, count] as const),
        ]),
        ...metric('hallwatch_look_runs_total', 'counter', 'Runs of the network; several looks share one', [
          ['', stats.runs],
        ]),
        ...metric('hallwatch_looks_failed_total', 'counter', 'Looks that failed', [['', stats.failed]]),
        ...metric('hallwatch_looks_waiting', 'gauge', 'Looks that wait for the network', [['', stats.waiting]]),
        ...metric('hallwatch_looks_busy_ratio', 'gauge', 'Share of the workers in use', [['', load.busy]]),
        ...metric('hallwatch_looks_busy_ratio_if_all_moved', 'gauge', 'The same if no verdict could be repeated', [
          ['', load.busy / Math.max(0.01, askedShare())],
        ]),
        ...metric('hallwatch_look_delay_seconds', 'gauge', 'Longest wait for a result, averaged', [
          ['', load.delayMs / 1000],
        ]),
        ...metric('hallwatch_look_load', 'gauge', '0 room enough, 1 nearly busy, 2 more than can be done', [
          ['', LEVELS[load.level]],
        ]),
      ];
    },
  };
}

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? 0;
}
