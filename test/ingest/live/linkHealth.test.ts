import { describe, expect, it } from 'vitest';
import { blackoutOf, isFlapping, recentLosses, reconnectWaitMs, usualS } from '../../../src/ingest/live/linkHealth.js';

describe('blackoutOf', () => {
  it.each([
    [
      'auth-failed',
      ['[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized', 'pipe:0: Server returned 401 Unauthorized'],
    ],
    ['auth-failed', ['pipe:0: Server returned 403 Forbidden (access denied)']],
    [
      'offline',
      ['[tcp @ 0x1] Connection to tcp://10.0.0.1:554 failed: Connection refused', 'pipe:0: Connection refused'],
    ],
    [
      'offline',
      ['[tcp @ 0x1] Failed to resolve hostname camera: Name or service not known', 'pipe:0: Input/output error'],
    ],
    [
      'offline',
      ["[concat @ 0x1] Impossible to open 'rtsp://10.0.0.1/a'", 'pipe:0: Invalid data found when processing input'],
    ],
    ['offline', ['[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found']],
    ['garbage', ['[h264 @ 0x1] non-existing PPS 0 referenced', '[h264 @ 0x1] decode_slice_header error']],
    ['garbage', ['Error while decoding stream #0:0: Invalid data found when processing input']],
    ['offline', []],
  ])('%s: %j', (expected, lines) => {
    expect(blackoutOf(lines)).toBe(expected);
  });
});

describe('reconnectWaitMs', () => {
  it('climbs the ladder with jitter', () => {
    expect(reconnectWaitMs('offline', 0, 0.5)).toBe(1000);
    expect(reconnectWaitMs('garbage', 30, 0)).toBe(48_000);
    expect(reconnectWaitMs('garbage', 30, 0.999)).toBeGreaterThan(71_000);
  });

  it('keeps three tries with a wrong password over five minutes apart, whatever the jitter', () => {
    for (const random of [0, 0.5, 0.999])
      expect(3 * reconnectWaitMs('auth-failed', 0, random)).toBeGreaterThan(300_000);
  });
});

describe('flapping', () => {
  it('begins with the third loss in ten minutes and ends ten minutes after the last', () => {
    const lost = [0, 200_000, 400_000];
    expect(isFlapping(recentLosses(lost.slice(0, 2), 200_000), false)).toBe(false);
    expect(isFlapping(recentLosses(lost, 400_000), false)).toBe(true);
    expect(isFlapping(recentLosses(lost, 999_999), true)).toBe(true);
    expect(isFlapping(recentLosses(lost, 1_000_000), true)).toBe(false);
  });

  it('is not three losses over an hour', () => {
    expect(isFlapping(recentLosses([0, 1_200_000, 2_400_000], 2_400_000), false)).toBe(false);
  });
});

describe('usualS', () => {
  it('is the median, once there are enough', () => {
    expect(usualS([2000, 2000], 3)).toBeUndefined();
    expect(usualS([2000, 40, 2000, 9000, 2000], 3)).toBe(2);
  });
});
