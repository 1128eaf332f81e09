import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { cameraId, roomId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import { makeLiveHub } from '../../src/core/liveHub.js';
import { silentLogger } from '../../src/core/log.js';
import type { SpeechEngine, SpeechEvent } from '../../src/core/speech.js';
import { type EventMs, eventMs } from '../../src/core/time.js';
import { writtenEntry } from '../../src/core/words.js';
import { noneEngine } from '../../src/detectors/speech/none.js';
import { replayEngine } from '../../src/detectors/speech/replay.js';
import type { AudioItem } from '../../src/ingest/soundChunks.js';
import { hallRecorder } from '../../src/pipeline/hallRecorder.js';
import { hallSpeech } from '../../src/pipeline/hallSpeech.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import { hallWords } from '../../src/pipeline/speechWords.js';
import { fakeClock } from '../support/fakeClock.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';

const START = Date.UTC(2026, 10, 20, 1, 0, 0);
const ROOM = roomId('R1');
const config = parseConfig(
  JSON.stringify({
    site: { id: 'test', name: 'test' },
    cameras: [{ id: 'cam-r1', source: 'sim:room-1' }],
    rooms: [{ id: 'R1', cameras: ['cam-r1'], audio: 'cam-r1' }],
  }),
  'test',
);

/** Sound of a length, with what is missing of it, as the sound of a camera. */
function* sound(seconds: number, missing?: [from: number, to: number]): Generator<AudioItem> {
  for (let i = 0; i < seconds * 5; i += 1) {
    if (missing && i / 5 >= missing[0] && i / 5 < missing[1]) continue;
    const samples = Float32Array.from({ length: 3200 }, (_, k) => 0.2 * Math.sin(k / 9));
    yield {
      type: 'audio',
      chunk: { camera: cameraId('cam-r1'), at: eventMs(START + i * 200), sampleRate: 16_000, samples },
    };
  }
}

/** What an engine would say, seconds of the stream. */
const says = (text: string, start: number, end: number, speaker?: string): SpeechEvent => ({
  ...{ type: 'segment', start: eventMs(start * 1000), end: eventMs(end * 1000), text },
  ...(speaker === undefined ? {} : { speaker }),
});

async function listen(engine: SpeechEngine, words: object[], items: Iterable<AudioItem>, seconds: number) {
  const ledger = testLedger();
  const written = words.map((word) => writtenEntry.parse(word));
  ledger.wordLists.save({ scope: 'hall', words: written, note: '', by: 'u1', basedOn: 0 });
  const tracks = hallTracks(config);
  const judge = makeJudge(tracks.all);
  const folder = temporaryFolder();
  const steps: AlertStep[] = [];
  const facts = { site: 'test', district: '', subjects: new Map() };
  const hub = makeLiveHub(silentLogger);
  const recorder = hallRecorder({
    ...{ ledger, facts, hub, log: silentLogger },
    sinks: [],
    onStep: (step) => {
      steps.push(step);
      speech.onStep(step);
    },
  });
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* played(): AsyncGenerator<AudioItem> {
    yield* items;
    finish();
  }
  const speech = hallSpeech({
    ...{ config, engine, ledger, judge, recorder, clock: fakeClock(START), log: silentLogger },
    words: hallWords({ site: 'test', ledger, file: undefined, log: silentLogger }),
    evidenceFolder: folder,
    findings: () => new Set(),
    openSound: () => ({ source: { camera: cameraId('cam-r1'), items: played, close: async () => {} } }),
  });
  await done;
  await speech.close();
  for (let s = 0; s <= seconds; s += 1) {
    const at: EventMs = eventMs(START + s * 1000);
    recorder.keep(await judge.feed({ type: 'tick', camera: cameraId('cam-r1'), at }), at);
  }
  return { ledger, steps, folder, live: tracks.rooms[0]!.live() };
}

const list = [
  { word: '照顾一下', level: 'serious' },
  { word: '甲方意思', level: 'serious', allow: ['不得询问甲方意思'] },
  { word: '价', level: 'warning', context: { words: ['低', '高'], gap: 8 } },
];

describe('an evaluation with the replay engine', () => {
  const script = [
    says('评审纪律第一条，不得询问甲方意思。', 2, 6, 'S1'),
    says('这一家的评价标准比较高。', 8, 11, 'S2'),
    says('第二家请大家照顾一下。', 15, 18, 'S2'),
    says('第三家也招呼一下，赵固一下。', 66, 69, 'S2'),
  ];
  const run = () => listen(replayEngine(script), list, sound(120), 130);

  it('gives one incident a word and span, with time, level, tier, speaker and count', async () => {
    const { steps } = await run();
    const opened = steps.filter(({ step }) => step === 'open');
    expect(opened.map(({ detail }) => [detail?.word, detail?.variant, detail?.tier, detail?.speaker])).toEqual([
      ['照顾一下', '照顾一下', 'text', 'S2'],
      ['照顾一下', '赵固一下', 'pinyin', 'S2'],
    ]);
    expect(opened.map(({ priority, tier }) => [priority, tier])).toEqual(Array(2).fill(['high', 1]));
    const [first] = opened;
    expect(opened.every(({ start }) => Number.isInteger(start))).toBe(true);
    expect(first!.start).toBeGreaterThanOrEqual(START + 16_000);
    expect(first!.at).toBeLessThanOrEqual(START + 18_000);
  });

  it('keeps what was said before and after, and the clip of 10 s around, whole', async () => {
    const { steps, ledger, folder } = await run();
    const ended = steps.filter(({ step }) => step === 'ended');
    expect(ended).toHaveLength(2);
    expect(ended[0]!.detail).toMatchObject({ count: 1, before: expect.stringContaining('评价标准') });
    expect(ended[1]!.detail).toMatchObject({ before: expect.stringContaining('第三家也') });
    for (const { id, start, end } of ended) {
      const [clip] = ledger.snapshots.of(id);
      expect(clip).toMatchObject({ kind: 'sound', at: start - 10_000 });
      const wav = readFileSync(join(folder, clip!.path));
      expect(wav.subarray(0, 4).toString('latin1')).toBe('RIFF');
      expect((wav.length - 44) / 32).toBeCloseTo(end! - start + 20_000, -2);
    }
  });

  it('keeps the whole transcript with its times', async () => {
    const { ledger } = await run();
    const parts = ledger.transcripts.of(ROOM, eventMs(START), eventMs(START + 120_000));
    expect(parts.map(({ start, text }) => [(start - START) / 1000, text.slice(0, 4)])).toEqual([
      [2, '评审纪律'],
      [8, '这一家的'],
      [15, '第二家请'],
      [66, '第三家也'],
    ]);
  });
});

it('counts a word that is repeated within 30 s in one incident', async () => {
  const script = [says('照顾一下', 5, 6), says('照顾一下', 15, 16), says('照顾一下', 34, 35), says('照顾一下', 40, 41)];
  const { steps } = await listen(replayEngine(script), list, sound(100), 110);
  expect(steps.map(({ step, detail }) => [step, detail?.count])).toEqual([
    ['open', 1],
    ['ended', 3],
    ['open', 1],
    ['ended', 1],
  ]);
});

it('tells a candidate first and lifts it once the transcript confirms it', async () => {
  const script: SpeechEvent[] = [
    { type: 'candidate', word: '照顾一下', start: eventMs(5200), end: eventMs(6000), score: 1 },
    says('请大家照顾一下', 4, 6.2),
  ];
  const { steps } = await listen(replayEngine(script), list, sound(60), 70);
  expect(steps.map(({ step, tier, priority, detail }) => [step, tier, priority, detail?.tier])).toEqual([
    ['open', 0, 'normal', 'sound'],
    ['escalated', 1, 'high', 'text'],
    ['ended', 1, 'high', 'text'],
  ]);
  expect(steps.at(-1)!.detail?.count).toBe(1);
});

it('writes missing sound down as a gap and says so on the board', async () => {
  const { ledger, live } = await listen(replayEngine([]), list, sound(40, [10, 20]), 70);
  const parts = ledger.transcripts.of(ROOM, eventMs(START), eventMs(START + 60_000));
  expect(parts.map(({ kind, text, start, end }) => [kind, text, start - START, end - START])).toEqual([
    ['gap', 'no-sound', 10_000, 20_000],
  ]);
  expect(live).toMatchObject({ room: { speech: 'off', speechReason: 'no-sound' } });
});

it('never reads as silence where nobody listens', async () => {
  const { ledger, live, steps } = await listen(noneEngine('no-model'), list, sound(30), 30);
  expect(ledger.transcripts.of(ROOM, eventMs(START), eventMs(START + 60_000))).toMatchObject([
    { kind: 'gap', text: 'no-model', start: START, end: START + 30_000 },
  ]);
  expect(live).toMatchObject({ room: { speech: 'off', speechReason: 'no-model' } });
  expect(steps).toEqual([]);
});

it('keeps no file where nothing was said', async () => {
  const { folder } = await listen(replayEngine([]), list, sound(20), 20);
  expect(existsSync(join(folder, '2026-11-20'))).toBe(false);
});
