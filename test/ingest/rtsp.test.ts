import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../src/core/clock.js';
import { makeLogger } from '../../src/core/log.js';
import type { CameraSource, SourceItem } from '../../src/core/source.js';
import { openAudio } from '../../src/ingest/audio.js';
import { runningFfmpegCount, startFfmpeg, stopAllFfmpeg } from '../../src/ingest/ffmpeg/ffmpegProcess.js';
import { type KeyframeHub, keyframeHub } from '../../src/ingest/live/keyframeHub.js';
import { type CameraDeps, openCamera } from '../../src/ingest/openCamera.js';
import { probeFacts } from '../../src/ingest/probe.js';
import type { AudioItem } from '../../src/ingest/soundChunks.js';
import { testCamera } from '../support/cameras.js';
import { makeClip, temporaryFolder } from '../support/clips.js';
import { hasRtspServer, rtspServer } from '../support/rtspServer.js';

const folder = temporaryFolder();
const possible = hasRtspServer();
/** Umlauts, Chinese, and every character that means something in an address or a playlist. */
const credentials = { user: '管理员', password: "p@ss'w:/?#%ö密码" };
const logged: string[] = [];
const log = makeLogger({ level: 'debug', write: (line) => logged.push(line) });
const ingest = { offlineAfter: 2000, sparseKeyframes: 4000 };
const opened: Array<{ close(): Promise<void> }> = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
  await stopAllFfmpeg();
});

let keyframes: KeyframeHub | undefined;
const camera = (url: string, deps: Partial<CameraDeps> = {}): CameraSource => {
  const settings = testCamera({ source: url, lookEvery: 1000 });
  const source = openCamera(settings, { clock, log, ingest, keyframes, credentials: () => credentials, ...deps });
  opened.push(source);
  return source;
};

/** Takes items until one fits; gives all that came. The test's own time limit is the only clock. */
const until = async <T>(items: AsyncIterator<T>, fits: (item: T, soFar: T[]) => boolean): Promise<T[]> => {
  const taken: T[] = [];
  for (;;) {
    const { done, value } = await items.next();
    if (done) return taken;
    taken.push(value);
    if (fits(value, taken)) return taken;
  }
};
const frames = (count: number) => (_item: SourceItem, soFar: SourceItem[]) =>
  soFar.filter((item) => item.type === 'frame').length >= count;
const isHealth = (finding: string, state: string) => (item: SourceItem) =>
  item.type === 'health' && item.event.finding === finding && item.event.state === state;
const iterate = <T>(source: { items(): AsyncIterable<T> }): AsyncIterator<T> => source.items()[Symbol.asyncIterator]();

/** Every argument of every process on this machine. */
const argumentsOfAll = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

const clip = (codec: 'libx264' | 'libx265') =>
  makeClip(join(folder, `${codec}.mp4`), { seconds: 4, fps: 10, size: '320x240', gop: 10, codec });

describe.skipIf(!possible).each([
  ['a decoder for each camera', () => undefined],
  ['shared decoders', () => keyframeHub({ start: startFfmpeg, clock, log })],
])('a real RTSP server, %s', (_how, makeHub) => {
  beforeEach(() => {
    keyframes = makeHub();
  });

  it.each([
    ['H.264', 'libx264' as const],
    ['H.265', 'libx265' as const],
  ])('%s behind a password: pictures in order, the password nowhere', async (_what, codec) => {
    const server = await rtspServer({ mounts: [{ path: '/cam', file: clip(codec) }], credentials });
    opened.push({ close: server.stop });
    const items = await until(iterate(camera(server.url('/cam'))), frames(3));
    const pictures = items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
    expect(pictures[0]).toMatchObject({ width: 320, height: 240, camera: 'cam-1' });
    for (let i = 1; i < pictures.length; i++) expect(pictures[i]!.at).toBeGreaterThan(pictures[i - 1]!.at);
    const secrets = [credentials.password, encodeURIComponent(credentials.password)];
    for (const secret of secrets) {
      expect(argumentsOfAll()).not.toContain(secret);
      expect(logged.join('\n')).not.toContain(secret);
      expect(JSON.stringify(items.filter((item) => item.type !== 'frame'))).not.toContain(secret);
    }
  });

  it('that is killed and comes back on the same port', async () => {
    const mounts = [{ path: '/cam', file: clip('libx264') }];
    const first = await rtspServer({ mounts, credentials });
    const source = camera(first.url('/cam'));
    const items = iterate(source);
    await until(items, frames(2));
    process.kill(first.pid, 'SIGKILL');
    const lost = await until(items, isHealth('offline', 'raised'));
    expect(lost.some((item) => item.type === 'tick')).toBe(true);
    await first.stop();
    const second = await rtspServer({ mounts, credentials, port: first.port });
    opened.push({ close: second.stop });
    const back = await until(items, frames(2));
    expect(back.some(isHealth('offline', 'cleared'))).toBe(true);
    const times = [...lost, ...back].flatMap((item) => (item.type === 'tick' ? [item.at] : []));
    for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBe(1000);
    expect(source.stats().reconnects).toBeGreaterThan(0);
  });

  it('that refuses the password', async () => {
    const server = await rtspServer({ mounts: [{ path: '/cam', file: clip('libx264') }], credentials });
    opened.push({ close: server.stop });
    const wrong = { user: credentials.user, password: 'wrong-密码-1' };
    const items = await until(
      iterate(camera(server.url('/cam'), { credentials: () => wrong })),
      isHealth('auth-failed', 'raised'),
    );
    const last = items.at(-1);
    expect(last?.type === 'health' ? last.event.detail : '').toContain('401');
    expect(JSON.stringify(last)).not.toContain(wrong.password);
  });

  it('with sound: AAC and G.711 are heard', async () => {
    const file = clip('libx264');
    const mounts = (['aac', 'pcma'] as const).map((audio) => ({ path: `/${audio}`, file, audio }));
    const server = await rtspServer({ mounts, credentials });
    opened.push({ close: server.stop });
    for (const { path } of mounts) {
      const source = openAudio(testCamera({ source: server.url(path) }), {
        clock,
        log,
        ingest,
        credentials: () => credentials,
      });
      opened.push(source);
      const enough = (_item: AudioItem, soFar: AudioItem[]) =>
        soFar.filter((item) => item.type === 'audio').length >= 5;
      const items = await until(iterate(source), enough);
      const chunks = items.flatMap((item) => (item.type === 'audio' ? [item.chunk] : []));
      expect(chunks[0]).toMatchObject({ sampleRate: 16_000 });
      expect(Math.max(...chunks.flatMap((chunk) => [...chunk.samples]))).toBeGreaterThan(0.05);
      await source.close();
    }
  });

  it('is probed', async () => {
    const server = await rtspServer({ mounts: [{ path: '/cam', file: clip('libx264') }], credentials });
    opened.push({ close: server.stop });
    const input = { kind: 'network' as const, url: server.url('/cam'), credentials, timeoutMs: 5000 };
    const facts = await probeFacts(input, 'camera cam-1', { clock, log });
    expect(facts).toMatchObject({ video: { codec: 'h264', width: 320, height: 240 }, durationS: undefined });
  });

  it('leaves no process behind', async () => {
    const server = await rtspServer({ mounts: [{ path: '/cam', file: clip('libx264') }] });
    const source = camera(server.url('/cam'));
    await until(iterate(source), frames(1));
    await source.close();
    await server.stop();
    expect(runningFfmpegCount()).toBe(0);
  });
});
