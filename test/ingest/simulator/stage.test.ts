import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/hash.js';
import { findScene } from '../../../src/ingest/simulator/scenes.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../../../src/ingest/simulator/sprite.js';
import { openStage, type Stage } from '../../../src/ingest/simulator/stage.js';

const MINUTE = 60_000;
const mean = (rgb: Uint8Array): number => rgb.reduce((sum, value) => sum + value, 0) / rgb.length;

/** Share of pixels that differ by more than noise, 0-1. */
function changed(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 1; i < a.length; i += 3) if (Math.abs(a[i]! - b[i]!) > 24) count += 1;
  return (count * 3) / a.length;
}

describe('a painted scene', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(findScene('hall-2'));
  });

  it('has the size of a sub-stream', () => {
    expect(stage.paint(0)).toHaveLength(PICTURE_WIDTH * PICTURE_HEIGHT * 3);
  });

  it('is the same bytes for the same instant, whatever was painted before, and a loop later', async () => {
    const again = await openStage(findScene('hall-2'));
    const at = 25 * MINUTE + 2000;
    const expected = sha256(stage.paint(at));
    stage.paint(3 * MINUTE);
    expect(sha256(stage.paint(at))).toBe(expected);
    expect(sha256(again.paint(at + 40 * MINUTE))).toBe(expected);
  });

  it('never repeats a picture, because a sensor has noise', () => {
    expect(sha256(stage.paint(0))).not.toBe(sha256(stage.paint(2000)));
  });

  it('shows somebody leaving, and nothing else', () => {
    const share = changed(stage.paint(21 * MINUTE - 1), stage.paint(21 * MINUTE));
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.1);
  });

  it('is dark and without detail while the lens is covered', () => {
    const covered = stage.paint(12 * MINUTE);
    expect(mean(covered)).toBeLessThan(40);
    expect(changed(covered, covered.slice().fill(28))).toBeLessThan(0.001);
  });
});
