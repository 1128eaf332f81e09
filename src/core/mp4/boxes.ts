import { AppError } from '../errors.js';

/** One box of an ISO base media file (ISO/IEC 14496-12): where it lies in the bytes it was found in. */
export interface Box {
  /** Four characters. */
  type: string;
  /** First byte of its header. */
  start: number;
  /** First byte of its content. */
  body: number;
  /** One past its last byte. */
  end: number;
}

/** A view of the bytes for big-endian numbers, whatever buffer they lie in. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The box that begins at `at`; undefined where its header is not there whole. `end` may lie beyond the bytes. */
export function boxAt(bytes: Uint8Array, at: number): Box | undefined {
  if (at + 8 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  let size = view.getUint32(at);
  let header = 8;
  if (size === 1) {
    if (at + 16 > bytes.length) return undefined;
    size = Number(view.getBigUint64(at + 8));
    header = 16;
  }
  if (size < header) throw new AppError('bad-input', `MP4: box ${JSON.stringify(type)} at ${at}: size ${size}`);
  return { type, start: at, body: at + header, end: at + size };
}

/**
 * The boxes between `from` and `to`, in order. A last one that breaks off is not given.
 * @throws AppError `bad-input` for a size that cannot be
 */
export function* boxesIn(bytes: Uint8Array, from = 0, to = bytes.length): Generator<Box> {
  for (let at = from; at < to; ) {
    const box = boxAt(bytes, at);
    if (!box || box.end > to) return;
    yield box;
    at = box.end;
  }
}

/** All boxes of this type directly inside `parent`. */
export const childrenOf = (bytes: Uint8Array, parent: Box, type: string): Box[] =>
  [...boxesIn(bytes, parent.body, parent.end)].filter((box) => box.type === type);

/** The first box along a path of types, from the top; undefined where one is missing. */
export function findBox(bytes: Uint8Array, path: readonly string[], parent?: Box): Box | undefined {
  let found = parent;
  for (const type of path) {
    const inside = found ? boxesIn(bytes, found.body, found.end) : boxesIn(bytes);
    found = [...inside].find((box) => box.type === type);
    if (!found) return undefined;
  }
  return found;
}

/** A box of this type around `content`, shorter than 4 GiB. */
export function makeBox(type: string, ...content: Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 8);
  const bytes = new Uint8Array(size);
  viewOf(bytes).setUint32(0, size);
  bytes.set(Buffer.from(type, 'latin1'), 4);
  let at = 8;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
