import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { loadConfig } from '../../../src/core/config/load.js';
import { sha256 } from '../../../src/core/hash.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SourceItem } from '../../../src/core/source.js';
import { eventMs, plusMs } from '../../../src/core/time.js';
import { runningFfmpegCount } from '../../../src/ingest/ffmpeg/ffmpegProcess.js';
import { openScene } from '../../../src/ingest/simulator/openScene.js';
import { createPacer, type Pacer } from '../../../src/ingest/simulator/pacer.js';
import { findScene } from '../../../src/ingest/simulator/scenes.js';
import { createSimulator } from '../../../src/ingest/simulator/simulator.js';
import { openStage } from '../../../src/ingest/simulator/stage.js';
import { fakeClock } from '../../support/fakeClock.js';

const MINUTE = 60_000;
const PIECE = 20_000;
const config = loadConfig('config/simulated-hall.yaml', {});
const camera = (id: string) => config.cameras.find((one) => one.id === id)!;
const unpaced: Pacer = { ...createPacer({ clock: systemClock, startAt: eventMs(0) }), reach: async () => undefined };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallwatch-simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const START = eventMs(Date.UTC(2026, 9, 8, 1, 0, 0));

/** `offsetMs`: where in the loop the source begins. */
function open(id: string, offsetMs: number, pieceMs: number) {
  return openScene(camera(id), {
    scene: findScene(camera(id).source.slice(4)),
    startAt: START,
    anchorAt: plusMs(START, -offsetMs),
    pacer: unpaced,
    folder,
    clock: systemClock,
    log: silentLogger,
    ingest: config.ingest,
    pieceMs,
  });
}

async function take(id: string, offsetMs: number, untilMs: number, pieceMs = PIECE): Promise<SourceItem[]> {
  const source = open(id, offsetMs, pieceMs);
  const items: SourceItem[] = [];
  for await (const item of source.items()) {
    items.push(item);
    if (item.type === 'tick' && item.at >= START + untilMs) break;
  }
  await source.close();
  await source.close();
  return items;
}

/** Process ids of our own ffmpeg children. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number).filter(isFfmpeg);
const isFfmpeg = (pid: number): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'ffmpeg';

const framesOf = (items: SourceItem[]) => items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));

describe('a simulated scene, encoded and read back', () => {
  it('gives a key frame every 2 s and a tick every second, in order, across the joint of two pieces', async () => {
    const items = await take('cam-hall-1', 0, PIECE + 6000);
    const expected: string[] = [];
    for (let ms = 0; ms <= PIECE + 6000; ms += 1000) {
      if (ms % 2000 === 0) expected.push(`frame ${ms}`);
      expected.push(`tick ${ms}`);
    }
    const seen = items.map((item) => {
      if (item.type === 'frame') return `frame ${item.frame.at - START}`;
      return item.type === 'tick' ? `tick ${item.at - START}` : item.type;
    });
    expect(seen).toEqual(expected);
    expect(framesOf(items).every((frame) => frame.keyframe && frame.width === 640 && frame.height === 360)).toBe(true);
  });

  it('shows what was painted, up to what encoding costs', async () => {
    const offsetMs = 12 * MINUTE;
    const [frame] = framesOf(await take('cam-hall-1', offsetMs, 2000));
    const painted = (await openStage(findScene('hall-1'))).paint(offsetMs);
    const difference = painted.reduce((sum, value, i) => sum + Math.abs(value - frame!.rgb[i]!), 0) / painted.length;
    expect(difference).toBeLessThan(6);
  });

  it('gives the same pictures on every run', async () => {
    const hashes = async () => framesOf(await take('cam-room-1', 8 * MINUTE, 4000)).map((frame) => sha256(frame.rgb));
    const first = await hashes();
    expect(first).toHaveLength(3);
    expect(await hashes()).toEqual(first);
  });

  it('reports a covered lens within 30 s and its end, through the same health as any camera', async () => {
    const items = await take('cam-hall-2', 10 * MINUTE, 5 * MINUTE, 100_000);
    const events = items.flatMap((item) => (item.type === 'health' ? [item.event] : []));
    expect(events.map((event) => [event.finding, event.state])).toEqual([
      ['covered', 'raised'],
      ['covered', 'cleared'],
    ]);
    expect(events[0]!.at - START).toBeGreaterThanOrEqual(MINUTE);
    expect(events[0]!.at - START).toBeLessThanOrEqual(MINUTE + 30_000);
    expect(events[1]!.at - START).toBeGreaterThanOrEqual(4 * MINUTE);
    expect(events[1]!.at - START).toBeLessThanOrEqual(4 * MINUTE + 30_000);
  });

  it('leaves neither files nor processes behind, and replaces what a killed run left', async () => {
    writeFileSync(join(folder, 'cam-hall-1-0.mp4'), 'half a file');
    expect(framesOf(await take('cam-hall-1', 0, 2000))).not.toHaveLength(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(runningFfmpegCount()).toBe(0);
  });

  it('plays the rest of a piece whose decoder was killed, without a gap', async () => {
    const source = open('cam-hall-1', 0, PIECE);
    const frames: number[] = [];
    for await (const item of source.items()) {
      if (item.type !== 'frame') continue;
      frames.push(item.frame.at - START);
      if (frames.length === 2) for (const pid of childrenOf(process.pid)) process.kill(pid, 'SIGKILL');
      if (frames.length === 12) break;
    }
    await source.close();
    expect(frames).toEqual(Array.from({ length: 12 }, (_, i) => i * 2000));
  });

  it('says so where the folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const source = openScene(camera('cam-hall-1'), {
      scene: findScene('hall-1'),
      startAt: START,
      anchorAt: START,
      pacer: unpaced,
      folder: join(folder, 'file', 'below'),
      clock: systemClock,
      log: silentLogger,
      ingest: config.ingest,
    });
    await expect(source.items()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'storage' });
    await source.close();
  });
});

describe('a simulated hall', () => {
  const options = { log: silentLogger, ingest: config.ingest };

  it('begins 40 minutes before now, at the beginning of its script', () => {
    const clock = fakeClock(START);
    const hall = createSimulator({ ...options, clock, folder });
    expect(hall.startAt).toBe(START - 40 * MINUTE);
    expect(hall.truth('hall-1', plusMs(hall.startAt, 31_000)).windows[0]).toMatchObject({ id: 'A01', staff: 0 });
  });

  it('goes on where it stopped after a restart, in event time and in its script', () => {
    createSimulator({ ...options, clock: fakeClock(START), folder });
    const lastEventAt = plusMs(START, 61_001);
    const again = createSimulator({ ...options, clock: fakeClock(START + 3 * MINUTE), folder, lastEventAt });
    expect(again.startAt).toBe(START + 62_000);
    // The loop is 40 minutes long, so at START it begins anew, and A01 leaves after 30 s.
    expect(again.truth('hall-1', again.startAt).windows[0]).toMatchObject({ id: 'A01', staff: 0 });
    expect(again.truth('hall-1', plusMs(START, 29_000)).windows[0]).toMatchObject({ id: 'A01', staff: 1 });
  });

  it('skips what is older than 40 minutes after a long rest', () => {
    const clock = fakeClock(START + 600 * MINUTE);
    const again = createSimulator({ ...options, clock, folder, lastEventAt: START });
    expect(again.startAt).toBe(START + 560 * MINUTE);
  });

  it('refuses a scene that does not exist', () => {
    const hall = createSimulator({ ...options, clock: fakeClock(START), folder });
    expect(() => hall.open({ ...camera('cam-hall-1'), source: 'sim:hall-9' })).toThrow('no such scene');
  });
});
