import { describe, expect, it } from 'vitest';
import { cameraId } from '../../../src/core/ids.js';
import { eventMs, plusMs } from '../../../src/core/time.js';
import { createPacer } from '../../../src/ingest/simulator/pacer.js';
import { fakeClock } from '../../support/fakeClock.js';

const MINUTE = 60_000;
const A = cameraId('cam-a');
const B = cameraId('cam-b');

function setUp({ behindMs = 40 * MINUTE } = {}) {
  const clock = fakeClock();
  const startAt = eventMs(clock.now() - behindMs);
  const pacer = createPacer({ clock, startAt });
  const stop = new AbortController();
  const given: string[] = [];
  /** Asks for one instant; the name lands in `given` once it may go. */
  const ask = (camera: typeof A, offsetMs: number) =>
    pacer.reach(camera, plusMs(startAt, offsetMs), stop.signal).then(() => given.push(`${camera} ${offsetMs}`));
  return { clock, startAt, pacer, stop, given, ask };
}

describe('the pace of a simulated hall', () => {
  it('replays the past at most 60 times as fast as real time', async () => {
    const { clock, given, ask } = setUp();
    await ask(A, 0);
    void ask(A, MINUTE);
    await clock.advance(999);
    expect(given).toEqual(['cam-a 0']);
    await clock.advance(1);
    expect(given).toEqual(['cam-a 0', 'cam-a 60000']);
  });

  it('is never ahead of now', async () => {
    const { clock, given, ask } = setUp({ behindMs: 0 });
    await ask(A, 0);
    void ask(A, 2000);
    await clock.advance(1999);
    expect(given).toEqual(['cam-a 0']);
    await clock.advance(1);
    expect(given).toEqual(['cam-a 0', 'cam-a 2000']);
  });

  it('keeps its cameras together', async () => {
    const { clock, given, ask, pacer } = setUp();
    await Promise.all([ask(A, 0), ask(B, 0)]);
    await clock.advance(10_000);
    void ask(A, 20_000);
    await clock.advance(10_000);
    expect(given).not.toContain('cam-a 20000');
    await ask(B, 10_000);
    await clock.advance(0);
    expect(given).toContain('cam-a 20000');
    void ask(A, 5 * MINUTE);
    await clock.advance(1000);
    expect(given).not.toContain('cam-a 300000');
    pacer.leave(B);
    await clock.advance(0);
    expect(given).toContain('cam-a 300000');
  });

  it('says that it catches up, how fast, and when it has', async () => {
    const { clock, ask, pacer } = setUp({ behindMs: 10 * MINUTE });
    expect(pacer.status()).toMatchObject({ at: undefined, catchingUp: true });
    for (let second = 0; second < 10 * 60; second += 30) {
      const given = ask(A, second * 1000);
      await clock.advance(500);
      await given;
    }
    expect(pacer.status()).toMatchObject({ catchingUp: true, speed: 60 });
    const rest = ask(A, 10 * MINUTE + 18_000);
    await clock.advance(10_000);
    await rest;
    expect(pacer.status()).toMatchObject({ catchingUp: false, behindMs: 2000 });
  });

  it('lets go of whoever waits when it is stopped', async () => {
    const { given, ask, stop, clock } = setUp({ behindMs: 0 });
    await ask(A, 0);
    void ask(A, MINUTE);
    stop.abort();
    await clock.advance(0);
    expect(given).toContain('cam-a 60000');
    expect(clock.pending).toBe(0);
  });
});
