import { describe, expect, it } from 'vitest';
import { GRAY_HEIGHT, GRAY_WIDTH, smallGray } from '../../src/ingest/pictures.js';

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
