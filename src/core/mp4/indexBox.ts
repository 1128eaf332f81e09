import { makeBox, viewOf } from './boxes.js';

/** One fragment as the index lists it. */
export interface IndexedFragment {
  bytes: number;
  /** Ticks until the next one. */
  ticks: number;
  key: boolean;
}

/**
 * The box `sidx` (ISO/IEC 14496-12, segment index) for fragments that follow it at once: with it a player knows the length
 * of a fragmented file and where to jump, without reading all of it.
 */
export function makeIndexBox(
  track: { id: number; timescale: number },
  fragments: readonly IndexedFragment[],
): Uint8Array {
  const content = new Uint8Array(24 + fragments.length * 12);
  const view = viewOf(content);
  view.setUint32(4, track.id);
  view.setUint32(8, track.timescale);
  view.setUint16(22, fragments.length);
  fragments.forEach(({ bytes, ticks, key }, i) => {
    const at = 24 + i * 12;
    view.setUint32(at, bytes);
    view.setUint32(at + 4, Math.max(0, Math.round(ticks)));
    // Begins with a stream access point of type 1: a key frame that everything after it can be decoded from.
    view.setUint32(at + 8, key ? 0x9000_0000 : 0);
  });
  return makeBox('sidx', content);
}
