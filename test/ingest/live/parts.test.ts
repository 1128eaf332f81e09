import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { cameraId } from '../../../src/core/ids.js';
import type { SourceItem } from '../../../src/core/source.js';
import { eventMs } from '../../../src/core/time.js';
import { isSharedStall } from '../../../src/ingest/live/fleet.js';
import { isLowRate, learnGop, lookApartMs, modeFor } from '../../../src/ingest/live/gop.js';
import { doorOf, knockByTcp } from '../../../src/ingest/live/knock.js';
import { liveQueue } from '../../../src/ingest/live/liveQueue.js';
import { recorderClock } from '../../../src/ingest/live/recorderClock.js';
import { fakeClock } from '../../support/fakeClock.js';

const camera = cameraId('cam-1');
const tick = (at: number): SourceItem => ({ type: 'tick', camera, at: eventMs(at) });
const frame = (at: number): SourceItem => ({
  type: 'frame',
  frame: { camera, at: eventMs(at), width: 1, height: 1, rgb: new Uint8Array(3), keyframe: true },
});

describe('isSharedStall', () => {
  const seen = (...ms: number[]) => new Map(ms.map((at, i) => [cameraId(`cam-${i}`), at]));
  it.each([
    ['all silent since about the same time', seen(1000, 2000, 3000, 1500), true],
    ['one of four still gives pictures', seen(1000, 2000, 14_000, 1500), false],
    ['one of ten still gives pictures', seen(...Array(9).fill(1000), 14_000), true],
    ['two cameras prove nothing', seen(1000, 1000), false],
    ['all silent, but one after the other', seen(-60_000, -30_000, 0, 5000), false],
    ['none silent', seen(14_000, 14_500, 14_900), false],
  ])('%s', (_what, lastSeen, expected) => {
    expect(isSharedStall(lastSeen, 15_000, 9000)).toBe(expected);
  });
});

describe('liveQueue', () => {
  it('never holds two pictures, never loses a second, and ends', async () => {
    const kinds = fc.array(fc.boolean(), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(kinds, async (list) => {
        const queue = liveQueue();
        for (const [at, isFrame] of list.entries()) queue.push(isFrame ? frame(at) : tick(at));
        queue.end();
        const items: SourceItem[] = [];
        for await (const item of queue.items()) items.push(item);
        const frames = list.filter((isFrame) => isFrame).length;
        expect(items.filter((item) => item.type === 'tick')).toHaveLength(list.length - frames);
        expect(items.filter((item) => item.type === 'frame')).toHaveLength(Math.min(1, frames));
        expect(queue.dropped).toBe(Math.max(0, frames - 1));
      }),
    );
  });

  it('is bounded where nobody takes anything', () => {
    const queue = liveQueue();
    for (let at = 0; at < 10_000; at++) queue.push(tick(at));
    expect(queue.size).toBeLessThanOrEqual(3600);
  });
});

describe('key frames and looks', () => {
  it.each([
    [2, 'keyframes'],
    [3, 'keyframes'],
    [3.5, 'all because looks'],
    [4.5, 'all because long-gop'],
  ])('every %f s: %s', (intervalS, expected) => {
    const mode = modeFor(intervalS, { lookEveryMs: 2000, sparseKeyframesMs: 4000 });
    expect(mode.kind === 'all' ? `all because ${mode.because}` : mode.kind).toBe(expected);
  });

  it('looks never more than asked for, and never much less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 3000 }), (intervalMs) => {
        const gop = learnGop({ lookEveryMs: 2000 });
        const looked: number[] = [];
        for (let at = 0; at < 120_000; at += intervalMs) if (gop.take(at)) looked.push(at);
        const settled = looked.filter((at) => at > 5 * intervalMs + 4000);
        for (let i = 1; i < settled.length; i++) {
          const apart = settled[i]! - settled[i - 1]!;
          expect(apart).toBeLessThanOrEqual(Math.max(2100, intervalMs));
          expect(apart).toBeGreaterThanOrEqual(lookApartMs(2000, intervalMs));
        }
      }),
    );
  });

  it('learns nothing from pictures between which this machine dropped some', () => {
    const gop = learnGop({ lookEveryMs: 2000 });
    for (let i = 0; i < 4; i++) gop.take(i * 2000);
    for (let i = 0; i < 20; i++) gop.take(6000 + (i + 1) * 4000, true);
    expect(gop.intervalS).toBe(2);
  });

  it('calls twice the looking interval a low rate', () => {
    expect(isLowRate(3.9, 2000)).toBe(false);
    expect(isLowRate(4, 2000)).toBe(true);
  });
});

describe('doorOf', () => {
  it.each([
    ['rtsp://10.0.0.21/sub', { host: '10.0.0.21', port: 554 }],
    ['rtsp://10.0.0.21:8554/sub', { host: '10.0.0.21', port: 8554 }],
    ['https://camera.local/mjpeg', { host: 'camera.local', port: 443 }],
    ['rtsp://[fe80::1]:554/a', { host: 'fe80::1', port: 554 }],
    ['file:/tmp/a.mp4', undefined],
  ])('%s', (url, door) => {
    expect(doorOf(url)).toEqual(door);
  });
});

describe('knockByTcp', () => {
  it('tells an open door from a shut one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await knockByTcp({ host: '127.0.0.1', port }, systemClock)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await knockByTcp({ host: '127.0.0.1', port }, systemClock)).toBe(false);
  });
});

describe('recorderClock', () => {
  it('does not follow a wall clock that is set, but knows', async () => {
    const clock = fakeClock(1_000_000);
    const recorder = recorderClock(clock, 500);
    clock.step(-3_600_000);
    await clock.advance(2000);
    expect(recorder.now()).toBe(1_002_500);
    expect(recorder.steppedMs()).toBe(-3_600_000);
  });
});
