import { describe, expect, it } from 'vitest';
import type { PacketFacts, VideoFacts } from '../../src/ingest/probe.js';
import { analysisSize, planRecording } from '../../src/ingest/recordingPlan.js';
import { testCamera, testIngest } from '../support/cameras.js';

const video: VideoFacts = { codec: 'h264', width: 1280, height: 720, aspect: 16 / 9, fps: 25 };

/** Packets of `seconds` at 25 a second with a key frame every `gopS`. */
const packets = (gopS: number, seconds = 20, more: Partial<PacketFacts> = {}): PacketFacts => {
  const keyframesMs: number[] = [];
  for (let s = 0; s < seconds; s += gopS) keyframesMs.push(s * 1000);
  return {
    packets: seconds * 25,
    keyframesMs,
    firstMs: 0,
    lastMs: seconds * 1000 - 40,
    untimed: 0,
    keyframeIntervalS: keyframesMs.length > 1 ? gopS : undefined,
    brokeOff: false,
    ...more,
  };
};

const plan = (facts: PacketFacts, { lookEvery = 2000, declaredS = 20 } = {}) =>
  planRecording(video, facts, declaredS, { camera: testCamera({ lookEvery }), ingest: testIngest });

describe('planRecording', () => {
  it.each([
    ['a key frame every 2 s', packets(2), 2000, true],
    ['a key frame every second', packets(1), 2000, true],
    ['a key frame every 2.002 s', packets(2.002), 2000, true],
    ['key frames rarer than the looks', packets(3), 2000, false],
    ['key frames rarer than 4 s, looked at every 10 s', packets(5), 10_000, false],
    ['key frames every 4 s, looked at every 4 s', packets(4), 4000, true],
    ['key frames every 0.04 s', packets(0.04), 2000, true],
    ['key frames of which every other would be due', packets(1.25), 2000, false],
    ['a single key frame', packets(30), 2000, false],
    ['packets without time stamps', packets(2, 20, { untimed: 3 }), 2000, false],
    ['a beginning without a key frame', packets(2, 20, { firstMs: -3000 }), 2000, false],
  ])('%s: key frames only or not', (_what, facts, lookEvery, expected) => {
    expect(plan(facts, { lookEvery }).keyframesOnly).toBe(expected);
  });

  it('says truncated where seconds are missing or the container says so', () => {
    expect(plan(packets(2), { declaredS: 20.5 }).truncated).toBe(false);
    expect(plan(packets(2), { declaredS: 22 }).truncated).toBe(true);
    expect(plan(packets(2, 20, { brokeOff: true })).truncated).toBe(true);
  });

  it('takes the length from the packets', () => {
    expect(plan(packets(2)).lengthS).toBeCloseTo(20, 3);
  });
});

describe('analysisSize', () => {
  it.each([
    ['large', { width: 1920, height: 1080, aspect: 16 / 9 }, { width: 640, height: 360 }],
    ['small: not enlarged', { width: 480, height: 270, aspect: 16 / 9 }, { width: 480, height: 270 }],
    ['odd: made even', { width: 321, height: 241, aspect: 321 / 241 }, { width: 322, height: 242 }],
    ['not square pixels', { width: 720, height: 576, aspect: 16 / 9 }, { width: 640, height: 360 }],
    ['turned by 90 degrees', { width: 848, height: 480, aspect: 480 / 848 }, { width: 480, height: 848 }],
  ])('%s', (_what, shape, expected) => {
    expect(analysisSize({ codec: 'h264', fps: 25, ...shape }, 640)).toEqual(expected);
  });
});
