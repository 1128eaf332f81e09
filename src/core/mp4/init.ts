import { AppError } from '../errors.js';
import { type Box, childrenOf, findBox, viewOf } from './boxes.js';

/** One track as its header declares it. */
export interface Mp4Track {
  id: number;
  kind: 'video' | 'audio' | 'other';
  /** Ticks a second. */
  timescale: number;
  /** Four characters of the sample entry: `avc1`, `hvc1`, `hev1`, `mp4a`, ... */
  codec: string;
  /** Pixels; 0 for sound. */
  width: number;
  height: number;
  /** Used where a fragment does not say: ticks, and the flags of a sample. */
  defaultDuration: number;
  defaultFlags: number;
}

/** The header of a fragmented MP4 file: what every fragment after it needs. */
export interface Mp4Init {
  /** `ftyp` and `moov`. */
  bytes: Uint8Array;
  tracks: readonly Mp4Track[];
  video: Mp4Track;
}

/**
 * Reads `ftyp` + `moov`.
 * @throws AppError `bad-input` where there is no video track
 */
export function readInit(bytes: Uint8Array): Mp4Init {
  const moov = findBox(bytes, ['moov']);
  if (!moov) throw new AppError('bad-input', 'MP4: no moov box');
  const tracks = childrenOf(bytes, moov, 'trak').flatMap((trak) => readTrack(bytes, trak) ?? []);
  const defaults = findBox(bytes, ['mvex'], moov);
  for (const trex of defaults ? childrenOf(bytes, defaults, 'trex') : []) {
    const view = viewOf(bytes);
    const track = tracks.find(({ id }) => id === view.getUint32(trex.body + 4));
    if (!track) continue;
    track.defaultDuration = view.getUint32(trex.body + 12);
    track.defaultFlags = view.getUint32(trex.body + 20);
  }
  const video = tracks.find(({ kind }) => kind === 'video');
  if (!video) throw new AppError('bad-input', 'MP4: no video track');
  return { bytes, tracks, video };
}

function readTrack(bytes: Uint8Array, trak: Box): Mp4Track | undefined {
  const view = viewOf(bytes);
  const tkhd = findBox(bytes, ['tkhd'], trak);
  const mdhd = findBox(bytes, ['mdia', 'mdhd'], trak);
  const hdlr = findBox(bytes, ['mdia', 'hdlr'], trak);
  const stsd = findBox(bytes, ['mdia', 'minf', 'stbl', 'stsd'], trak);
  if (!tkhd || !mdhd || !hdlr || !stsd) return undefined;
  const long = (box: Box): boolean => bytes[box.body] === 1;
  const handler = text(bytes, hdlr.body + 8);
  const kind = handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other';
  // Width and height of a visual sample entry stand 24 bytes into its fields.
  const entry = stsd.body + 8;
  return {
    id: view.getUint32(tkhd.body + (long(tkhd) ? 20 : 12)),
    kind,
    timescale: view.getUint32(mdhd.body + (long(mdhd) ? 20 : 12)),
    codec: text(bytes, entry + 4),
    width: kind === 'video' ? view.getUint16(entry + 32) : 0,
    height: kind === 'video' ? view.getUint16(entry + 34) : 0,
    defaultDuration: 0,
    defaultFlags: 0,
  };
}

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** True where fragments after `a` can be played after the header `b`: the same tracks, coded the same way. */
export const sameInit = (a: Mp4Init, b: Mp4Init): boolean => a === b || Buffer.compare(a.bytes, b.bytes) === 0;
