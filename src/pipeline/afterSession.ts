import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { NewTranscriptNote } from '../alerts/ledger/transcriptNotes.js';
import type { TranscriptPart } from '../alerts/ledger/transcripts.js';
import type { Clock, Timer } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import type { EvaluationSession } from '../core/evaluation.js';
import { cameraId, type RoomId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { AfterSpeech } from '../core/speech.js';
import type { EventMs } from '../core/time.js';
import { type SegmentVoice, speakerTurns } from '../detectors/speech/speakerTurns.js';
import type { RecordedSound } from './recordedSound.js';

export interface AfterSessionOptions {
  config: Config;
  ledger: Pick<Ledger, 'evaluations' | 'transcripts' | 'transcriptNotes'>;
  after: AfterSpeech;
  /** What was recorded of a room; undefined answers: nothing of that stretch. */
  sound: RecordedSound;
  clock: Clock;
  log: Logger;
}

/** Works on transcripts of evaluations that are closed. */
export interface AfterSession {
  /** Resolves when nothing is left to do now. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

type Outcome = Pick<NewTranscriptNote, 'punctuation' | 'speakers' | 'voices'>;

/** The last sentences of a session are read, and its last recording is closed, within this. */
const SETTLE_MS = 30_000;
/** Texts, and sounds, in one request: what a crash of the process costs. */
const TEXTS_AT_ONCE = 50;
const SOUNDS_AT_ONCE = 10;
/** Tried once more where the process ended. */
const TRIES = 2;
/** An outcome of these is final. All others are looked at again at the next start: a network may be there by then. */
const FINAL = new Set(['done', 'given', 'pinyin', 'nothing-said', 'no-sound']);
/** A sentence this long without any mark was written by an engine that knows none. */
const LONG_TEXT = 12;
const MARK = /[，。？！、；：,.?!;:]/u;
const HAN = /\p{Script=Han}/u;

/**
 * Adds punctuation and speaker turns to the transcript of each closed evaluation, once, one room after the other. The text
 * itself is never changed. What was done, or why it could not be, stands in the ledger; a restart takes up what it cut off.
 */
export function afterSession(options: AfterSessionOptions): AfterSession {
  const { config, ledger, after, clock, log } = options;
  const timers = new Set<Timer>();
  const known = new Set<string>();
  let closed = false;
  let work: Promise<void> = Promise.resolve();

  const finish = async (session: EvaluationSession, room: RoomId): Promise<void> => {
    const { openedAt: from, closedAt: to } = session;
    const before = ledger.transcriptNotes.get(session.id, room);
    if (closed || from === undefined || to === undefined || (before && isFinal(before))) return;
    const parts = ledger.transcripts.of(room, from, to).filter(({ kind }) => kind === 'segment');
    // What was said is gone by now: what was written down of it stays.
    if (before && parts.length === 0) return;
    const facts = { evaluation: session.id, room, from, to, parts: parts.length };
    ledger.transcriptNotes.set({ ...facts, ...underWay(before) });
    const outcome = await annotate(parts, { ...options, room, before, isClosed: () => closed });
    // Closed in the middle: it stays `running` and is taken up by the next start.
    if (outcome) ledger.transcriptNotes.set({ ...facts, ...outcome });
  };

  const enqueue = (session: EvaluationSession): void => {
    if (session.state !== 'closed' || known.has(session.id)) return;
    known.add(session.id);
    work = work.then(async () => {
      for (const { room } of session.rooms) {
        await finish(session, room).catch((error: unknown) => {
          log.error({ evaluation: session.id, room, error: messageOf(error) }, 'transcript not finished');
        });
      }
      await after.rest();
    });
  };

  if (config.rules.speech.enabled) for (const session of ledger.evaluations.list({ state: 'closed' })) enqueue(session);
  const stopWatching = ledger.evaluations.watch((session) => {
    if (session.state !== 'closed' || !config.rules.speech.enabled) return;
    const timer = clock.after(SETTLE_MS, () => {
      timers.delete(timer);
      enqueue(session);
    });
    timers.add(timer);
  });

  return {
    idle: () => work,
    async close() {
      closed = true;
      stopWatching();
      for (const timer of timers) timer.cancel();
      await after.rest();
      await work;
    },
  };
}

/** What an earlier try brought to its end stays. */
const underWay = (before: Outcome | undefined): Outcome => ({
  punctuation: before && FINAL.has(before.punctuation) ? before.punctuation : 'running',
  speakers: before && FINAL.has(before.speakers) ? before.speakers : 'running',
  voices: before?.voices ?? 0,
});

const isFinal = ({ punctuation, speakers }: Pick<NewTranscriptNote, 'punctuation' | 'speakers'>): boolean =>
  FINAL.has(punctuation) && FINAL.has(speakers);

interface Annotating extends AfterSessionOptions {
  room: RoomId;
  /** Of an earlier try: speakers that stand in the transcript are then ours. */
  before: Outcome | undefined;
  isClosed(): boolean;
}

/** Undefined where the service was closed in the middle. */
async function annotate(parts: readonly TranscriptPart[], work: Annotating): Promise<Outcome | undefined> {
  if (parts.length === 0) return { punctuation: 'nothing-said', speakers: 'nothing-said', voices: 0 };
  const can = await work.after.can();
  const punctuation = await tried('punctuation', work, () => punctuate(parts, can.punctuation, work));
  const turns = await tried('speaker turns', work, () => turnsOf(parts, can.speakers, work));
  if (work.isClosed() || punctuation === undefined || turns === undefined) return undefined;
  return typeof turns === 'string'
    ? { punctuation: String(punctuation), speakers: turns, voices: 0 }
    : { punctuation: String(punctuation), speakers: 'done', voices: turns };
}

/** Once more where the process ended under it; then `failed`. Undefined where the service is being closed. */
async function tried<T>(what: string, { log, room, isClosed }: Annotating, run: () => Promise<T>) {
  for (let tries = 1; ; tries += 1) {
    try {
      return isClosed() ? undefined : await run();
    } catch (error) {
      if (isClosed()) return undefined;
      log.warn({ room, tries, error: messageOf(error) }, `${what} of a transcript failed`);
      if (tries >= TRIES || !(error instanceof AppError && error.retryable)) return 'failed' as const;
    }
  }
}

async function punctuate(
  parts: readonly TranscriptPart[],
  can: string,
  { ledger, after }: Annotating,
): Promise<string> {
  const spoken = parts.filter(({ text }) => HAN.test(text));
  if (spoken.length === 0) return 'pinyin';
  const long = spoken.filter(({ text }) => text.length >= LONG_TEXT);
  const bare = spoken.filter(({ text, punctuated }) => punctuated === undefined && !MARK.test(text));
  if (bare.length === 0 || (long.length > 0 && long.every(({ text }) => MARK.test(text)))) {
    return spoken.some(({ punctuated }) => punctuated !== undefined) ? 'done' : 'given';
  }
  if (can !== 'ready') return can;
  for (let i = 0; i < bare.length; i += TEXTS_AT_ONCE) {
    const some = bare.slice(i, i + TEXTS_AT_ONCE);
    const texts = await after.punctuate(some.map(({ text }) => text));
    some.forEach(({ id, text }, k) => {
      const punctuated = texts[k];
      if (punctuated !== undefined && isSameText(text, punctuated)) ledger.transcripts.annotate(id, { punctuated });
    });
  }
  return 'done';
}

/** Punctuation adds marks and nothing else: a network that changes words must not put them into anybody's mouth. */
const isSameText = (text: string, punctuated: string): boolean => bareOf(text) === bareOf(punctuated);
const bareOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/** How many voices were told apart, or why none were. */
async function turnsOf(parts: readonly TranscriptPart[], can: string, work: Annotating): Promise<number | string> {
  const { config, ledger, after, sound, room, before } = work;
  if (before && FINAL.has(before.speakers)) return before.speakers === 'done' ? before.voices : before.speakers;
  if (!before && parts.some(({ speaker }) => speaker !== undefined)) return 'given';
  if (can !== 'ready') return can;
  const camera = config.rooms.find(({ id }) => id === room)?.audio;
  const voices: SegmentVoice[] = [];
  for (let i = 0; i < parts.length; i += SOUNDS_AT_ONCE) {
    if (work.isClosed()) return 'running';
    const some = parts.slice(i, i + SOUNDS_AT_ONCE);
    const sounds = await soundsOf(some, camera, sound);
    const vectors = await after.voices(sounds.filter((one) => one !== undefined));
    for (const [k, { start, end }] of some.entries()) {
      voices.push({ vector: (sounds[k] && vectors.shift()) ?? new Float32Array(0), ms: end - start });
    }
  }
  if (voices.every(({ vector }) => vector.length === 0)) return 'no-sound';
  const names = speakerTurns(voices);
  parts.forEach(({ id, speaker }, i) => {
    const name = names[i];
    if (name !== undefined && name !== speaker) ledger.transcripts.annotate(id, { speaker: name });
  });
  return new Set(names.filter((name) => name !== undefined)).size;
}

async function soundsOf(
  parts: readonly { start: EventMs; end: EventMs }[],
  camera: string | undefined,
  sound: RecordedSound,
): Promise<Array<Float32Array | undefined>> {
  const sounds: Array<Float32Array | undefined> = [];
  for (const { start, end } of parts) {
    sounds.push(camera === undefined ? undefined : await sound(cameraId(camera), start, end));
  }
  return sounds;
}
