import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import type { CameraConfig } from '../../src/core/config/schema.js';
import { silentLogger as log } from '../../src/core/log.js';
import type { SourceItem } from '../../src/core/source.js';
import { eventMs } from '../../src/core/time.js';
import { runningFfmpegCount } from '../../src/ingest/ffmpeg/ffmpegProcess.js';
import { openRecording } from '../../src/ingest/openRecording.js';
import { testCamera, testIngest } from '../support/cameras.js';
import { ffmpeg, makeClip, temporaryFolder } from '../support/clips.js';
import { sharedPath } from '../support/shared.js';

const folder = temporaryFolder();
const START = eventMs(Date.UTC(2026, 9, 8, 1));
const at = (name: string): string => join(folder, name);

const open = (path: string, camera: Partial<CameraConfig> = {}, startAt = START) =>
  openRecording(testCamera(camera), path, startAt, { clock: systemClock, log, ingest: testIngest });

const read = async (path: string, camera: Partial<CameraConfig> = {}, startAt = START): Promise<SourceItem[]> => {
  const items: SourceItem[] = [];
  for await (const item of open(path, camera, startAt).items()) items.push(item);
  return items;
};

const frameTimes = (items: SourceItem[]): number[] =>
  items.flatMap((item) => (item.type === 'frame' ? [item.frame.at - START] : []));
const tickTimes = (items: SourceItem[]): number[] =>
  items.flatMap((item) => (item.type === 'tick' ? [item.at - START] : []));
const end = (items: SourceItem[]) => {
  const last = items.at(-1);
  return last?.type === 'end' ? { ms: last.at - START, truncated: last.truncated } : undefined;
};
const timeOf = (item: SourceItem): number =>
  item.type === 'frame'
    ? item.frame.at
    : item.type === 'health'
      ? item.event.at
      : item.type === 'audio'
        ? item.chunk.at
        : item.at;
const digest = (items: SourceItem[]): string => {
  const hash = createHash('sha256');
  for (const item of items) {
    hash.update(JSON.stringify(item.type === 'frame' ? { ...item.frame, rgb: null } : item));
    if (item.type === 'frame') hash.update(item.frame.rgb);
  }
  return hash.digest('hex');
};

describe('openRecording', () => {
  it('gives pictures when they are due, each second in between, and the end', async () => {
    const items = await read(makeClip(at('plain.mp4'), { seconds: 6, gop: 500 }));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
    expect(tickTimes(items)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000]);
    expect(end(items)).toEqual({ ms: 6000, truncated: false });
    expect(items.map(timeOf)).toEqual(items.map(timeOf).sort((a, b) => a - b));
    expect(items[0]?.type).toBe('frame');
  });

  it('reads key frames only where they come often enough, with the same result', async () => {
    const items = await read(makeClip(at('gop.mp4'), { seconds: 6, gop: 10 }));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
    expect(items.flatMap((item) => (item.type === 'frame' ? [item.frame.keyframe] : []))).toEqual([true, true, true]);
  });

  it.each([
    ['B-frames', 'b.mp4', { bFrames: 3, gop: 12 }],
    ['B-frames and few key frames', 'b2.mp4', { bFrames: 2, gop: 400 }],
    ['time stamps that begin at 100 s', 'late.ts', { more: ['-output_ts_offset', '100'] }],
    ['time stamps that come round', 'wrap.ts', { more: ['-output_ts_offset', '95440'], bFrames: 2 }],
    ['H.265', 'h265.mp4', { codec: 'libx265' as const }],
    ['sound beside it', 'sound.mp4', { audio: true }],
  ])('is right with %s', async (_what, name, options) => {
    const items = await read(makeClip(at(name), { seconds: 6, ...options }));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
    expect(Math.abs(end(items)!.ms - 6000)).toBeLessThanOrEqual(100);
    expect(end(items)?.truncated).toBe(false);
  });

  it('begins where a clip begins that was cut without encoding it anew', async () => {
    const whole = makeClip(at('whole.mp4'), { seconds: 8, gop: 30 });
    ffmpeg(['-ss', '1.5', '-i', whole, '-t', '6', '-c', 'copy', at('cut-copy.mp4')]);
    const items = await read(at('cut-copy.mp4'));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
    expect(Math.abs(end(items)!.ms - 6000)).toBeLessThanOrEqual(100);
  });

  it('goes on where two recordings are joined and time stamps begin anew', async () => {
    const part = readFileSync(makeClip(at('part.ts'), { seconds: 5, gop: 20 }));
    writeFileSync(at('joined.ts'), Buffer.concat([part, part]));
    const items = await read(at('joined.ts'));
    expect(frameTimes(items)).toEqual([0, 2000, 4000, 6000, 8000]);
    expect(Math.abs(end(items)!.ms - 10_000)).toBeLessThanOrEqual(2000);
  });

  it('follows time stamps, not a frame rate, where there is none', async () => {
    const uneven = ['-vf', "select='not(mod(n,7))+not(mod(n,5))',settb=1/1000", '-fps_mode', 'vfr'];
    const items = await read(makeClip(at('uneven.mkv'), { seconds: 6, more: uneven }));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
  });

  it('reads a bare stream without time stamps', async () => {
    const items = await read(makeClip(at('bare.h264'), { seconds: 6, fps: 25, gop: 25 }));
    expect(frameTimes(items)).toEqual([0, 2000, 4000]);
  });

  it('looks as often as asked', async () => {
    const items = await read(makeClip(at('often.mp4'), { seconds: 3, gop: 10 }), { lookEvery: 500 });
    expect(frameTimes(items)).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('begins its seconds at whole seconds of event time', async () => {
    const items = await read(at('often.mp4'), {}, eventMs(START + 300));
    expect(tickTimes(items)).toEqual([1000, 2000, 3000]);
    expect(frameTimes(items)).toEqual([300, 2300]);
  });

  it('gives frames of the analysis size', async () => {
    const clip = makeClip(at('size.mp4'), { seconds: 1, size: '800x450' });
    const [frame] = (await read(clip, { analysisWidth: 320 })).flatMap((item) =>
      item.type === 'frame' ? [item.frame] : [],
    );
    expect(frame).toMatchObject({ width: 320, height: 180, camera: 'cam-1' });
    expect(frame?.rgb).toHaveLength(320 * 180 * 3);
  });

  it('is the same on every run', async () => {
    const clip = makeClip(at('same.mp4'), { seconds: 6, gop: 400, bFrames: 2 });
    expect(digest(await read(clip))).toBe(digest(await read(clip)));
  });

  it('waits for the one who takes its items, and drops none', async () => {
    const times: number[] = [];
    for await (const item of open(at('same.mp4'), { lookEvery: 100 }).items()) {
      if (item.type !== 'frame') continue;
      times.push(item.frame.at - START);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(times).toHaveLength(60);
  });

  it('keeps the picture whole where the stream changes its size', async () => {
    makeClip(at('s1.ts'), { seconds: 4, size: '320x240' });
    makeClip(at('s2.ts'), { seconds: 4, size: '160x120', more: ['-output_ts_offset', '4'] });
    writeFileSync(at('both.ts'), Buffer.concat([readFileSync(at('s1.ts')), readFileSync(at('s2.ts'))]));
    const items = await read(at('both.ts'), { lookEvery: 1000 });
    const sizes = items.flatMap((item) => (item.type === 'frame' ? [`${item.frame.width}x${item.frame.height}`] : []));
    expect(new Set(sizes)).toEqual(new Set(['320x240']));
    expect(sizes.length).toBeGreaterThanOrEqual(8);
  });
});

describe('a recording that broke off', () => {
  const half = (name: string, from: string): string => {
    const bytes = readFileSync(from);
    writeFileSync(at(name), bytes.subarray(0, Math.floor(bytes.length / 2)));
    return at(name);
  };

  it.each([
    ['MP4', 'cut.mp4', { more: ['-movflags', '+faststart'] }],
    ['MKV', 'cut.mkv', {}],
  ])('%s: ends with truncated', async (_what, name, options) => {
    const items = await read(half(name, makeClip(at(`whole-${name}`), { seconds: 20, ...options })));
    expect(end(items)?.truncated).toBe(true);
    expect(end(items)?.ms).toBeLessThan(16_000);
    expect(frameTimes(items).length).toBeGreaterThan(2);
  });

  it('says that the index is missing', async () => {
    const path = half('no-index.mp4', makeClip(at('index.mp4'), { seconds: 20 }));
    await expect(read(path)).rejects.toMatchObject({
      code: 'bad-input',
      message: `recording ${path}: cannot be read as video: its index (moov) is missing: the recording broke off`,
    });
  });

  it('survives damage in the middle, leaves damaged pictures out, the same on every run', async () => {
    const clean = makeClip(at('clean.mkv'), { seconds: 20, gop: 10, size: '320x240' });
    const bytes = readFileSync(clean);
    for (let i = 0; i < 20; i++) {
      const from = Math.floor(bytes.length * (0.2 + 0.035 * i));
      bytes.fill(0xa5, from, from + 60);
    }
    writeFileSync(at('damaged.mkv'), bytes);
    const items = await read(at('damaged.mkv'), { lookEvery: 1000 });
    expect(frameTimes(items).length).toBeGreaterThan(3);
    expect(frameTimes(items).length).toBeLessThan(20);
    expect(end(items)).toBeDefined();
    expect(digest(items)).toBe(digest(await read(at('damaged.mkv'), { lookEvery: 1000 })));
  });
});

describe('a file that is no video', () => {
  it.each([
    ['noise', 'noise.mp4', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))],
    ['text', 'text.txt', Buffer.from('hello, world\n'.repeat(50))],
    ['nothing', 'empty.mp4', Buffer.alloc(0)],
  ])('%s: names the file and the reason', async (_what, name, bytes) => {
    writeFileSync(at(name), bytes);
    await expect(read(at(name))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(`recording ${at(name)}: cannot be read as video: `),
    });
  });

  it('a picture is no video', async () => {
    ffmpeg(['-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1', at('picture.png')]);
    await expect(read(at('picture.png'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('sound is no video', async () => {
    ffmpeg(['-f', 'lavfi', '-i', 'sine', '-t', '1', at('sound.wav')]);
    await expect(read(at('sound.wav'))).rejects.toMatchObject({
      code: 'bad-input',
      message: `recording ${at('sound.wav')}: no video stream inside`,
    });
  });

  it('a file that is not there', async () => {
    await expect(read(at('missing.mp4'))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('No such file'),
    });
  });
});

describe('closing', () => {
  it('ends the decoder in the middle', async () => {
    const source = open(makeClip(at('long.mp4'), { seconds: 30, gop: 400 }), { lookEvery: 100 });
    for await (const item of source.items()) if (item.type === 'frame') break;
    await source.close();
    expect(runningFfmpegCount()).toBe(0);
  });

  it('ends the items when the signal fires', async () => {
    const stop = new AbortController();
    const deps = { clock: systemClock, log, ingest: testIngest, signal: stop.signal };
    const items: SourceItem[] = [];
    for await (const item of openRecording(testCamera({ lookEvery: 100 }), at('long.mp4'), START, deps).items()) {
      items.push(item);
      if (items.length === 5) stop.abort();
    }
    expect(items.length).toBeLessThan(15);
    expect(items.some((item) => item.type === 'end')).toBe(false);
  });
});

describe('real footage', () => {
  it('of 24 minutes at two pictures a second gives every due picture and second', async () => {
    const path = sharedPath('footage/video/composed_absence_office.mp4');
    if (!path) return;
    const items = await read(path);
    expect(frameTimes(items)).toEqual(Array.from({ length: 715 }, (_, i) => i * 2000));
    expect(tickTimes(items)).toHaveLength(1431);
    expect(end(items)).toEqual({ ms: 1_430_000, truncated: false });
  });

  it('of six seconds at 24 pictures a second gives three looks', async () => {
    const path = sharedPath('footage/video/coverr_cafe_counter.mp4');
    if (path) expect(frameTimes(await read(path))).toEqual([0, 2000, 4000]);
  });
});
