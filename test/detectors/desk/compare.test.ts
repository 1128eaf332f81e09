import { describe, expect, it } from 'vitest';
import { phaseCorrelate } from '../../../src/detectors/desk/phaseCorrelation.js';
import { compareWith, deskReference } from '../../../src/detectors/desk/references.js';
import { register, viewPlane } from '../../../src/detectors/desk/register.js';
import { defaultStandard } from '../../../src/detectors/desk/standard.js';
import { deskZone } from '../../../src/detectors/desk/zone.js';
import type { Picture } from '../../../src/detectors/persons/picture.js';

const WIDTH = 320;
const HEIGHT = 180;

/** A repeatable scene of many rectangles, as the camera sees it `dx` pixels aside and in another light. */
function scene(
  seed: number,
  { dx = 0, gain = 1, thing }: { dx?: number; gain?: number; thing?: [number, number, number] } = {},
): Picture {
  let state = seed;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const gray = new Float32Array(WIDTH * HEIGHT).fill(120);
  const lay = (left: number, top: number, size: number, level: number): void => {
    for (let y = Math.max(0, top); y < Math.min(HEIGHT, top + size); y++) {
      for (let x = Math.max(0, left + dx); x < Math.min(WIDTH, left + size + dx); x++) gray[y * WIDTH + x] = level;
    }
  };
  for (let i = 0; i < 160; i++) lay(next(WIDTH + 80) - 40, next(HEIGHT), 6 + next(26), 40 + next(170));
  if (thing) lay(...thing, 240);
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (const [i, level] of gray.entries()) {
    rgb.fill(Math.min(255, level * gain * (0.85 + (0.3 * (i % WIDTH)) / WIDTH)), i * 3, i * 3 + 3);
  }
  return { width: WIDTH, height: HEIGHT, rgb };
}

const zone = deskZone([
  [0.2, 0.3],
  [0.8, 0.3],
  [0.8, 0.95],
  [0.2, 0.95],
]);
const limits = defaultStandard().difference;
const compare = (reference: Picture, now: Picture) =>
  compareWith([deskReference(reference, zone)], now, { zone, hidden: [], limits });

describe('comparing a desk with its references', () => {
  it('finds a slide by phase correlation, whatever the light', () => {
    const found = phaseCorrelate(viewPlane(scene(1)), viewPlane(scene(1, { dx: 20, gain: 0.7 })));
    expect(found).toMatchObject({ dx: 16, dy: 0 });
  });

  it('sees the same view in another light as the same', () => {
    expect(compare(scene(1), scene(1, { gain: 0.7 }))).toEqual({ use: 'compared', regions: [] });
  });

  it('tells a thing with its place and its share of the desk', () => {
    const { use, regions } = compare(scene(1), scene(1, { gain: 0.8, thing: [150, 100, 30] }));
    expect(use).toBe('compared');
    expect(regions).toHaveLength(1);
    const [x1, y1, x2, y2] = regions[0]!.box.map((value, i) => value * (i % 2 === 0 ? WIDTH : HEIGHT)) as [
      number,
      number,
      number,
      number,
    ];
    expect(
      [Math.abs(x1 - 150), Math.abs(y1 - 100), Math.abs(x2 - 180), Math.abs(y2 - 130)].every((off) => off < 10),
    ).toBe(true);
    expect(regions[0]!.area).toBeGreaterThan(3);
    expect(regions[0]!.area).toBeLessThan(9);
  });

  it('makes a small slide good and still finds the thing', () => {
    const { use, regions } = compare(scene(1), scene(1, { dx: 4, thing: [150, 100, 30] }));
    expect({ use, regions: regions.length }).toEqual({ use: 'compared', regions: 1 });
  });

  it('calls a camera moved that slid further, and compares nothing', () => {
    expect(register(viewPlane(scene(1)), viewPlane(scene(1, { dx: 16 })))).toMatchObject({ view: 'moved' });
    expect(compare(scene(1), scene(1, { dx: 16 }))).toEqual({ use: 'moved', regions: [] });
  });

  it('leaves out a reference of quite another desk', () => {
    expect(compare(scene(1), scene(2))).toEqual({ use: 'other-view', regions: [] });
  });

  it('judges nothing that was behind a person when the reference was taken, or is now', () => {
    const person = [0.4, 0.4, 0.62, 0.85] as const;
    const now = scene(1, { thing: [150, 100, 30] });
    const hiddenThen = compareWith([deskReference(scene(1), zone, [person])], now, { zone, hidden: [], limits });
    const hiddenNow = compareWith([deskReference(scene(1), zone)], now, { zone, hidden: [person], limits });
    expect([hiddenThen.regions, hiddenNow.regions]).toEqual([[], []]);
  });

  it('takes the best of several references, each in its own light', () => {
    const withThing = scene(1, { thing: [150, 100, 30] });
    const references = [scene(1), withThing].map((picture) => deskReference(picture, zone));
    expect(compareWith(references, withThing, { zone, hidden: [], limits }).regions).toEqual([]);
  });
});
