import { describe, expect, it } from 'vitest';
import { GRAY_HEIGHT, GRAY_WIDTH, smallGray, smallGrayOfLuma } from '../../src/ingest/pictures.js';

const picture = (width: number, height: number, colour: (x: number, y: number) => [number, number, number]) => {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colour(x, y), (y * width + x) * 3);
  return smallGray(rgb, width, height);
};

describe('smallGray', () => {
  it.each([
    [640, 360],
    [1920, 1080],
    [641, 359],
    [100, 40],
    [1, 1],
  ])('turns %ix%i into the same size', (width, height) => {
    const gray = picture(width, height, () => [200, 200, 200]);
    expect(gray).toHaveLength(GRAY_WIDTH * GRAY_HEIGHT);
    expect(gray.every((value) => value === 200)).toBe(true);
  });

  it('weighs colours as the eye does', () => {
    expect(picture(160, 90, () => [255, 0, 0])[0]).toBe(76);
    expect(picture(160, 90, () => [0, 255, 0])[0]).toBe(149);
    expect(picture(160, 90, () => [0, 0, 255])[0]).toBe(28);
    expect(picture(160, 90, () => [255, 255, 255])[0]).toBe(255);
  });

  it('takes the mean of each cell, in its place', () => {
    const gray = picture(320, 180, (x, y) =>
      x < 160 === y < 90 ? [(x % 2) * 100, (x % 2) * 100, (x % 2) * 100] : [9, 9, 9],
    );
    expect(gray[0]).toBe(50);
    expect(gray[GRAY_WIDTH - 1]).toBe(9);
    expect(gray[GRAY_WIDTH * (GRAY_HEIGHT - 1)]).toBe(9);
    expect(gray.at(-1)).toBe(50);
  });
});

describe('smallGrayOfLuma', () => {
  /** Luma that is different in every pixel, levels 16-235. */
  const luma = (width: number, height: number): Uint8Array =>
    Uint8Array.from({ length: width * height }, (_, i) => 16 + ((i * 7919) % 220));

  it('is the mean of each cell, its levels spread as in RGB', () => {
    const picture = luma(640, 360);
    const gray = smallGrayOfLuma(picture, 640, 360);
    for (const [x, y] of [
      [0, 0],
      [159, 89],
      [80, 45],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += picture[(y * 4 + (i >> 2)) * 640 + x * 4 + (i & 3)]!;
      expect(gray[y * GRAY_WIDTH + x]).toBe(Math.round(((sum / 16 - 16) * 255) / 219));
    }
  });

  it('is the same wherever the planes lie in memory, and takes other sizes', () => {
    const picture = luma(640, 360);
    const shifted = new Uint8Array(picture.length + 1).subarray(1);
    shifted.set(picture);
    expect(smallGrayOfLuma(shifted, 640, 360)).toEqual(smallGrayOfLuma(picture, 640, 360));
    expect(smallGrayOfLuma(new Uint8Array(320 * 240).fill(235), 320, 240)).toEqual(new Uint8Array(14_400).fill(255));
    expect(smallGrayOfLuma(new Uint8Array(1920 * 1080).fill(16), 1920, 1080)).toEqual(new Uint8Array(14_400));
  });
});
