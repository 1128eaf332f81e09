import { describe, expect, it } from 'vitest';
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
