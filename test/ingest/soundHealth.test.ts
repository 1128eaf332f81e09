import { describe, expect, it } from 'vitest';
import type { AudioChunk } from '../../src/core/frame.js';
import { cameraId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import {
  initialSoundHealth,
  type SoundChange,
  stepNoSound,
  stepSoundHealth,
} from '../../src/ingest/health/soundHealth.js';
import { soundRing } from '../../src/ingest/soundRing.js';

const chunk = (atMs: number, amplitude: number, samples = 16_000): AudioChunk => ({
  ...{ camera: cameraId('c'), at: eventMs(atMs), sampleRate: 16_000 },
  samples: Float32Array.from({ length: samples }, (_, i) => amplitude * Math.sin(i / 3)),
});

function changes(amplitudes: readonly (number | undefined)[]): SoundChange[] {
  let state = initialSoundHealth;
  return amplitudes.flatMap((amplitude, second) => {
    const step =
      amplitude === undefined
        ? stepNoSound(state, eventMs(second * 1000))
        : stepSoundHealth(state, chunk(second * 1000, amplitude));
    [state] = step;
    return step[1];
  });
}
const said = (all: readonly SoundChange[]) => all.map(({ finding, state, at }) => `${finding} ${state} ${at / 1000}`);

describe('sound health', () => {
  it.each([
    ['speech is fine', Array(60).fill(0.1), []],
    ['digital silence is mute', Array(30).fill(0), ['mute raised 10']],
    [
      'a microphone that comes back',
      [...Array(15).fill(0), ...Array(5).fill(0.1)],
      ['mute raised 10', 'mute cleared 16'],
    ],
    ['no sound at all', Array(15).fill(undefined), ['no-sound raised 10']],
    ['an overdriven microphone', Array(20).fill(3), ['clipping raised 10']],
    ['a room too far from its microphone', Array(400).fill(0.001), ['too-quiet raised 300']],
    ['a silent minute is no fault', [...Array(5).fill(0.1), ...Array(50).fill(0.001)], []],
  ])('%s', (_, amplitudes, expected) => {
    expect(said(changes(amplitudes))).toEqual(expected);
  });
});

describe('the ring', () => {
  it('keeps the last minute and cuts what is wanted out of it', () => {
    const ring = soundRing(10_000);
    for (let second = 0; second < 30; second += 1) ring.push(chunk(second * 1000, 0.1));
    expect(ring.until).toBe(30_000);
    const cut = ring.cut(eventMs(22_500), eventMs(24_000))!;
    expect([cut.at, cut.samples.length, cut.heardMs]).toEqual([22_500, 24_000, 1500]);
    expect(ring.cut(eventMs(0), eventMs(5000))).toBeUndefined();
    expect(ring.cut(eventMs(15_000), eventMs(21_000))!.at).toBeGreaterThanOrEqual(19_000);
  });

  it('fills what was not heard with silence and says how much was heard', () => {
    const ring = soundRing();
    ring.push(chunk(0, 0.1));
    ring.push(chunk(3000, 0.1));
    expect(ring.cut(eventMs(0), eventMs(4000))).toMatchObject({ at: 0, heardMs: 2000 });
  });
});
