import type { z } from 'zod';
import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import type { RoomId } from '../../core/ids.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';
import type { transcriptSegment, wordHit } from '../api/contract/rooms.js';
import type { IncidentIndex } from '../incidents/incidentIndex.js';
import { mediaName } from '../incidents/media.js';
import type { AlertsLedger } from '../ledgerPort.js';
import { verdictOf } from './verdicts.js';

export type SegmentView = z.output<typeof transcriptSegment>;
export type HitView = z.output<typeof wordHit>;

/** What was said in a room, and the listed words in it. */
export interface RoomSpeech {
  /** By their start. */
  transcript(room: RoomId, from: EventMs, to: EventMs): SegmentView[];
  /** Newest first. */
  hits(room: RoomId, from: EventMs, to: EventMs): HitView[];
}

/** Transcript kept before and after a hit. */
const AROUND_MS = 10_000;
const MOST_HITS = 500;

/** Reads the ledger; the transcript around a hit is there as soon as it was said. */
export function roomSpeech({
  ledger,
  index,
}: {
  ledger: Pick<AlertsLedger, 'transcripts' | 'snapshots'>;
  index: IncidentIndex;
}): RoomSpeech {
  const said = (room: RoomId, from: number, to: number): string =>
    ledger.transcripts
      .of(room, eventMs(from), eventMs(to))
      .filter(({ kind }) => kind === 'segment')
      .map(({ start, end, text }) => within(text, { start, end }, { from, to }))
      .join(' ')
      .trim();

  const hitOf = (room: RoomId, record: IncidentRecord): HitView => {
    const detail = record.detail ?? {};
    const text = (key: string): string => String(detail[key] ?? '');
    const end = record.end ?? eventMs(Number(detail.hit_end ?? record.start));
    const kept = record.state === 'ended' && typeof detail.before === 'string';
    const loop = index.loopOf(record.id);
    const sound = ledger.snapshots.of(record.id).find(({ kind }) => kind === 'sound');
    return {
      ...{
        incident: record.id,
        word: text('word'),
        variant: text('variant'),
        level: text('level'),
        tier: text('tier'),
      },
      ...{ start: record.start, end, count: Number(detail.count ?? 1) },
      before: kept ? text('before') : said(room, plusMs(record.start, -AROUND_MS), record.start),
      after: kept ? text('after') : said(room, end, plusMs(end, AROUND_MS)),
      confirmed: record.tier > 0,
      demo: detail.demo === true,
      verdict: verdictOf(loop),
      steps: loop.steps,
      sound: sound ? mediaName(sound) : null,
      ...(typeof detail.speaker === 'string' ? { speaker: detail.speaker } : {}),
    };
  };

  return {
    transcript: (room, from, to) =>
      ledger.transcripts.of(room, from, to).map(({ start, end, kind, text, engine, speaker, punctuated }) => ({
        ...{ start, end, engine, text: kind === 'gap' ? '' : text },
        ...(kind === 'gap' ? { gap: text } : {}),
        ...(speaker === undefined ? {} : { speaker }),
        ...(punctuated === undefined ? {} : { punctuated }),
      })),
    hits: (room, from, to) =>
      index
        .within(from, to)
        .filter(({ rule, subject }) => rule === 'speech' && subject === room)
        .slice(0, MOST_HITS)
        .map((record) => hitOf(room, record)),
  };
}

/** What of a text falls between two instants, its characters taken as evenly spaced. */
function within(
  text: string,
  part: { start: number; end: number },
  { from, to }: { from: number; to: number },
): string {
  const length = Math.max(1, part.end - part.start);
  const index = (at: number): number =>
    Math.round((Math.min(Math.max(at - part.start, 0), length) / length) * text.length);
  return text.slice(index(from), index(to));
}
