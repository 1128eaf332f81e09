import { describe, expect, it } from 'vitest';
import { cellGrid } from '../../../src/detectors/desk/census.js';
import type { ColourPlane } from '../../../src/detectors/desk/plane.js';
import { distanceWithoutShadow } from '../../../src/detectors/desk/shadow.js';

const [WIDTH, HEIGHT] = [96, 64];
const LIMIT = 0.5;

/** A desk of brown wood with some grain; `at` may change each pixel. */
function desk(at: (rgb: readonly [number, number, number], x: number, y: number) => readonly number[]): ColourPlane {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const gray = new Float32Array(WIDTH * HEIGHT);
  for (let i = 0; i < gray.length; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const grain = ((x * 7 + y * 13) % 5) - 2;
    const [r, g, b] = at([170 + grain, 130 + grain, 90 + grain], x, y);
    rgb.set([r!, g!, b!], i * 3);
    gray[i] = 0.299 * r! + 0.587 * g! + 0.114 * b!;
  }
  return { width: WIDTH, height: HEIGHT, gray, rgb };
}
const plain = desk((rgb) => rgb);
const differing = (now: ColourPlane): number =>
  distanceWithoutShadow(plain, now, LIMIT).filter((distance) => distance >= LIMIT).length;
const inside = (x: number, y: number): boolean => x > 30 && x < 62 && y > 20 && y < 44;
const shade = (gain: number) => desk((rgb, x, y) => (inside(x, y) ? rgb.map((value) => value * gain) : rgb));

describe('a shadow with a hard edge', () => {
  it.each([0.85, 0.65, 0.5])('that leaves %d of the light is no difference', (gain) => {
    expect(differing(shade(gain))).toBe(0);
  });

  it('is none under a lamp that lights the whole desk more either', () => {
    const now = desk((rgb, x, y) => rgb.map((value) => value * (inside(x, y) ? 0.6 : 1) * 1.2));
    expect(differing(now)).toBe(0);
  });

  it.each([
    ['a blue folder', [39, 84, 138]],
    ['white papers', [243, 241, 234]],
    ['a black thing', [20, 20, 22]],
  ] as const)('%s in the same place is a difference', (_, colour) => {
    expect(differing(desk((rgb, x, y) => (inside(x, y) ? colour : rgb)))).toBeGreaterThan(4);
  });

  it('a thing of many shades of the desk’s own colour is a difference', () => {
    const now = desk((rgb, x, y) =>
      inside(x, y)
        ? rgb.map((value) => value * (0.45 + (0.5 * ((Math.floor(x / 3) * 7 + Math.floor(y / 3) * 5) % 11)) / 11))
        : rgb,
    );
    expect(differing(now)).toBeGreaterThan(4);
    expect(cellGrid(plain)).toEqual({ columns: 12, rows: 8 });
  });
});
