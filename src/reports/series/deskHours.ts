import { deskMessage } from '../../alerts/outbox/measurements.js';
import type { MeasurementMessage } from '../../alerts/outbox/messages.js';
import type { WindowId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import { bucketSums, type Span, union } from '../figures/spans.js';
import { seenTime } from '../figures/windowTime.js';
import { edgesOf, type HourOptions } from './hours.js';

/** Desks are looked at about once a minute: a look counts for at most this long, ms, as in the ledger's runs. */
const STALE_AFTER_MS = 90_000;

/**
 * Measurement `desk` of a window: a point for each hour in which its desk was looked at. Unknown is what was looked at and
 * could not be judged (covered, served at, moved camera), not the time in which nobody looked.
 */
export function deskHours(window: WindowId, { ledger, facts, span }: HourOptions): MeasurementMessage[] {
  const margin = STALE_AFTER_MS;
  const runs = ledger.observations.seenRuns(window, 'desk', eventMs(span.from - margin), eventMs(span.to + margin));
  if (runs.length === 0) return [];
  const seen = seenTime(runs, { minStaff: 1, staleAfterMs: margin });
  const blind: Span[] = union(
    runs.filter(({ value }) => value === 'unknown').map(({ firstAt, lastAt }) => ({ from: firstAt, to: lastAt })),
  );
  const edges = edgesOf(span);
  // A desk's truth is disorder: what stands for presence in staff time stands for disorder here.
  const [disorder, tidy] = [bucketSums(seen.present, edges), bucketSums(seen.absent, edges)];
  const unknown = bucketSums(blind, edges);
  return edges.slice(0, -1).flatMap((atMs, i) => {
    const [tidyS, disorderS, unknownS] = [tidy[i]! / 1000, disorder[i]! / 1000, unknown[i]! / 1000];
    return tidyS + disorderS + unknownS === 0 ? [] : [deskMessage(facts, window, { atMs, tidyS, disorderS, unknownS })];
  });
}
