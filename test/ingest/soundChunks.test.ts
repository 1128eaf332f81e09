import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../../src/core/ids.js';
import { type EventMs, eventMs } from '../../src/core/time.js';
import { type AudioItem, flushSound, freshSound, SAMPLE_RATE, stepSound } from '../../src/ingest/soundChunks.js';

const camera = cameraId('cam-1');
const sound = (at: number, ms: number) => ({
  at: eventMs(at),
  samples: new Float32Array((SAMPLE_RATE * ms) / 1000).fill(0.5),
});

const run = (stretches: Array<{ at: EventMs; samples: Float32Array }>): AudioItem[] => {
  let state = freshSound;
  const items: AudioItem[] = [];
  for (const stretch of stretches) {
    const [next, more] = stepSound(state, stretch, camera);
    state = next;
    items.push(...more);
  }
  return [...items, ...flushSound(state, camera)[1]];
};

const samplesIn = (items: AudioItem[]): number =>
  items.reduce((sum, item) => sum + (item.type === 'audio' ? item.chunk.samples.length : 0), 0);

describe('stepSound', () => {
  it('lays stretches end to end in chunks of 200 ms', () => {
    const items = run(Array.from({ length: 50 }, (_, i) => sound(i * 20, 20)));
    expect(items).toHaveLength(5);
    expect(items.map((item) => item.type === 'audio' && item.chunk.at)).toEqual([0, 200, 400, 600, 800]);
  });

  it('is not cut by the jitter of time stamps', () => {
    const items = run(Array.from({ length: 100 }, (_, i) => sound(i * 20 + ((i * 37) % 90), 20)));
    expect(items.some((item) => item.type === 'gap')).toBe(false);
  });

  it('tells a gap from silence', () => {
    const items = run([sound(0, 200), sound(200, 100), sound(1500, 200)]);
    expect(items.map((item) => item.type)).toEqual(['audio', 'audio', 'gap', 'audio']);
    expect(items[2]).toMatchObject({ from: 300, to: 1500 });
    expect(items[3]).toMatchObject({ chunk: { at: 1500 } });
  });

  it('loses no sample, and no chunk overlaps the one before', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 5, max: 300 }));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 60 }), (list) => {
        let at = 0;
        const stretches = list.map(([pause, ms]) => {
          at += pause;
          const made = sound(at, ms);
          at += ms;
          return made;
        });
        const items = run(stretches);
        expect(samplesIn(items)).toBe(stretches.reduce((sum, one) => sum + one.samples.length, 0));
        let until = 0;
        for (const item of items) {
          if (item.type === 'audio') {
            expect(item.chunk.at).toBeGreaterThanOrEqual(until - 1);
            until = item.chunk.at + (item.chunk.samples.length * 1000) / SAMPLE_RATE;
          } else if (item.type === 'gap') expect(item.to).toBeGreaterThan(item.from);
        }
      }),
    );
  });
});
