import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraId, roomId } from '../../../src/core/ids.js';
import type { SpeechEngine, SpeechEvent } from '../../../src/core/speech.js';
import { eventMs } from '../../../src/core/time.js';
import { builtinEngine } from '../../../src/detectors/speech/builtin.js';
import { openUnitNetwork, type UnitNetwork } from '../../../src/detectors/speech/network.js';
import { noneEngine } from '../../../src/detectors/speech/none.js';
import { replayEngine } from '../../../src/detectors/speech/replay.js';
import { sharedPath } from '../../support/shared.js';
import { readWav } from './wav.js';

const START = 1_000_000;
const keywords = [
  { word: '甲方意思', syllables: ['jia', 'fang', 'yi', 'si'] },
  { word: '我们公司', syllables: ['wo', 'men', 'gong', 'si'] },
];
let network: UnitNetwork;
beforeAll(async () => {
  network = await openUnitNetwork();
});
afterAll(() => network.close());

/** Writes sound in chunks of 0.2 s and gives what the engine said; `startsMs` moves the start of each part. */
async function eventsOf(engine: SpeechEngine, parts: { samples: Float32Array; startMs: number }[]) {
  const stream = engine.open(roomId('r1'), { keywords });
  for (const { samples, startMs } of parts) {
    for (let from = 0; from < samples.length; from += 3200) {
      const at = eventMs(startMs + from / 16);
      stream.write({ camera: cameraId('c'), at, sampleRate: 16000, samples: samples.slice(from, from + 3200) });
    }
  }
  await stream.close();
  await stream.close();
  const events: SpeechEvent[] = [];
  for await (const event of stream.events()) events.push(event);
  return events;
}

const silence = new Float32Array(16000 * 2);

describe.each([
  ['builtin', () => builtinEngine(network)],
  ['none', () => noneEngine()],
  ['replay', () => replayEngine([{ type: 'segment', start: eventMs(200), end: eventMs(900), text: '打高分' }])],
])('speech engine %s', (name, make) => {
  it('has its name, ends its events on close and says whether it listens', async () => {
    const engine = make();
    const events = await eventsOf(engine, [{ samples: silence, startMs: START }]);
    expect(engine.name).toBe(name);
    expect(engine.health().listening === true || engine.health().reason !== undefined).toBe(true);
    for (const event of events) {
      expect(event.start).toBeGreaterThanOrEqual(START);
      expect(event.end).toBeLessThanOrEqual(START + 2000);
      expect(event.start).toBeLessThanOrEqual(event.end);
    }
    await engine.close();
  });

  it('says nothing where it was given nothing', async () => {
    expect(await eventsOf(make(), [])).toEqual([]);
  });
});

describe('the builtin engine', () => {
  const file = sharedPath('speech/espeak/e04-base.wav');

  it('calls itself a demonstration', () => {
    expect(builtinEngine(network).health()).toEqual({ listening: true, reason: 'demo-model' });
  });

  it.runIf(file)('hears the listed word where it is said, and no other', async () => {
    const speech = readWav(file!);
    const padded = new Float32Array(speech.length + 64000);
    padded.set(speech, 32000);
    const events = await eventsOf(builtinEngine(network), [{ samples: padded, startMs: START }]);
    const [candidate, ...others] = events.filter((event) => event.type === 'candidate');
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({ word: '甲方意思' });
    expect(candidate!.start).toBeGreaterThan(START + 2100);
    expect(candidate!.end).toBeLessThan(START + 3600);
    const segments = events.filter((event) => event.type === 'segment');
    expect(segments).toHaveLength(1);
    expect(segments[0]!.text).toMatch(/^[a-z ]+$/);
  });

  it.runIf(file)('says a word once that stands where a long speech is cut', async () => {
    const speech = readWav(file!);
    const long = new Float32Array(speech.length * 8);
    for (let i = 0; i < 8; i += 1) long.set(speech, i * speech.length);
    // No pause between the sentences: voices without a pause are cut every 12 s.
    const events = await eventsOf(builtinEngine(network), [{ samples: long, startMs: START }]);
    const starts = events.flatMap((event) => (event.type === 'candidate' ? [event.start] : []));
    expect(starts.length).toBeGreaterThanOrEqual(6);
    starts.slice(1).forEach((start, i) => {
      expect(start - starts[i]!).toBeGreaterThan(1500);
    });
  });

  it('hears no words in a steady noise once it knows it', async () => {
    let seed = 1;
    const noise = Float32Array.from({ length: 16000 * 12 }, () => {
      seed = (seed * 16807) % 2147483647;
      return (seed / 2147483647 - 0.5) * 0.1;
    });
    const events = await eventsOf(builtinEngine(network), [{ samples: noise, startMs: START }]);
    expect(events.filter((event) => event.type === 'candidate')).toEqual([]);
    for (const event of events) expect(event.start).toBeLessThan(START + 6000);
  });

  it('records missing sound as a gap', async () => {
    const parts = [
      { samples: silence, startMs: START },
      { samples: silence, startMs: START + 5000 },
    ];
    expect(await eventsOf(builtinEngine(network), parts)).toEqual([
      { type: 'gap', start: START + 2000, end: START + 5000, reason: 'no-sound' },
    ]);
  });

  it('tells of a failing network as a gap and goes on', async () => {
    const loud = Float32Array.from({ length: 16000 }, (_, i) => Math.sin(i / 5) / 2);
    const broken = { ...network, listen: () => Promise.reject(new Error('torn')) };
    const [gap, ...others] = await eventsOf(builtinEngine(broken), [{ samples: loud, startMs: START }]);
    expect(gap).toMatchObject({ type: 'gap', reason: 'engine-failed' });
    expect(others).toEqual([]);
  });

  it('refuses another rate', () => {
    const stream = builtinEngine(network).open(roomId('r1'), { keywords });
    const chunk = { camera: cameraId('c'), at: eventMs(0), sampleRate: 8000, samples: silence };
    expect(() => stream.write(chunk)).toThrow(/8000 Hz/);
  });
});

describe('the other engines', () => {
  it('none: all sound is one gap with its reason', async () => {
    expect(await eventsOf(noneEngine('no-model'), [{ samples: silence, startMs: START }])).toEqual([
      { type: 'gap', start: START, end: START + 2000, reason: 'no-model' },
    ]);
  });

  it('replay: says its script once the sound is there', async () => {
    const script: SpeechEvent[] = [
      { type: 'candidate', word: '打高分', start: eventMs(2500), end: eventMs(3000), score: 0 },
      { type: 'segment', start: eventMs(200), end: eventMs(900), text: '打高分' },
    ];
    expect(await eventsOf(replayEngine(script), [{ samples: silence, startMs: START }])).toEqual([
      { type: 'segment', start: START + 200, end: START + 900, text: '打高分' },
    ]);
  });
});
