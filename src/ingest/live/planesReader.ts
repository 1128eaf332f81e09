import { messageOf } from '../../core/errors.js';
import { yuvBytes } from '../../core/yuv.js';
import { type NutPacket, nutReader } from '../ffmpeg/nutReader.js';
import type { OutputReader } from '../ffmpeg/outputPair.js';
import type { PictureMemory } from './pictureMemory.js';

/** Reads the pictures that a decoding child writes. */
export interface PlanesReader extends OutputReader {
  /** Takes bytes that came otherwise. Does not throw. */
  push(chunk: Uint8Array): void;
}

export interface PlanesReaderOptions {
  /** What the child was asked for, pixels. */
  size: { width: number; height: number };
  memory: PictureMemory;
  /** A picture and the number it was sent under. */
  onPicture(serial: number, planes: Uint8Array): void;
  /** The output is not what was asked for: nothing after it makes sense. */
  onLost(words: string): void;
}

/** Makes a reader of one child's output (NUT with YUV planes, time stamps in place of numbers). */
export function planesReader({ size, memory, onPicture, onLost }: PlanesReaderOptions): PlanesReader {
  const reader = nutReader({ take: memory.take });
  const bytesOfPicture = yuvBytes(size.width, size.height);
  let lost = false;

  const give = (read: () => NutPacket[]): void => {
    if (lost) return;
    try {
      for (const { ptsMs, data } of read()) {
        if (data.length === bytesOfPicture) onPicture(Math.round(ptsMs), data);
      }
    } catch (error) {
      lost = true;
      onLost(messageOf(error));
    }
  };

  return {
    space: reader.space,
    wrote: (bytes) => give(() => reader.wrote(bytes)),
    push: (chunk) => give(() => reader.push(chunk)),
  };
}
