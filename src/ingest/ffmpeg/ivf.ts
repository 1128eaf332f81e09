import type { DecodeUnitsOptions } from './ffmpegCommand.js';

/**
 * The beginning of an IVF file, the plainest container that carries compressed frames with time stamps
 * (https://wiki.multimedia.cx/index.php/Duck_IVF): made for VP8, but ffmpeg takes any codec by its four letters. Time
 * stamps are milliseconds.
 */
export function ivfHeader({ codec, size }: DecodeUnitsOptions): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write('DKIF', 0, 'latin1');
  bytes.writeUInt16LE(32, 6);
  bytes.write(codec === 'h264' ? 'H264' : 'HEVC', 8, 'latin1');
  bytes.writeUInt16LE(size.width, 12);
  bytes.writeUInt16LE(size.height, 14);
  bytes.writeUInt32LE(1000, 16);
  bytes.writeUInt32LE(1, 20);
  return bytes;
}

/** What stands before each frame. `ptsMs` is a whole number from 0 on. */
export function ivfFrameHeader(bytes: number, ptsMs: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(bytes, 0);
  header.writeBigUInt64LE(BigInt(ptsMs), 4);
  return header;
}
