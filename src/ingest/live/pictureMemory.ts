/** Memory for pictures that threads share. */
export interface PictureMemory {
  /** Memory for one picture, its contents undefined. It is used again only when nothing refers to this very array any more. */
  take(bytes: number): Uint8Array;
  /** Places there are, used or free. */
  readonly places: number;
}

export interface PictureMemoryOptions {
  /** Places there may be now; more pictures than that get memory of their own. */
  most(): number;
  /** Calls back some time after an array is gone; the default is the runtime's own. Tests give another. */
  watch?: (freed: (place: Place) => void) => { register(array: Uint8Array, place: Place): void };
}

/** Where a picture lies. */
export interface Place {
  memory: SharedArrayBuffer;
  offset: number;
  bytes: number;
}

/** Places that are made at once. */
const SLAB = 16;

/**
 * Memory for pictures, used again and again. A picture of a third of a megabyte, a hundred times a second, makes the runtime
 * collect its whole heap each second: it does so for each 64 MB that arrays take from outside of the heap. A place is used
 * again when the collector has found that its array is gone, so nobody has to say when he is done with a picture, and a part of
 * it (`subarray`) must not outlive it.
 */
export function pictureMemory({ most, watch = collector }: PictureMemoryOptions): PictureMemory {
  const free = new Map<number, Place[]>();
  let places = 0;
  const freeOf = (bytes: number): Place[] => {
    const known = free.get(bytes) ?? [];
    free.set(bytes, known);
    return known;
  };
  const watched = watch((place) => freeOf(place.bytes).push(place));

  const grow = (bytes: number): Place[] => {
    const known = freeOf(bytes);
    if (places + SLAB > most()) return known;
    const memory = new SharedArrayBuffer(SLAB * bytes);
    places += SLAB;
    for (let i = 0; i < SLAB; i++) known.push({ memory, offset: i * bytes, bytes });
    return known;
  };

  return {
    take(bytes) {
      const place = freeOf(bytes).pop() ?? grow(bytes).pop();
      if (!place) return new Uint8Array(new SharedArrayBuffer(bytes));
      const array = new Uint8Array(place.memory, place.offset, bytes);
      watched.register(array, place);
      return array;
    },
    get places() {
      return places;
    },
  };
}

function collector(freed: (place: Place) => void): { register(array: Uint8Array, place: Place): void } {
  return new FinalizationRegistry<Place>(freed);
}
