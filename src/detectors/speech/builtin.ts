import { boundedQueue } from '../../core/boundedQueue.js';
import { AppError } from '../../core/errors.js';
import type { AudioChunk } from '../../core/frame.js';
import type { Keyword, SpeechEngine, SpeechEvent, SpeechOptions, SpeechStream } from '../../core/speech.js';
import { type EventMs, plusMs } from '../../core/time.js';
import { SAMPLE_RATE } from './features.js';
import { findUnits, lossesOf } from './findUnits.js';
import { pinyinReading } from './greedy.js';
import { STEP_MS, type UnitNetwork } from './network.js';
import { makeSegmenter, type Segment, type Segmenter } from './segmenter.js';
import { unitsOf } from './units.js';

/**
 * Score from which a word counts as heard. A longer word is heard as a longer one by chance less often. Measured with
 * `scripts/measure-speech.mjs`, see the room's README.
 */
export const defaultThreshold = (syllables: number): number => (syllables >= 3 ? -2 : syllables === 2 ? -1.25 : -0.4);

/** A syllable spoken slowly, milliseconds; a word that takes longer is another one. */
const SLOWEST_SYLLABLE_MS = 700;
/** Sound may be missing this long without being called a gap: clocks of cameras jitter. */
const GAP_MS = 250;
/** While somebody speaks the newest sound is searched this often, so that a word is known before its sentence ends. */
const EARLY_EVERY_MS = 400;
const EARLY_LOOK_MS = 3000;
/** The network needs this much of what follows to judge the end of a word. */
const EARLY_MARGIN_MS = 120;
/**
 * What is heard before its sentence ends must score this much better: three seconds are normalised by themselves and are
 * searched again and again, so that chance has more tries (measured: twice the false alarms without it). The whole sentence
 * is searched at the usual threshold.
 */
const EARLY_STRICTER = 0.5;
/** How long it is remembered that a word was said. */
const SAID_MS = 20_000;
/** Segments that may wait for the network; beyond it the oldest becomes a gap. */
const WAITING = 64;

/** A keyword as the network knows it. */
interface Wanted {
  keyword: Keyword;
  units: number[];
}

/**
 * The engine that is always there: voice activity by energy, then a search of each word in what our own small network
 * heard. Its health says `demo-model`: it is weak on conversation. Its segments carry toneless pinyin, never characters.
 * A stream asks for 16 kHz and throws AppError `bad-input` for other rates. The network belongs to the caller.
 */
export function builtinEngine(network: UnitNetwork): SpeechEngine {
  const streams = new Set<SpeechStream>();
  return {
    name: 'builtin',
    open: (_room, options) => {
      const stream = openStream(network, options);
      streams.add(stream);
      return { ...stream, close: () => stream.close().finally(() => streams.delete(stream)) };
    },
    health: () => ({ listening: true, reason: 'demo-model' }),
    close: async () => {
      await Promise.all([...streams].map((stream) => stream.close()));
    },
  };
}

type Candidate = Extract<SpeechEvent, { type: 'candidate' }>;

function openStream(network: UnitNetwork, { keywords }: SpeechOptions): SpeechStream {
  let wanted = wantedOf(keywords, network);
  const queue = boundedQueue<SpeechEvent>({ capacity: 10_000 });
  let segmenter: Segmenter = makeSegmenter();
  let start: EventMs | undefined;
  let written = 0;
  let waiting = 0;
  let work: Promise<void> = Promise.resolve();
  let said: Candidate[] = [];
  let lookedAt = 0;

  /** A word that was heard early, or in the second that two parts of a long speech share, is said once. */
  const say = (event: SpeechEvent): void => {
    if (event.type === 'candidate') {
      said = said.filter((one) => one.end > event.start - SAID_MS);
      if (said.some((one) => one.word === event.word && one.start < event.end && event.start < one.end)) return;
      said.push(event);
    }
    queue.push(event);
  };

  /** Searches what is being said; skipped while the network is busy, since the whole segment comes anyway. */
  const listenEarly = (origin: EventMs): void => {
    const part = segmenter.peek(EARLY_LOOK_MS);
    if (!part || waiting > 0 || written - lookedAt < (EARLY_EVERY_MS * SAMPLE_RATE) / 1000) return;
    lookedAt = written;
    const at = plusMs(origin, (part.from / SAMPLE_RATE) * 1000);
    const until = plusMs(at, (part.samples.length / SAMPLE_RATE) * 1000 - EARLY_MARGIN_MS);
    waiting += 1;
    work = work.then(async () => {
      try {
        const events = await eventsOf(network, wanted, { samples: part.samples, at, end: until }, EARLY_STRICTER);
        for (const event of events) if (event.type === 'candidate' && event.end <= until) say(event);
      } catch {
        // The segment is searched as a whole once it ends, and says then what is wrong.
      } finally {
        waiting -= 1;
      }
    });
  };

  const listenTo = (segment: Segment, origin: EventMs): void => {
    const at = plusMs(origin, (segment.from / SAMPLE_RATE) * 1000);
    const end = plusMs(at, (segment.samples.length / SAMPLE_RATE) * 1000);
    if (waiting >= WAITING) {
      queue.push({ type: 'gap', start: at, end, reason: 'overload' });
      return;
    }
    waiting += 1;
    work = work.then(async () => {
      try {
        for (const event of await eventsOf(network, wanted, { samples: segment.samples, at, end })) say(event);
      } catch {
        queue.push({ type: 'gap', start: at, end, reason: 'engine-failed' });
      } finally {
        waiting -= 1;
      }
    });
  };
  const flush = (): void => {
    if (start === undefined) return;
    for (const segment of segmenter.flush()) listenTo(segment, start);
  };

  return {
    write: (chunk) => {
      refuseOtherRates(chunk);
      const due = start === undefined ? chunk.at : plusMs(start, (written / SAMPLE_RATE) * 1000);
      if (start === undefined || Math.abs(chunk.at - due) > GAP_MS) {
        flush();
        if (chunk.at > due) queue.push({ type: 'gap', start: due, end: chunk.at, reason: 'no-sound' });
        segmenter = makeSegmenter();
        start = chunk.at;
        written = 0;
        lookedAt = 0;
      }
      written += chunk.samples.length;
      for (const segment of segmenter.push(chunk.samples)) listenTo(segment, start);
      listenEarly(start);
    },
    relist: (next) => {
      wanted = wantedOf(next, network);
    },
    events: () => queue,
    close: async () => {
      flush();
      start = undefined;
      await work;
      queue.end();
    },
  };
}

function refuseOtherRates({ camera, sampleRate }: AudioChunk): void {
  if (sampleRate === SAMPLE_RATE) return;
  throw new AppError('bad-input', `sound of ${camera}: ${sampleRate} Hz: the speech path takes ${SAMPLE_RATE}`);
}

function wantedOf(keywords: readonly Keyword[], network: UnitNetwork): Wanted[] {
  const known = new Set(network.units);
  return keywords.flatMap((keyword) => {
    const units = keyword.syllables.map((syllable) => unitsOf(syllable, known));
    const row = units.flatMap((unit) => unit ?? []).map((unit) => network.units.indexOf(unit));
    // A word with a foreign syllable cannot be heard by a network of Mandarin.
    return row.length === 0 || units.includes(undefined) ? [] : [{ keyword, units: row }];
  });
}

async function eventsOf(
  network: UnitNetwork,
  wanted: readonly Wanted[],
  { samples, at, end }: { samples: Float32Array; at: EventMs; end: EventMs },
  stricter = 0,
): Promise<SpeechEvent[]> {
  const heard = await network.listen(samples);
  const text = pinyinReading(heard, network.units);
  if (text === '') return [];
  const losses = lossesOf(heard);
  const candidates = wanted.flatMap(({ keyword, units }) => {
    const threshold = (keyword.threshold ?? defaultThreshold(keyword.syllables.length)) + stricter;
    const maxSteps = Math.ceil((keyword.syllables.length * SLOWEST_SYLLABLE_MS) / STEP_MS);
    const found = findUnits(losses, heard.units, units, { threshold, maxSteps }).sort((a, b) => a.from - b.from);
    return found.map(
      ({ from, to, score }): SpeechEvent => ({
        type: 'candidate',
        word: keyword.word,
        start: plusMs(at, from * STEP_MS),
        end: plusMs(at, (to + 1) * STEP_MS),
        score,
      }),
    );
  });
  return [{ type: 'segment', start: at, end, text }, ...candidates];
}
