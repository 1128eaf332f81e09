import { describe, expect, it } from 'vitest';
import { yuvToRgb } from '../../../src/core/yuv.js';
import { letterbox, toPicture } from '../../../src/detectors/persons/letterbox.js';
import type { Picture } from '../../../src/detectors/persons/picture.js';

/** A picture whose colours come from a formula of the pixel. */
function paint(width: number, height: number, colour: (x: number, y: number) => [number, number, number]): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colour(x, y), (y * width + x) * 3);
  return { width, height, rgb };
}
const at = (input: { data: Uint8Array; width: number }, x: number, y: number): number[] => [
  ...input.data.subarray((y * input.width + x) * 3, (y * input.width + x) * 3 + 3),
];

/** Planes of a picture of blocks, whose colours RGB can show: what it cannot is cut off, before or after scaling. */
function planes(width: number, height: number): Picture & { yuv: Uint8Array } {
  const yuv = new Uint8Array((width * height * 3) / 2);
  for (let i = 0; i < yuv.length; i++) {
    const across = i < width * height ? width : width / 2;
    const [x, y] = [i % across, Math.floor(i / across)];
    const step = ((x >> 4) * 37 + (y >> 4) * 59) % 7;
    yuv[i] = i < width * height ? 70 + step * 20 : 112 + step * 5;
  }
  return { width, height, yuv, rgb: yuvToRgb({ width, height, yuv }, { left: 0, top: 0, width, height }) };
}

describe('letterbox of planes', () => {
  it.each([
    ['the whole picture, smaller', 640, 360, undefined, false],
    ['a part of it', 640, 360, [0.21, 0.13, 0.79, 0.9] as const, false],
    ['a part that is made much smaller', 1280, 720, [0.1, 0, 0.9, 1] as const, false],
    ['a small part made larger', 320, 180, [0.4, 0.4, 0.7, 0.8] as const, false],
    ['mirrored', 640, 360, [0.2, 0.1, 0.8, 0.9] as const, true],
  ])('is what RGB gives, but for the edges of colours: %s', (_what, width, height, region, flip) => {
    const { rgb, yuv } = planes(width, height);
    const options = { width: 192, height: 160, flip, ...(region ? { region } : {}) };
    const expected = letterbox({ width, height, rgb }, options);
    const found = letterbox({ width, height, yuv }, options);
    expect({ ...found, data: undefined }).toEqual({ ...expected, data: undefined });
    const off = found.data.reduce((sum, value, i) => sum + Math.abs(value - expected.data[i]!), 0) / found.data.length;
    expect(off).toBeLessThan(4);
  });

  it('keeps one colour exactly, at odd sizes, too', () => {
    const yuv = new Uint8Array((98 * 50 * 3) / 2).fill(120);
    const found = letterbox({ width: 98, height: 50, yuv }, { width: 61, height: 33 });
    const [r, g, b] = yuvToRgb({ width: 98, height: 50, yuv }, { left: 0, top: 0, width: 1, height: 1 });
    expect(at(found, found.content.left, found.content.top)).toEqual([r, g, b]);
    expect(at(found, found.content.left + found.content.width - 1, found.content.top)).toEqual([r, g, b]);
  });
});

describe('letterbox', () => {
  it.each([
    ['a wide picture between bars above and below', 640, 360, { left: 0, top: 16, width: 128, height: 72 }],
    ['a high picture between bars at the sides', 100, 200, { left: 38, top: 0, width: 52, height: 104 }],
    ['a small picture scaled up', 16, 13, { left: 0, top: 0, width: 128, height: 104 }],
    ['a thin picture at least one pixel wide', 1, 1000, { left: 63, top: 0, width: 1, height: 104 }],
  ])('fits %s', (_what, width, height, content) => {
    const input = letterbox(
      paint(width, height, () => [10, 20, 30]),
      { width: 128, height: 104 },
    );
    expect(input.content).toEqual(content);
    expect(at(input, content.left, content.top)).toEqual([10, 20, 30]);
    expect(at(input, content.left + content.width - 1, content.top + content.height - 1)).toEqual([10, 20, 30]);
    if (content.top > 0) expect(at(input, 0, 0)).toEqual([114, 114, 114]);
  });

  it('leaves a picture of the right size as it is', () => {
    const picture = paint(32, 32, (x, y) => [x * 8, y * 8, (x * y) % 256]);
    expect(letterbox(picture, { width: 32, height: 32 }).data).toEqual(picture.rgb);
  });

  it('averages what it makes much smaller, so that thin lines stay as a shade', () => {
    const stripes = paint(256, 256, (x) => (x % 4 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const input = letterbox(stripes, { width: 64, height: 64 });
    expect(at(input, 30, 30)).toEqual([64, 64, 64]);
  });

  it('takes a region and leads back to the whole picture', () => {
    const halves = paint(200, 100, (x) => (x < 100 ? [200, 0, 0] : [0, 0, 200]));
    const input = letterbox(halves, { width: 64, height: 64, region: [0.5, 0, 1, 1] });
    expect(at(input, 0, 0)).toEqual([0, 0, 200]);
    expect(toPicture(input, 0, 0)).toEqual([0.5, 0]);
    expect(toPicture(input, 64, 64)).toEqual([1, 1]);
  });

  it('mirrors on demand', () => {
    const halves = paint(64, 64, (x) => (x < 32 ? [200, 0, 0] : [0, 0, 200]));
    expect(at(letterbox(halves, { width: 64, height: 64, flip: true }), 0, 0)).toEqual([0, 0, 200]);
  });
});
