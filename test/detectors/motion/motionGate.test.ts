import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry.js';
import { type MotionState, stepMotion, viewLookedAt } from '../../../src/detectors/motion/motionGate.js';

const WIDTH = 160;
const HEIGHT = 90;
const ALL: Box = [0, 0, 1, 1];

/** A textured view with noise of `sigma` levels, the same for the same seed. */
function view(seed: number, { noise = 2, light = 0 } = {}): Uint8Array {
  let state = seed * 2654435761 + 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const texture = 100 + 40 * Math.sin((i % WIDTH) / 5) + 30 * Math.cos(Math.floor(i / WIDTH) / 7);
    return Math.max(0, Math.min(255, texture + light + noise * (random() + random() + random() - 1.5) * 2));
  });
}

/** Paints a person-like patch, `size` of the picture wide and high. */
function withPatch(gray: Uint8Array, [x, y]: [number, number], size: number, level = 30): Uint8Array {
  const painted = gray.slice();
  for (let row = Math.round(y * HEIGHT); row < (y + size) * HEIGHT; row++) {
    for (let column = Math.round(x * WIDTH); column < (x + size) * WIDTH; column++)
      painted[row * WIDTH + column] = level;
  }
  return painted;
}

const moved = (state: MotionState, gray: Uint8Array, region = ALL): boolean => stepMotion(state, gray, region)[1];

describe('motion against the picture that was looked at', () => {
  it('is not seen in 200 pictures of a still view, nor where its sensor is noisy', () => {
    for (const noise of [2, 5]) {
      let state = viewLookedAt(view(0, { noise }));
      let alarms = 0;
      for (let i = 1; i <= 200; i++) {
        const [next, motion] = stepMotion(state, view(i, { noise }), ALL);
        state = next;
        // The noise of the view is learnt first.
        if (i > 20) alarms += motion ? 1 : 0;
      }
      expect(alarms).toBe(0);
    }
  });

  it.each([
    ['somebody comes', 0.25],
    ['a head turns', 0.1],
  ])('is seen where %s', (_what, size) => {
    const state = viewLookedAt(view(1));
    expect(moved(state, withPatch(view(2), [0.4, 0.3], size))).toBe(true);
  });

  it('is seen where somebody goes', () => {
    const state = viewLookedAt(withPatch(view(1), [0.4, 0.3], 0.25));
    expect(moved(state, view(2))).toBe(true);
  });

  it('does not learn a slow fade-out away: it adds up against the picture of the last look', () => {
    let state = viewLookedAt(withPatch(view(1), [0.4, 0.3], 0.25, 40));
    let seenAt: number | undefined;
    for (let step = 1; step <= 40 && seenAt === undefined; step++) {
      // The person's patch turns into the background, two levels a picture.
      const [next, motion] = stepMotion(state, withPatch(view(1 + step), [0.4, 0.3], 0.25, 40 + 2 * step), ALL);
      state = next;
      if (motion) seenAt = step;
    }
    expect(seenAt).toBeLessThanOrEqual(20);
  });

  it('is not seen outside the region', () => {
    const state = viewLookedAt(view(1));
    const gray = withPatch(view(2), [0.7, 0.1], 0.2);
    expect(moved(state, gray, [0, 0, 0.5, 1])).toBe(false);
    expect(moved(state, gray, [0.5, 0, 1, 0.5])).toBe(true);
  });

  it('is seen where the light changes: rather one look too many', () => {
    expect(moved(viewLookedAt(view(1)), view(2, { light: 25 }))).toBe(true);
  });

  it('keeps what it learnt of the noise over the next look', () => {
    let state = viewLookedAt(view(0, { noise: 5 }));
    for (let i = 1; i <= 50; i++) [state] = stepMotion(state, view(i, { noise: 5 }), ALL);
    const after = viewLookedAt(view(51, { noise: 5 }), state);
    expect(Math.max(...after.noise)).toBeGreaterThan(3);
    expect(after.background).toEqual(view(51, { noise: 5 }));
  });
});
