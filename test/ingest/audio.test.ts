import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { openAudio, openRecordedAudio } from '../../src/ingest/audio.js';
import type { Sound } from '../../src/ingest/ffmpeg/decoder.js';
import type { AudioItem } from '../../src/ingest/soundChunks.js';
import { testCamera, testIngest } from '../support/cameras.js';
import { ffmpeg, makeClip, temporaryFolder } from '../support/clips.js';
import { fakeClock } from '../support/fakeClock.js';
import { fakeDecoders } from '../support/fakeDecoder.js';

const folder = temporaryFolder();
const START = eventMs(Date.UTC(2026, 9, 8, 1));

const read = async (path: string): Promise<AudioItem[]> => {
  const items: AudioItem[] = [];
  for await (const item of openRecordedAudio(testCamera(), path, START, { clock: systemClock, log }).items())
    items.push(item);
  return items;
};

const samplesOf = (items: AudioItem[]): Float32Array =>
  Float32Array.from(items.flatMap((item) => (item.type === 'audio' ? [...item.chunk.samples] : [])));

describe('openRecordedAudio', () => {
  it.each([
    ['AAC in MP4', 'aac.mp4', [] as string[]],
    ['G.711 A-law in MKV', 'alaw.mkv', ['-c:a', 'pcm_alaw', '-ar', '8000']],
    ['G.711 µ-law in WAV', 'mulaw.wav', ['-c:a', 'pcm_mulaw', '-ar', '8000', '-vn']],
  ])('%s: a 440 Hz tone comes out as one', async (_what, name, more) => {
    const items = await read(makeClip(join(folder, name), { seconds: 2, audio: true, more }));
    const samples = samplesOf(items);
    expect(Math.abs(samples.length - 32_000)).toBeLessThan(2000);
    let crossings = 0;
    for (let i = 8001; i < 24_001; i++) if (samples[i - 1]! < 0 !== samples[i]! < 0) crossings += 1;
    expect(Math.abs(crossings - 880)).toBeLessThanOrEqual(4);
    expect(items[0]).toMatchObject({ type: 'audio', chunk: { at: START, sampleRate: 16_000 } });
    expect(items.at(-1)?.type).toBe('end');
    expect(items.some((item) => item.type === 'gap')).toBe(false);
  });

  it('refuses a video without sound', async () => {
    const path = makeClip(join(folder, 'mute.mp4'), { seconds: 1 });
    await expect(read(path)).rejects.toMatchObject({
      code: 'bad-input',
      message: `recording ${path}: no sound: no sound track`,
    });
  });

  it('finds the gap of a recording that was paused', async () => {
    const path = join(folder, 'paused.mkv');
    ffmpeg([
      '-f',
      'lavfi',
      '-i',
      'sine=sample_rate=16000',
      '-t',
      '6',
      '-af',
      "aselect='lt(t,2)+gt(t,4)'",
      '-c:a',
      'pcm_s16le',
      path,
    ]);
    const gaps = (await read(path)).filter((item) => item.type === 'gap');
    expect(gaps).toHaveLength(1);
    expect(Math.abs(gaps[0]!.to - gaps[0]!.from - 2000)).toBeLessThan(150);
  });
});

describe('openAudio', () => {
  it('tells whether anything is heard, and comes back', async () => {
    const clock = fakeClock(START);
    const decoders = fakeDecoders<Sound>();
    const deps = {
      clock,
      log,
      ingest: testIngest,
      startDecoder: decoders.start,
      random: () => 0.5,
      knock: async () => false,
    };
    const source = openAudio(testCamera(), deps);
    const items: AudioItem[] = [];
    const done = (async () => {
      for await (const item of source.items()) items.push(item);
    })();
    await clock.advance(100);
    decoders.last().say("Stream map '0:a:0' matches no streams.");
    decoders.last().end({ code: 1 });
    await clock.advance(1100);
    expect(decoders.sessions).toHaveLength(2);
    for (let i = 0; i < 20; i++) {
      decoders.last().give({ ptsMs: i * 100, samples: new Float32Array(1600) });
      await clock.advance(100);
    }
    decoders.last().end();
    await clock.advance(5000);
    for (let i = 0; i < 20; i++) {
      decoders.last().give({ ptsMs: i * 100, samples: new Float32Array(1600) });
      await clock.advance(100);
    }
    await source.close();
    await done;
    const states = items.flatMap((item) => (item.type === 'state' ? [`${item.listening} ${item.reason ?? ''}`] : []));
    expect(states).toEqual(['false no sound track', 'true ', 'false the stream ended', 'true ']);
    const gaps = items.filter((item) => item.type === 'gap');
    expect(gaps).toHaveLength(1);
    expect(Math.abs(gaps[0]!.to - gaps[0]!.from - 5000)).toBeLessThan(500);
    expect(clock.pending).toBe(0);
  });
});
