import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventMs } from '../../src/core/time.js';
import {
  type EventClockState,
  initialEventClock,
  reconnectedEventClock,
  type Stamp,
  type StampInput,
  stepEventClock,
} from '../../src/ingest/eventClock.js';

const START = 1_800_000_000_000;
const WRAP_32 = 2 ** 32 / 90;
const WRAP_33 = 2 ** 33 / 90;

const run = (state: EventClockState, inputs: StampInput[]): [EventClockState, Stamp[]] => {
  const stamps: Stamp[] = [];
  for (const input of inputs) {
    const [next, stamp] = stepEventClock(state, input);
    state = next;
    stamps.push(stamp);
  }
  return [state, stamps];
};

const recorded = (pts: Array<number | undefined>): number[] => {
  const first = pts.find((ms) => ms !== undefined) ?? 0;
  const state = initialEventClock({ ptsMs: first, at: eventMs(START) });
  return run(
    state,
    pts.map((ptsMs) => ({ ptsMs })),
  )[1].map((stamp) => stamp.at - START);
};

/** A live stream: pictures of `pts`, each received `delay` after it was taken. */
const live = (pts: number[], delay: (i: number) => number, state = initialEventClock()) =>
  run(
    state,
    pts.map((ptsMs, i) => ({ ptsMs, receivedAt: eventMs(START + ptsMs + delay(i)) })),
  );

const every = (ms: number, count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i * ms);

describe('a recording', () => {
  it('follows stream time from wherever it begins', () => {
    expect(recorded(every(40, 5, 123_456))).toEqual([0, 40, 80, 120, 160]);
    expect(recorded(every(40, 5, -80))).toEqual([0, 40, 80, 120, 160]);
  });

  it.each([
    ['32 bits of 90 kHz', WRAP_32],
    ['33 bits of 90 kHz', WRAP_33],
  ])('goes on where the time stamp comes round after %s', (_what, wrap) => {
    const pts = every(40, 100).map((ms) => (wrap - 2000 + ms) % wrap);
    const times = recorded(pts);
    times.forEach((ms, i) => {
      expect(Math.abs(ms - i * 40)).toBeLessThanOrEqual(1);
    });
  });

  it('gives a doubled time stamp the next instant, and is exact again after it', () => {
    expect(recorded([0, 40, 40, 80, 120])).toEqual([0, 40, 41, 80, 120]);
  });

  it('fills in a missing time stamp with the usual distance', () => {
    expect(recorded([0, 40, undefined, 120, 160]).slice(0, 3)).toEqual([0, 40, 80]);
    const times = recorded([0, 40, undefined, 120, 160]);
    expect(Math.abs(times[4]! - 160)).toBeLessThanOrEqual(40);
  });

  it('puts up with a picture out of order', () => {
    expect(recorded([0, 40, 120, 80, 160, 200])).toEqual([0, 40, 120, 121, 160, 200]);
  });

  it('goes on by one picture where the time stamps begin anew', () => {
    const times = recorded([...every(40, 10), ...every(40, 10)]);
    expect(Math.abs(times.at(-1)! - 19 * 40)).toBeLessThanOrEqual(4 * 40);
    const far = recorded([...every(40, 10, 1_000_000), ...every(40, 10)]);
    expect(far.at(-1)).toBe(19 * 40);
  });

  it('keeps a real pause', () => {
    expect(recorded([0, 40, 3_600_040, 3_600_080])).toEqual([0, 40, 3_600_040, 3_600_080]);
  });

  it('always moves forward, whatever the time stamps say', () => {
    const pts = fc.oneof(
      fc.constant(undefined),
      fc.double({ min: -1e10, max: 1e10, noNaN: true }),
      fc.integer({ min: 0, max: 9000 }),
    );
    fc.assert(
      fc.property(fc.array(pts, { maxLength: 60 }), (list) => {
        const times = recorded(list);
        for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!);
      }),
    );
  });

  it('lasts as long as its stream, wherever the stream wraps and whatever the frame rate', () => {
    const rates = fc.constantFrom(1000, 500, 125, 66.7, 41.7, 40, 33.37, 16.7);
    fc.assert(
      fc.property(rates, fc.nat(200), fc.integer({ min: 2, max: 300 }), (step, before, count) => {
        const pts = every(step, count).map((ms) => (WRAP_33 - before * step + ms) % WRAP_33);
        const times = recorded(pts);
        expect(Math.abs(times.at(-1)! - (count - 1) * step)).toBeLessThanOrEqual(Math.max(2, step));
      }),
    );
  });
});

describe('a live stream', () => {
  it('is anchored to the first arrival and follows stream time through jitter', () => {
    const [, stamps] = live(every(2000, 500), (i) => 100 + (i % 7) * 30);
    stamps.slice(5).forEach((stamp, i) => {
      const taken = START + (i + 5) * 2000;
      expect(stamp.at - taken).toBeGreaterThanOrEqual(95);
      expect(stamp.at - taken).toBeLessThanOrEqual(290);
    });
    expect(stamps.some((stamp) => stamp.clock)).toBe(false);
  });

  it('is never stamped later than it came in, as long as time moves', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 3, maxLength: 80 });
    fc.assert(
      fc.property(delays, (list) => {
        const [, stamps] = live(every(1000, list.length), (i) => list[i]!);
        stamps.forEach((stamp, i) => {
          expect(stamp.at).toBeLessThanOrEqual(START + i * 1000 + list[i]! + 1);
        });
      }),
    );
  });

  it('follows a camera whose crystal drifts, without a finding', () => {
    const day = every(2000, 43_200);
    const [, stamps] = run(
      initialEventClock(),
      day.map((ms) => ({ ptsMs: ms * (1 - 80e-6), receivedAt: eventMs(START + ms + 50) })),
    );
    expect(Math.abs(stamps.at(-1)!.at - (START + day.at(-1)! + 50))).toBeLessThan(20);
    expect(stamps.some((stamp) => stamp.clock)).toBe(false);
  });

  it('lets the recorder win where a camera jumps ahead by an hour, and says so once', () => {
    const pts = [...every(2000, 20), ...every(2000, 60, 3_600_000 + 40_000)];
    const [, stamps] = run(
      initialEventClock(),
      pts.map((ptsMs, i) => ({ ptsMs, receivedAt: eventMs(START + i * 2000) })),
    );
    stamps.forEach((stamp, i) => {
      expect(Math.abs(stamp.at - (START + i * 2000))).toBeLessThanOrEqual(40);
    });
    const changes = stamps.flatMap((stamp) => (stamp.clock ? [stamp.clock.state] : []));
    expect(changes).toEqual(['raised', 'cleared']);
    expect(stamps[20]?.clock?.offsetMs).toBeGreaterThan(3_500_000);
  });

  it('takes a burst after a stall of the network for late pictures, not for another clock', () => {
    const pts = every(2000, 40);
    const stalled = (i: number): number => (i >= 20 && i < 24 ? (24 - i) * 2000 : 0);
    const [, stamps] = live(pts, stalled);
    stamps.forEach((stamp, i) => {
      expect(Math.abs(stamp.at - (START + i * 2000))).toBeLessThanOrEqual(20);
    });
    expect(stamps.some((stamp) => stamp.clock)).toBe(false);
  });

  it('is anchored anew where it stays late by more than five seconds', () => {
    const [, stamps] = live(every(2000, 60), (i) => (i < 20 ? 100 : 8000));
    expect(stamps.at(-1)!.at).toBe(START + 59 * 2000 + 8000);
    expect(stamps.filter((stamp) => stamp.clock?.state === 'raised')).toHaveLength(1);
  });

  it('settles without a finding where a server sends its buffered pictures first', () => {
    const [, stamps] = run(
      initialEventClock(),
      every(1000, 30).map((ptsMs, i) => ({ ptsMs, receivedAt: eventMs(START + Math.max(i * 10, (i - 8) * 1000)) })),
    );
    expect(stamps.some((stamp) => stamp.clock)).toBe(false);
    expect(stamps.at(-1)!.at).toBeLessThanOrEqual(START + 21_001);
  });

  it('never goes back over a reconnection', () => {
    const [state, before] = live(every(2000, 10), () => 0);
    const [, after] = run(
      reconnectedEventClock(state),
      every(2000, 10).map((ptsMs, i) => ({ ptsMs, receivedAt: eventMs(START + 17_000 + i * 2000) })),
    );
    expect(after[0]!.at).toBeGreaterThan(before.at(-1)!.at);
    expect(after.at(-1)!.at).toBe(START + 17_000 + 18_000);
  });
});
