import type { z } from 'zod';
import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import type { RoomId } from '../../core/ids.js';
import { spokenPart } from '../../core/spokenPart.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';
import type { transcriptNote, transcriptSegment, wordHit } from '../api/contract/rooms.js';
import type { IncidentIndex } from '../incidents/incidentIndex.js';
import { mediaName } from '../incidents/media.js';
import type { AlertsLedger } from '../ledgerPort.js';
import { verdictOf } from './verdicts.js';

export type SegmentView = z.output<typeof transcriptSegment>;
export type NoteView = z.output<typeof transcriptNote>;
export type HitView = z.output<typeof wordHit>;

/** What was said in a room, and the listed words in it. */
export interface RoomSpeech {
  /** By their start. */
  transcript(room: RoomId, from: EventMs, to: EventMs): SegmentView[];
  /** What was done with the transcripts of closed sessions, by their beginning. */
  notes(room: RoomId, from: EventMs, to: EventMs): NoteView[];
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
  ledger: Pick<AlertsLedger, 'transcripts' | 'transcriptNotes' | 'soundClips' | 'snapshots' | 'evaluations'>;
  index: IncidentIndex;
}): RoomSpeech {
  const said = (room: RoomId, from: number, to: number): string =>
    ledger.transcripts
      .of(room, eventMs(from), eventMs(to))
      .filter(({ kind }) => kind === 'segment')
      .map((one) => spokenPart(one, { from, to }))
      .join(' ')
      .trim();

  const speakerOf = (room: RoomId, start: EventMs, end: EventMs): string | undefined =>
    ledger.transcripts.of(room, start, end).find(({ speaker }) => speaker !== undefined)?.speaker;

  const hitOf = (room: RoomId, record: IncidentRecord): HitView => {
    const detail = record.detail ?? {};
    const text = (key: string): string => String(detail[key] ?? '');
    const end = record.end ?? eventMs(Number(detail.hit_end ?? record.start));
    const kept = record.state === 'ended' && typeof detail.before === 'string';
    const loop = index.loopOf(record.id);
    const sound = ledger.snapshots.of(record.id).find(({ kind }) => kind === 'sound');
    const owed = sound ? undefined : ledger.soundClips.of(record.id).at(-1);
    // Turns are told after the session; the step itself is never changed.
    const speaker = detail.speaker ?? speakerOf(room, record.start, end);
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
      soundNote: owed?.note ? owed.note : null,
      ...(typeof speaker === 'string' ? { speaker } : {}),
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
    notes: (room, from, to) =>
      ledger.transcriptNotes.ofRoom(room, from, to).map(({ evaluation, room: _, at: _at, ...note }) => ({
        ...{ evaluation, ...note },
        project: ledger.evaluations.get(evaluation)?.project ?? evaluation,
      })),
    hits: (room, from, to) =>
      index
        .within(from, to)
        .filter(({ rule, subject }) => rule === 'speech' && subject === room)
        .slice(0, MOST_HITS)
        .map((record) => hitOf(room, record)),
  };
}
