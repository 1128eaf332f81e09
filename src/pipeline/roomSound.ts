import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import { type CameraId, type RoomId, roomId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import type { Observation } from '../core/observation.js';
import type { RuleDetail } from '../core/rule.js';
import type { SpeechEngine, SpeechEvent } from '../core/speech.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import type { FuzzyClass } from '../core/words.js';
import { type HeardHit, hearWords } from '../detectors/speech/hearWords.js';
import { keywordsOf } from '../detectors/speech/soundHits.js';
import type { AudioSource } from '../ingest/audio.js';
import {
  initialSoundHealth,
  type SoundChange,
  type SoundHealth,
  soundLevelDb,
  stepNoSound,
  stepSoundHealth,
} from '../ingest/health/soundHealth.js';
import type { AudioItem } from '../ingest/soundChunks.js';
import { soundRing } from '../ingest/soundRing.js';
import { type SoundClipsOptions, soundClips } from './speechClips.js';
import type { HallWords } from './speechWords.js';

export interface RoomSoundOptions {
  room: RoomId;
  source: AudioSource;
  engine: SpeechEngine;
  words: HallWords;
  ledger: Pick<Ledger, 'transcripts'>;
  clips: SoundClipsOptions;
  /** Sounds that count as one in transcripts. */
  fuzzy: readonly FuzzyClass[];
  clock: Clock;
  log: Logger;
  /** Event time now, for a live source; undefined where event time does not follow the clock (the simulated hall). */
  now?: () => EventMs;
  /** Told in event-time order of one kind; resolves when it was judged and written down. */
  hear(observations: Observation[], at: EventMs): Promise<void>;
  health(camera: CameraId, change: SoundChange): void;
}

/** One room's sound under way. */
export interface RoomSound {
  /** Ends when the source does. */
  done: Promise<void>;
  /** A step of this room is in the ledger. */
  onStep(step: AlertStep): void;
  /** Loudest second of the last minute, dB of full scale; undefined before any sound. */
  levelDb(): number | undefined;
  close(): Promise<void>;
}

/** How often it is said that somebody listens, event time. */
const TELL_EVERY_MS = 5000;
/** Sound may be missing this long without being a gap. */
const GAP_MS = 500;
/** While no sound comes the gap is written down this often, so that a page shows it. */
const WRITE_GAP_EVERY_MS = 10_000;
const WATCH_EVERY_MS = 1000;

/**
 * Listens to one room: sound into the ring and the engine, what the engine says into transcript and hits. What was not
 * heard or not understood is written down as a gap with its reason. The ring and its clips do not depend on the engine.
 */
export function roomSound(options: RoomSoundOptions): RoomSound {
  const { room, source, engine, words, ledger, clock, log, hear } = options;
  const ring = soundRing();
  const clips = soundClips(ring, options.clips);
  const entriesAt = (at: EventMs) => words.of(room, at);
  let at: EventMs = options.now?.() ?? eventMs(clock.now());
  let entries = entriesAt(at);
  const hearing = hearWords(entries, options.fuzzy);
  const stream = engine.open(roomId(room), { keywords: keywordsOf(entries) });
  let soundState: SoundHealth = initialSoundHealth;
  let heardUntil: EventMs | undefined;
  let silentFor = 'no-sound';
  let toldAt = eventMs(0);
  let work: Promise<void> = Promise.resolve();

  const inTurn = (run: () => Promise<void>): void => {
    work = work.then(run).catch((error: unknown) => {
      log.error({ room, error: messageOf(error) }, 'speech of a room could not be kept');
    });
  };

  const gap = (start: EventMs, end: EventMs, reason: string): void => {
    if (end > start) ledger.transcripts.append({ room, start, end, kind: 'gap', text: reason, engine: engine.name });
  };

  const tell = (when: EventMs, value: boolean, reason: string | undefined): void => {
    toldAt = when;
    const said = { subject: room, kind: 'listening' as const, at: when, value, camera: source.camera };
    inTurn(() => hear([{ ...said, ...(reason === undefined ? {} : { reason }) }], when));
  };

  const tellState = (when: EventMs): void => {
    const { listening, reason } = engine.health(room);
    const idle = listening === true && entries.length === 0;
    tell(when, listening === true && !idle, idle ? 'no-words' : reason);
  };

  const report = ([next, changes]: [SoundHealth, SoundChange[]]): void => {
    soundState = next;
    for (const change of changes) options.health(source.camera, change);
  };

  const tellHits = (hits: readonly HeardHit[]): void => {
    if (hits.length === 0) return;
    const observations = hits.map((hit) => observationOf(hit, { room, camera: source.camera, engine: engine.name }));
    inTurn(() => hear(observations, observations.at(-1)!.at));
  };

  const relist = (): void => {
    entries = entriesAt(at);
    hearing.relist(entries);
    stream.relist(keywordsOf(entries));
  };

  const takeSound = ({ chunk }: Extract<AudioItem, { type: 'audio' }>): void => {
    const from = chunk.at;
    const until = plusMs(from, Math.round((chunk.samples.length * 1000) / chunk.sampleRate));
    if (heardUntil !== undefined && from - heardUntil > GAP_MS) gap(heardUntil, from, silentFor);
    heardUntil = until;
    at = until;
    silentFor = 'no-sound';
    ring.push(chunk);
    report(stepSoundHealth(soundState, chunk));
    stream.write(chunk);
    clips.heard(until);
    tellHits(hearing.advance(until));
    if (until - toldAt >= TELL_EVERY_MS || toldAt > until) tellState(until);
  };

  const take = (item: AudioItem): void => {
    if (item.type === 'audio') takeSound(item);
    else if (item.type === 'state' && !item.listening) {
      silentFor = item.reason === 'no sound track' ? 'no-sound-track' : 'no-sound';
      log.warn({ room, reason: item.reason }, 'no sound of a room');
    }
  };

  /** Live sound that stays away: findings, gaps and the board go on without it. */
  const watch = (): void => {
    const now = options.now?.();
    if (now === undefined) return;
    heardUntil ??= now;
    if (now - heardUntil < WATCH_EVERY_MS * 2) return;
    report(stepNoSound(soundState, now));
    if (now - heardUntil < WRITE_GAP_EVERY_MS) return;
    gap(heardUntil, now, silentFor);
    heardUntil = now;
    clips.flush();
    tell(now, false, silentFor);
  };

  const takeEvent = (event: SpeechEvent): void => {
    if (event.type === 'gap') {
      // Missing sound is told by its source; the engine tells what it did not understand of the sound there was.
      if (event.reason !== 'no-sound') gap(event.start, event.end, event.reason);
      tellState(at);
      return;
    }
    if (event.type === 'segment') {
      const { start, end, text, speaker } = event;
      const part = { room, start, end, kind: 'segment' as const, text, engine: engine.name };
      ledger.transcripts.append({ ...part, ...(speaker === undefined ? {} : { speaker }) });
      const facts = { start, text };
      inTurn(() => hear([{ subject: room, kind: 'transcript', at: end, value: true, facts }], end));
    }
    tellHits(hearing.take(event));
  };

  const listen = async (): Promise<void> => {
    for await (const event of stream.events()) takeEvent(event);
  };
  const run = async (): Promise<void> => {
    const listening = listen();
    try {
      for await (const item of source.items()) take(item);
    } catch (error) {
      log.error({ room, error: messageOf(error) }, 'sound of a room ended');
      silentFor = 'no-sound';
    }
    await stream.close();
    await listening;
    clips.flush(true);
    await work;
  };

  const endWords = words.onChange(relist);
  const timer = clock.every(WATCH_EVERY_MS, watch);
  const done = run();
  return {
    done,
    onStep: clips.take,
    levelDb: () => soundLevelDb(soundState),
    async close() {
      endWords();
      timer.cancel();
      await source.close();
      await done;
    },
  };
}

/** A hit as the rule hears it. The demonstration engine only ever asks a person to listen. */
function observationOf(
  hit: HeardHit,
  { room, camera, engine }: { room: RoomId; camera: CameraId; engine: string },
): Observation {
  const demo = engine === 'builtin';
  const facts: RuleDetail = {
    ...{ word: hit.word, variant: hit.variant, tier: hit.tier, confirmed: hit.confirmed },
    ...{ level: demo ? 'check' : hit.level, listed_level: hit.level, engine, demo },
    ...{ start: hit.start, hit_end: hit.end, count: 1, ...(hit.speaker === undefined ? {} : { speaker: hit.speaker }) },
  };
  return { subject: room, kind: 'speech', at: hit.end, value: true, camera, facts };
}
