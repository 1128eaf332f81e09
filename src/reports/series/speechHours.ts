import { hitsMessage, listeningMessage } from '../../alerts/outbox/measurements.js';
import type { MeasurementMessage } from '../../alerts/outbox/messages.js';
import type { RoomId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import { bucketSums, type Span, union } from '../figures/spans.js';
import { seenTime } from '../figures/windowTime.js';
import { edgesOf, type HourOptions, hourOf } from './hours.js';

/** It is said every five seconds that somebody listens; what nobody said for this long is not so any more, ms. */
const STALE_AFTER_MS = 15_000;
/** Gaps in which there was no sound at all: nothing was said that could have been understood. */
const SILENT = new Set(['no-sound', 'no-sound-track']);
const PAGE = 1000;

/** Measurement `speech` of a room: a point for each hour it was listened to, and one for each level that was hit in it. */
export const speechHours = (room: RoomId, options: HourOptions): MeasurementMessage[] => [
  ...listened(room, options),
  ...hits(room, options),
];

function listened(room: RoomId, { ledger, facts, span }: HourOptions): MeasurementMessage[] {
  const margin = STALE_AFTER_MS;
  const [from, to] = [eventMs(span.from), eventMs(span.to)];
  const runs = ledger.observations.seenRuns(room, 'listening', eventMs(from - margin), eventMs(to + margin));
  const heard = seenTime(runs, { minStaff: 1, staleAfterMs: margin }).present;
  if (heard.length === 0) return [];
  const parts = ledger.transcripts.of(room, from, to);
  const lost: Span[] = union(
    parts
      .filter(({ kind, text }) => kind === 'gap' && !SILENT.has(text))
      .map((gap) => ({ from: gap.start, to: gap.end })),
  );
  const edges = edgesOf(span);
  const [heardMs, lostMs] = [bucketSums(heard, edges), bucketSums(lost, edges)];
  // Transcripts are deleted after their time: then the points keep what they said before.
  const known = bucketSums(union(parts.map(({ start, end }) => ({ from: start, to: end }))), edges);
  return edges.slice(0, -1).flatMap((atMs, i) => {
    if (heardMs[i] === 0) return [];
    const notUnderstoodS = known[i]! > 0 ? lostMs[i]! / 1000 : undefined;
    return [listeningMessage(facts, room, { atMs, heardS: heardMs[i]! / 1000, notUnderstoodS })];
  });
}

/** How often words of each level were said: an incident is a word with a counter. The words themselves stay where they are. */
function hits(room: RoomId, { ledger, facts, span }: HourOptions): MeasurementMessage[] {
  const counts = new Map<string, { atMs: number; level: string; hits: number }>();
  const filter = { rule: 'speech', subjects: [room], from: eventMs(span.from), to: eventMs(span.to) };
  let cursor: string | undefined;
  do {
    const page = ledger.incidents.list(filter, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { start, detail } of page.items) {
      const level = String(detail?.level ?? '');
      const atMs = hourOf(start);
      const own = counts.get(`${atMs}/${level}`) ?? { atMs, level, hits: 0 };
      own.hits += Number(detail?.count ?? 1);
      counts.set(`${atMs}/${level}`, own);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return [...counts.values()]
    .sort((a, b) => a.atMs - b.atMs || (a.level < b.level ? -1 : 1))
    .map((count) => hitsMessage(facts, room, count));
}
