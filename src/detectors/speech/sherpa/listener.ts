import { writeFileSync } from 'node:fs';
import type { SpeechEvent } from '../../../core/speech.js';
import { type EventMs, eventMs, plusMs } from '../../../core/time.js';
import { SAMPLE_RATE } from '../features.js';
import { makeSegmenter, type Segment, type Segmenter } from '../segmenter.js';
import type { KeywordSpotter, OnlineStream, SherpaLibrary, Vad } from './library.js';
import type { SherpaModels } from './protocol.js';

/** The networks of one process, and the rooms that they listen to. */
export interface SherpaListener {
  relist(lines: readonly string[]): void;
  open(room: string): void;
  /** Listens to the next sound of a room; says what was found, in order. */
  sound(room: string, at: number, samples: Float32Array): SpeechEvent[];
  /** Event time before which everything that was understood has been said: a sentence still goes on after it. */
  settled(room: string): EventMs | undefined;
  /** Listens to what is still open of a room, and forgets it. */
  close(room: string): SpeechEvent[];
}

interface Room {
  keywords: OnlineStream | undefined;
  segmenter: Segmenter;
  /** Event time of the first sample since the last break, and how many were taken since. */
  origin: EventMs | undefined;
  samples: number;
}

const FEATURES = { sampleRate: SAMPLE_RATE, featureDim: 80 };
const GAP_MS = 250;
/** A keyword's last sound; its time stamps give where each token began. */
const LAST_TOKEN_MS = 200;

/**
 * Loads the networks. What is not as the library expects ends this process: that is why it is one of its own.
 * @param keywordsFile where the keyword lines are put for the library to read
 */
export function sherpaListener(
  library: SherpaLibrary,
  models: SherpaModels,
  { lines, keywordsFile }: { lines: readonly string[]; keywordsFile: string },
): SherpaListener {
  const rooms = new Map<string, Room>();
  const recognise = recogniser(library, models);
  let spotter = openSpotter(library, models, { lines, keywordsFile });

  const segmenterOf = (): Segmenter =>
    models.voiceActivity === undefined ? makeSegmenter() : sileroSegmenter(library, models.voiceActivity);
  const fresh = (): Room => ({
    keywords: spotter?.createStream(),
    segmenter: segmenterOf(),
    origin: undefined,
    samples: 0,
  });

  const timeOf = (room: Room, sample: number): EventMs =>
    plusMs(room.origin!, Math.round((sample / SAMPLE_RATE) * 1000));

  const spot = (room: Room, samples: Float32Array): SpeechEvent[] => {
    const { keywords } = room;
    if (!spotter || !keywords) return [];
    const found: SpeechEvent[] = [];
    keywords.acceptWaveform({ sampleRate: SAMPLE_RATE, samples });
    while (spotter.isReady(keywords)) {
      spotter.decode(keywords);
      const { keyword, timestamps } = spotter.getResult(keywords);
      if (keyword === '') continue;
      const end = timeOf(room, room.samples);
      const lengthMs = ((timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0)) * 1000 + LAST_TOKEN_MS;
      found.push({ type: 'candidate', word: keyword, start: plusMs(end, -Math.round(lengthMs)), end, score: 1 });
      spotter.reset(keywords);
    }
    return found;
  };

  const read = (room: Room, segments: readonly Segment[]): SpeechEvent[] =>
    segments.flatMap(({ from, samples }): SpeechEvent[] => {
      const start = timeOf(room, from);
      const end = timeOf(room, from + samples.length);
      if (!recognise) return [{ type: 'gap', start, end, reason: 'no-recognition' }];
      const text = recognise(samples);
      return text === '' ? [] : [{ type: 'segment', start, end, text }];
    });

  return {
    relist(next) {
      spotter = openSpotter(library, models, { lines: next, keywordsFile });
      for (const room of rooms.values()) room.keywords = spotter?.createStream();
    },
    open: (room) => void rooms.set(room, fresh()),
    sound(name, at, samples) {
      const room = rooms.get(name) ?? fresh();
      rooms.set(name, room);
      const said: SpeechEvent[] = [];
      if (room.origin === undefined || Math.abs(at - timeOf(room, room.samples)) > GAP_MS) {
        if (room.origin !== undefined) said.push(...read(room, room.segmenter.flush()));
        Object.assign(room, fresh(), { origin: eventMs(at) });
      }
      room.samples += samples.length;
      return [...said, ...spot(room, samples), ...read(room, room.segmenter.push(samples))];
    },
    settled(name) {
      const room = rooms.get(name);
      if (room?.origin === undefined) return undefined;
      return timeOf(room, room.segmenter.openSince() ?? room.samples);
    },
    close(name) {
      const room = rooms.get(name);
      rooms.delete(name);
      return room?.origin === undefined ? [] : read(room, room.segmenter.flush());
    },
  };
}

function openSpotter(
  library: SherpaLibrary,
  { keywords }: SherpaModels,
  { lines, keywordsFile }: { lines: readonly string[]; keywordsFile: string },
): KeywordSpotter | undefined {
  if (!keywords || lines.length === 0) return undefined;
  writeFileSync(keywordsFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  const { encoder, decoder, joiner, tokens } = keywords;
  return new library.KeywordSpotter({
    featConfig: FEATURES,
    modelConfig: { transducer: { encoder, decoder, joiner }, tokens, numThreads: 1, provider: 'cpu', debug: 0 },
    ...{ maxActivePaths: 4, numTrailingBlanks: 1, keywordsScore: 1, keywordsThreshold: 0.25, keywordsFile },
  });
}

/** The text of a segment; SenseVoice where it is installed, else the streaming network over the whole segment. */
function recogniser(library: SherpaLibrary, models: SherpaModels): ((samples: Float32Array) => string) | undefined {
  const shared = { numThreads: 1, provider: 'cpu', debug: 0 };
  if (models.recognition) {
    const { model, tokens } = models.recognition;
    const senseVoice = { model, language: 'zh', useInverseTextNormalization: 1 };
    const offline = new library.OfflineRecognizer({
      featConfig: FEATURES,
      modelConfig: { senseVoice, tokens, ...shared },
    });
    return (samples) => {
      const stream = offline.createStream();
      stream.acceptWaveform({ sampleRate: SAMPLE_RATE, samples });
      offline.decode(stream);
      return offline.getResult(stream).text.trim();
    };
  }
  if (!models.streaming) return undefined;
  const { encoder, decoder, joiner, tokens } = models.streaming;
  const transducer = { encoder, decoder, joiner };
  const online = new library.OnlineRecognizer({ featConfig: FEATURES, modelConfig: { transducer, tokens, ...shared } });
  return (samples) => {
    const stream = online.createStream();
    stream.acceptWaveform({ sampleRate: SAMPLE_RATE, samples });
    stream.inputFinished();
    while (online.isReady(stream)) online.decode(stream);
    return online.getResult(stream).text.trim();
  };
}

/** Voice activity by Silero in the shape of our own segmenter. */
export function sileroSegmenter(library: SherpaLibrary, model: string): Segmenter {
  const limits = {
    threshold: 0.5,
    minSpeechDuration: 0.2,
    minSilenceDuration: 0.45,
    windowSize: 512,
    maxSpeechDuration: 12,
  };
  const config = { sileroVad: { model, ...limits }, sampleRate: SAMPLE_RATE, numThreads: 1, debug: 0 };
  const vad: Vad = new library.Vad(config, 60);
  let saidUntil = 0;
  const take = (): Segment[] => {
    const segments: Segment[] = [];
    for (; !vad.isEmpty(); vad.pop()) {
      const { samples, start } = vad.front();
      segments.push({ from: start, samples });
      saidUntil = start + samples.length;
    }
    return segments;
  };
  return {
    push(samples) {
      vad.acceptWaveform(samples);
      return take();
    },
    flush() {
      vad.flush();
      return take();
    },
    openSince: () => (vad.isDetected() ? saidUntil : undefined),
    peek: () => undefined,
  };
}
