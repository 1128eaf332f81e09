import { afterEach, describe, expect, it } from 'vitest';
import type { CameraConfig } from '../../src/core/config/schema.js';
import { AppError } from '../../src/core/errors.js';
import { silentLogger as log } from '../../src/core/log.js';
import type { CameraSource, SourceItem } from '../../src/core/source.js';
import { eventMs } from '../../src/core/time.js';
import type { Picture } from '../../src/ingest/ffmpeg/decoder.js';
import { createFleet, type Fleet } from '../../src/ingest/live/fleet.js';
import { recorderClock } from '../../src/ingest/live/recorderClock.js';
import { type CameraDeps, openCamera } from '../../src/ingest/openCamera.js';
import { testCamera, testIngest } from '../support/cameras.js';
import { type FakeClock, fakeClock } from '../support/fakeClock.js';
import { fakeDecoders } from '../support/fakeDecoder.js';

const START = Date.UTC(2026, 9, 8, 1);
const opened: CameraSource[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

const picture = (ptsMs: number, width = 4, height = 2): Picture => ({
  ptsMs,
  width,
  height,
  rgb: new Uint8Array(width * height * 3).fill(100),
});

interface Watched {
  clock: FakeClock;
  source: CameraSource;
  items: SourceItem[];
  decoders: ReturnType<typeof fakeDecoders<Picture>>;
  error: () => unknown;
  /** Lets the camera run: a picture every `everyMs`, its time stamp that of the clock. */
  stream(ms: number, everyMs?: number): Promise<void>;
  health(): string[];
}

const watch = async (settings: Partial<CameraConfig> = {}, deps: Partial<CameraDeps> = {}): Promise<Watched> => {
  const clock = (deps.clock as FakeClock | undefined) ?? fakeClock(START);
  const decoders = fakeDecoders<Picture>();
  const source = openCamera(testCamera(settings), {
    ...{ clock, log, ingest: testIngest, startDecoder: decoders.start, random: () => 0.5 },
    ...{ knock: async () => false, measureGop: async () => 2 },
    ...deps,
  });
  opened.push(source);
  const items: SourceItem[] = [];
  let error: unknown;
  const consume = async (): Promise<void> => {
    for await (const item of source.items()) items.push(item);
  };
  consume().catch((cause) => {
    error = cause;
  });
  await clock.advance(0);
  const stream = async (ms: number, everyMs = 2000): Promise<void> => {
    for (let passed = 0; passed < ms; passed += everyMs) {
      await clock.advance(everyMs);
      decoders.last().give(picture(clock.monotonicMs()));
      await clock.advance(0);
    }
  };
  const health = (): string[] =>
    items.flatMap((item) => (item.type === 'health' ? [`${item.event.finding} ${item.event.state}`] : []));
  return { clock, source, items, decoders, error: () => error, stream, health };
};

const timeOf = (item: SourceItem): number =>
  item.type === 'frame'
    ? item.frame.at
    : item.type === 'health'
      ? item.event.at
      : item.type === 'audio'
        ? item.chunk.at
        : item.at;
const ticks = (items: SourceItem[]): number[] => items.flatMap((item) => (item.type === 'tick' ? [item.at] : []));
const frames = (items: SourceItem[]) => items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const healthAt = (items: SourceItem[], finding: string, state: string): number | undefined => {
  const found = items.find(
    (item) => item.type === 'health' && item.event.finding === finding && item.event.state === state,
  );
  return found ? timeOf(found) - START : undefined;
};

describe('a camera that works', () => {
  it('gives pictures and seconds in event-time order', async () => {
    const { items, stream, health } = await watch();
    await stream(60_000);
    expect(frames(items)).toHaveLength(30);
    expect(items.map(timeOf)).toEqual(items.map(timeOf).sort((a, b) => a - b));
    const told = ticks(items);
    expect(told).toEqual(told.map((_, i) => START + i * 1000));
    expect(told.length).toBeGreaterThanOrEqual(59);
    expect(health()).toEqual([]);
  });

  it('gives a tick at an instant that was asked for, once and in order, and none for one that has passed', async () => {
    const { items, stream, source } = await watch();
    await stream(10_000);
    const asked = START + 11_300;
    for (const at of [asked, asked, START + 4500]) source.wake!(eventMs(at));
    await stream(4000);
    const told = ticks(items);
    expect(told.filter((at) => (at - START) % 1000 !== 0)).toEqual([asked]);
    expect(items.map(timeOf)).toEqual(items.map(timeOf).sort((a, b) => a - b));
  });

  it('looks at every second of key frames that come each second', async () => {
    const { items, stream, source } = await watch();
    await stream(40_000, 1000);
    const distances = frames(items)
      .slice(6)
      .map((frame, i, all) => (i === 0 ? 2000 : frame.at - all[i - 1]!.at));
    expect(new Set(distances)).toEqual(new Set([2000]));
    expect(source.stats().keyframeIntervalS).toBe(1);
  });

  it('keeps the newest picture where nobody takes it, and counts the others', async () => {
    const clock = fakeClock(START);
    const decoders = fakeDecoders<Picture>();
    const deps = { clock, log, ingest: testIngest, startDecoder: decoders.start };
    const source = openCamera(testCamera(), deps);
    opened.push(source);
    const items = source.items()[Symbol.asyncIterator]();
    const first = items.next();
    await clock.advance(1000);
    for (let i = 1; i <= 5; i++) {
      decoders.last().give(picture(i * 2000));
      await clock.advance(2000);
    }
    await first;
    expect(source.stats()).toMatchObject({ frames: 5, dropped: 4 });
  });

  it('moves no event time when the wall clock is set, and tells it', async () => {
    const { items, stream, health, clock } = await watch();
    await stream(20_000);
    clock.step(3_600_000);
    await stream(20_000);
    clock.step(-7_200_000);
    await stream(20_000);
    expect(Math.max(...items.map(timeOf))).toBeLessThanOrEqual(START + 60_000);
    expect(ticks(items).length).toBeGreaterThanOrEqual(59);
    expect(health()).toEqual(['clock raised']);
    clock.step(3_600_000);
    await stream(2000);
    expect(health()).toEqual(['clock raised', 'clock cleared']);
  });

  it('is closed with nothing left behind', async () => {
    const { source, clock, stream, decoders } = await watch();
    await stream(4000);
    await source.close();
    expect(decoders.last().stopped()).toBe(true);
    expect(clock.pending).toBe(0);
    await source.close();
  });
});

describe('a camera that goes away', () => {
  it('is offline after ten seconds, and seconds go on', async () => {
    const { items, stream, health, decoders, clock } = await watch();
    await stream(20_000);
    decoders.last().say('Connection to tcp://10.0.0.21 failed: Connection refused');
    decoders.last().end({ code: 1 });
    await clock.advance(30_000);
    expect(health()).toEqual(['offline raised']);
    expect(healthAt(items, 'offline', 'raised')).toBeGreaterThanOrEqual(28_500);
    expect(healthAt(items, 'offline', 'raised')).toBeLessThanOrEqual(30_500);
    expect(ticks(items).length).toBeGreaterThanOrEqual(48);
  });

  it('is called back by the ladder: 1 s five times, then 5 s, then 10 s, then a minute', async () => {
    const { decoders, clock } = await watch();
    const starts: number[] = [];
    for (let i = 0; i < 23; i++) {
      starts.push(clock.monotonicMs());
      const count = decoders.sessions.length;
      decoders.last().say('Connection refused');
      decoders.last().end({ code: 1 });
      while (decoders.sessions.length === count) await clock.advance(500);
    }
    const waits = starts.slice(1).map((ms, i) => Math.round((ms - starts[i]!) / 1000));
    expect(waits).toEqual([1, 1, 1, 1, 1, 5, 5, 5, 5, 5, ...Array(10).fill(10), 60, 60]);
  });

  it('comes back with one end of the finding, counted as a reconnection', async () => {
    const { stream, health, decoders, clock, source } = await watch();
    await stream(20_000);
    decoders.last().end();
    await clock.advance(500);
    for (let i = 0; i < 12; i++) {
      const count = decoders.sessions.length;
      if (count > 1) decoders.last().end({ code: 1, stderrTail: ['Connection refused'] });
      await clock.advance(1100);
    }
    await stream(6000);
    expect(health()).toEqual(['offline raised', 'offline cleared']);
    expect(source.stats().reconnects).toBe(decoders.sessions.length - 1);
  });

  it('does not wait out the minute where its door opens', async () => {
    let open = false;
    const { decoders, clock } = await watch({}, { knock: async () => open });
    for (let i = 0; i < 20; i++) {
      decoders.last().end({ code: 1, stderrTail: ['Connection refused'] });
      const count = decoders.sessions.length;
      while (decoders.sessions.length === count) await clock.advance(1000);
    }
    const count = decoders.sessions.length;
    decoders.last().end({ code: 1, stderrTail: ['Connection refused'] });
    await clock.advance(20_000);
    expect(decoders.sessions).toHaveLength(count);
    open = true;
    await clock.advance(6000);
    expect(decoders.sessions).toHaveLength(count + 1);
  });

  it('hangs without a word: its decoder is stopped and started again', async () => {
    const { stream, decoders, clock, health } = await watch();
    await stream(20_000);
    const hung = decoders.last();
    await clock.advance(9000);
    expect(hung.stopped()).toBe(true);
    expect(decoders.sessions.length).toBeGreaterThan(1);
    await clock.advance(3000);
    expect(health()).toEqual(['offline raised']);
  });

  it('that comes and goes is flapping, until it stays for ten minutes', async () => {
    const { stream, decoders, clock, health } = await watch();
    for (let i = 0; i < 3; i++) {
      await stream(10_000);
      decoders.last().end();
      await clock.advance(6000);
    }
    await stream(4000);
    expect(health().filter((change) => change.startsWith('flapping'))).toEqual(['flapping raised']);
    await stream(620_000);
    expect(health().filter((change) => change.startsWith('flapping'))).toEqual(['flapping raised', 'flapping cleared']);
  });

  it('is offline where no address is found, without a decoder', async () => {
    const { decoders, clock, health } = await watch(
      { source: 'onvif://10.0.0.21' },
      {
        resolveOnvif: async () => {
          throw new AppError('timeout', 'onvif: 10.0.0.21: no answer', { retryable: true });
        },
      },
    );
    await clock.advance(12_000);
    expect(decoders.sessions).toHaveLength(0);
    expect(health()).toEqual(['offline raised']);
  });
});

describe('a camera that refuses the password', () => {
  const refuse = (watched: Watched): void => {
    watched.decoders.last().say('method DESCRIBE failed: 401 Unauthorized');
    watched.decoders.last().end({ code: 1 });
  };

  it('is tried at most three times in any five minutes', async () => {
    const watched = await watch();
    const tries: number[] = [];
    for (let i = 0; i < 8; i++) {
      tries.push(watched.clock.monotonicMs());
      const count = watched.decoders.sessions.length;
      refuse(watched);
      while (watched.decoders.sessions.length === count) await watched.clock.advance(1000);
    }
    for (let i = 3; i < tries.length; i++) expect(tries[i]! - tries[i - 3]!).toBeGreaterThan(300_000);
    expect(watched.health()).toEqual(['auth-failed raised']);
  });

  it('is told at once, and not called offline as well', async () => {
    const watched = await watch();
    refuse(watched);
    await watched.clock.advance(60_000);
    expect(watched.health()).toEqual(['auth-failed raised']);
  });

  it('is tried at once with a new password', async () => {
    let password = 'wrong';
    const watched = await watch({}, { credentials: () => ({ user: 'admin', password }) });
    refuse(watched);
    await watched.clock.advance(20_000);
    expect(watched.decoders.sessions).toHaveLength(1);
    password = 'right-one';
    await watched.clock.advance(5000);
    expect(watched.decoders.sessions).toHaveLength(2);
    expect(watched.decoders.last().command.stdin).toContain('admin:right-one@');
    await watched.stream(2000);
    expect(watched.health()).toEqual(['auth-failed raised', 'auth-failed cleared']);
  });
});

describe('a password that cannot be read', () => {
  it('does not end the camera', async () => {
    let readable = false;
    const credentials = () => {
      if (readable) return { user: 'admin', password: 'there-again' };
      throw new AppError('config', 'secret file /run/cam: cannot be read');
    };
    const watched = await watch({}, { credentials });
    await watched.clock.advance(30_000);
    expect(watched.decoders.sessions).toHaveLength(0);
    expect(watched.health()).toEqual(['auth-failed raised']);
    readable = true;
    await watched.clock.advance(5000);
    await watched.stream(2000);
    expect(watched.health()).toEqual(['auth-failed raised', 'auth-failed cleared']);
  });
});

describe('a stream that is odd', () => {
  it('changes its size: starts again within five seconds, no torn picture', async () => {
    const { stream, decoders, clock, items, health } = await watch();
    await stream(10_000);
    decoders.last().confuse();
    await clock.advance(1500);
    expect(decoders.sessions).toHaveLength(2);
    decoders.last().give(picture(0, 8, 4));
    await clock.advance(2000);
    expect(frames(items).at(-1)).toMatchObject({ width: 8, height: 4 });
    expect(health()).toEqual([]);
  });

  it('is damaged beyond decoding: garbage, not offline', async () => {
    const { stream, decoders, clock, health } = await watch();
    await stream(10_000);
    for (let i = 0; i < 30; i++) {
      decoders.last().say('Error while decoding stream #0:0: Invalid data found when processing input');
      await clock.advance(500);
    }
    expect(health()).toEqual(['garbage raised']);
    await stream(4000);
    expect(health()).toEqual(['garbage raised', 'garbage cleared']);
  });

  it('has few key frames: all are decoded, and it is told once measured', async () => {
    const { stream, decoders, clock, health, source } = await watch({}, { measureGop: async () => 8 });
    decoders.last().give(picture(0));
    await clock.advance(0);
    expect(decoders.last().command.args).toContain('-skip_frame');
    await clock.advance(6000);
    expect(decoders.sessions).toHaveLength(2);
    expect(decoders.last().command.args).not.toContain('-skip_frame');
    await stream(40_000);
    expect(health()).toEqual(['long-gop raised']);
    expect(source.stats()).toMatchObject({ keyframeIntervalS: 8, reconnects: 0 });
  });

  it('falls silent after key frames that came often: it is connected anew, and not all of its pictures are decoded', async () => {
    const { stream, decoders, clock, source } = await watch();
    await stream(20_000);
    await clock.advance(8000);
    expect(decoders.sessions.length).toBeGreaterThan(1);
    expect(decoders.last().command.args).toContain('-skip_frame');
    await stream(20_000);
    expect(source.stats().reconnects).toBeGreaterThan(0);
  });

  it('was only slow to begin: key frames are used again, nothing is told', async () => {
    const { stream, decoders, clock, health } = await watch({}, { measureGop: async () => 2 });
    await clock.advance(15_000);
    expect(decoders.last().command.args).not.toContain('-skip_frame');
    await stream(40_000);
    expect(decoders.last().command.args).toContain('-skip_frame');
    await stream(10_000);
    expect(health().filter((change) => !change.startsWith('offline'))).toEqual([]);
  });

  it('has key frames too rare for the looks asked for: all are decoded, nothing is told', async () => {
    const { stream, decoders, clock, health } = await watch({ lookEvery: 1000 }, { measureGop: async () => 2 });
    await stream(10_000);
    await clock.advance(100);
    expect(decoders.last().command.args).not.toContain('-skip_frame');
    await stream(60_000, 1000);
    expect(health()).toEqual([]);
  });

  it('gives too few pictures: low rate', async () => {
    const { stream, decoders, clock, health } = await watch({}, { measureGop: async () => 8 });
    decoders.last().give(picture(0));
    await clock.advance(6000);
    await stream(60_000, 6000);
    expect(health()).toContain('low-rate raised');
    await stream(60_000, 2000);
    expect(health()).toContain('low-rate cleared');
  });
});

describe('all cameras silent at once', () => {
  const hall = async (count: number): Promise<{ clock: FakeClock; fleet: Fleet; cameras: Watched[] }> => {
    const clock = fakeClock(START);
    const fleet = createFleet({ clock, startsPerSecond: 1000 });
    const recorder = recorderClock(clock);
    const cameras: Watched[] = [];
    for (let i = 0; i < count; i++) cameras.push(await watch({ id: `cam-${i}` }, { clock, fleet, recorder }));
    await clock.advance(100);
    return { clock, fleet, cameras };
  };
  const all = async (cameras: Watched[], clock: FakeClock, ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 2000) {
      await clock.advance(2000);
      for (const camera of cameras) camera.decoders.last().give(picture(clock.monotonicMs()));
      await clock.advance(0);
    }
  };

  it('are not started again for a stall that they share', async () => {
    const { clock, cameras } = await hall(6);
    await all(cameras, clock, 20_000);
    for (const camera of cameras) camera.decoders.last().give(picture(clock.monotonicMs()));
    await clock.advance(4900);
    const before = cameras.map((camera) => camera.decoders.sessions.length);
    await clock.advance(12_000);
    const restarts = cameras.reduce((sum, camera, i) => sum + camera.decoders.sessions.length - before[i]!, 0);
    expect(restarts).toBe(0);
    for (const camera of cameras) expect(camera.health()).toEqual(['offline raised']);
  });

  it('spreads starts over time', async () => {
    const clock = fakeClock(START);
    const fleet = createFleet({ clock, startsPerSecond: 2 });
    const cameras = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => watch({ id: `cam-${i}` }, { clock, fleet })));
    const running = (): number => cameras.filter((camera) => camera.decoders.sessions.length > 0).length;
    expect(running()).toBe(1);
    await clock.advance(1000);
    expect(running()).toBe(3);
    await clock.advance(1500);
    expect(running()).toBe(6);
  });
});

describe('sources', () => {
  it('ONVIF gives the address, and its clock is told where it is off', async () => {
    const { decoders, stream, health } = await watch(
      { source: 'onvif://10.0.0.21' },
      {
        credentials: () => ({ user: 'admin', password: 'secret-7' }),
        resolveOnvif: async () => ({ url: 'rtsp://10.0.0.21/profile2', clockOffsetMs: -90_000 }),
      },
    );
    await stream(4000);
    expect(decoders.last().command.stdin).toContain('rtsp://admin:secret-7@10.0.0.21/profile2');
    expect(decoders.last().command.args.join(' ')).not.toContain('secret-7');
    expect(health()).toEqual(['clock raised']);
  });

  it('a file is played once and ends', async () => {
    const { items, decoders, stream, clock } = await watch({ source: 'file:/tmp/a.mp4' });
    await stream(6000);
    decoders.last().end();
    await clock.advance(100);
    expect(decoders.last().command.args).toContain('-re');
    expect(items.at(-1)).toMatchObject({ type: 'end', truncated: false });
  });

  it('sim: is opened by the simulator', () => {
    const scene = { camera: 'cam-1' } as unknown as CameraSource;
    const deps = { clock: fakeClock(), log, ingest: testIngest };
    expect(openCamera(testCamera({ source: 'sim:hall' }), { ...deps, openScene: () => scene })).toBe(scene);
    expect(() => openCamera(testCamera({ source: 'sim:hall' }), deps)).toThrow(/no simulator/);
  });

  it('ends with an error where no retry helps', async () => {
    const { error, decoders, clock } = await watch();
    decoders.last().end({ code: null, failure: new AppError('process', 'ffmpeg: cannot be started: ENOENT') });
    await clock.advance(100);
    expect(error()).toMatchObject({ code: 'process' });
    const { error: second } = await watch({ source: 'onvif://h' });
    expect(second()).toMatchObject({ code: 'config' });
  });
});
