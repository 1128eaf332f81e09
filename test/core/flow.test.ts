import { describe, expect, it } from 'vitest';
import { boundedQueue } from '../../src/core/boundedQueue.js';
import { sleep } from '../../src/core/clock.js';
import { formatDuration, parseDuration } from '../../src/core/duration.js';
import { AppError } from '../../src/core/errors.js';
import { mapOrdered, mergeByTime } from '../../src/core/mapOrdered.js';
import { CAMERA_LADDER, retry, SINK_LADDER, waitMs } from '../../src/core/retry.js';
import { fakeClock } from '../support/fakeClock.js';

async function* streamOf<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
};

describe('durations', () => {
  it.each([
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['20s', 20_000],
    ['30d', 2_592_000_000],
  ])('reads and writes %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(formatDuration(ms)).toBe(text);
  });

  it.each(['', '15', 'm', '15 m', '-5s', '1h30', '15min'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(AppError);
  });
});

describe('the bounded queue', () => {
  it('drops the oldest that may go, and counts it', async () => {
    const queue = boundedQueue<number>({ capacity: 2, canDrop: (n) => n > 0 });
    for (const n of [0, 1, 2, 3]) queue.push(n);
    queue.end();
    expect(await collect(queue)).toEqual([0, 3]);
    expect(queue.dropped).toBe(2);
  });

  it('wakes a waiting reader and ends', async () => {
    const queue = boundedQueue<string>({ capacity: 4 });
    const reading = collect(queue);
    queue.push('a');
    await Promise.resolve();
    queue.push('b');
    queue.end();
    expect(await reading).toEqual(['a', 'b']);
  });
});

describe('ordered mapping', () => {
  it('keeps the order while several run at once', async () => {
    let running = 0;
    let most = 0;
    const clock = fakeClock();
    const mapped = collect(
      mapOrdered(
        streamOf(30, 10, 20),
        async (ms) => {
          most = Math.max(most, ++running);
          await sleep(clock, ms, new AbortController().signal);
          running -= 1;
          return ms;
        },
        2,
      ),
    );
    await clock.advance(100);
    expect(await mapped).toEqual([30, 10, 20]);
    expect(most).toBe(2);
  });

  it('raises an error at its own place', async () => {
    const seen: number[] = [];
    const failing = mapOrdered(streamOf(1, 2, 3), async (n) => (n === 2 ? Promise.reject(new Error('two')) : n), 3);
    await expect(
      (async () => {
        for await (const n of failing) seen.push(n);
      })(),
    ).rejects.toThrow('two');
    expect(seen).toEqual([1]);
  });

  it('merges streams by time, the first source first on a tie', async () => {
    const merged = await collect(
      mergeByTime([streamOf([1, 'a'], [3, 'a']), streamOf([1, 'b'], [2, 'b'])], ([at]) => Number(at)),
    );
    expect(merged).toEqual([
      [1, 'a'],
      [1, 'b'],
      [2, 'b'],
      [3, 'a'],
    ]);
  });
});

describe('retries', () => {
  it('climb the camera ladder: 1 s x5, 5 s x5, 10 s x10, then 60 s', () => {
    const waits = Array.from({ length: 22 }, (_, n) => waitMs(CAMERA_LADDER, n, 0.5));
    expect(waits).toEqual([...Array(5).fill(1000), ...Array(5).fill(5000), ...Array(10).fill(10_000), 60_000, 60_000]);
    expect(waitMs(SINK_LADDER, 99, 0.5)).toBe(60_000);
    expect(waitMs(SINK_LADDER, 0, 0)).toBe(800);
  });

  it('repeat only what the thrower called retryable', async () => {
    const clock = fakeClock();
    let tries = 0;
    const options = { ladder: SINK_LADDER, clock, signal: new AbortController().signal, random: () => 0.5 };
    const done = retry(async () => {
      tries += 1;
      if (tries < 3) throw new AppError('unreachable', 'sink: down', { retryable: true });
      return tries;
    }, options);
    await clock.advance(3000);
    expect(await done).toBe(3);
    await expect(retry(() => Promise.reject(new AppError('auth-failed', 'sink: no')), options)).rejects.toThrow(
      'sink: no',
    );
  });

  it('stop when asked', async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const running = retry(() => Promise.reject(new AppError('unreachable', 'down', { retryable: true })), {
      ladder: SINK_LADDER,
      clock,
      signal: stop.signal,
    });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(clock.pending).toBe(0);
  });
});
