import { describe, expect, it } from 'vitest';
import { type Place, pictureMemory } from '../../../src/ingest/live/pictureMemory.js';

/** A collector that the test drives: `collect(array)` is the moment at which nobody refers to the array any more. */
function byHand(most: number) {
  const known = new Map<Uint8Array, Place>();
  let tell: (place: Place) => void = () => undefined;
  const memory = pictureMemory({
    most: () => most,
    watch(freed) {
      tell = freed;
      return { register: (array, place) => void known.set(array, place) };
    },
  });
  return { memory, collect: (array: Uint8Array) => tell(known.get(array)!), watched: () => known.size };
}

const where = (array: Uint8Array): string => `${array.byteOffset} of ${array.buffer.byteLength}`;

describe('memory of pictures', () => {
  it('never gives one place to two pictures that are in use', () => {
    const { memory } = byHand(32);
    const taken = Array.from({ length: 40 }, () => memory.take(100));
    const spans = taken.map((array) => ({ buffer: array.buffer, from: array.byteOffset }));
    const apart = spans.every((a, i) => spans.every((b, j) => i === j || a.buffer !== b.buffer || a.from !== b.from));
    expect(apart).toBe(true);
    expect(taken.every((array) => array.length === 100 && array.buffer instanceof SharedArrayBuffer)).toBe(true);
  });

  it('uses a place again when its picture is gone, for pictures of the same size', () => {
    const { memory, collect } = byHand(16);
    const first = memory.take(100);
    const place = where(first);
    collect(first);
    expect(where(memory.take(100))).toBe(place);
    expect(memory.places).toBe(16);
  });

  it('gives memory of its own beyond its bound, which is asked anew each time', () => {
    const { memory, watched } = byHand(16);
    for (let i = 0; i < 16; i++) memory.take(8);
    expect(memory.take(8).buffer.byteLength).toBe(8);
    expect(memory.take(24).buffer.byteLength).toBe(24);
    expect(watched()).toBe(16);
  });

  it('makes nothing for a hall without cameras', () => {
    const { memory } = byHand(0);
    expect(memory.take(10).buffer.byteLength).toBe(10);
    expect(memory.places).toBe(0);
  });
});
