import sharp from 'sharp';
import { AppError, errnoOf, messageOf } from '../core/errors.js';
import type { Picture } from './persons/picture.js';

/** A picture file in memory, turned upright. */
export interface ReadPicture extends Picture {
  /** Size of the file's own picture, upright, pixels; `width` and `height` may be smaller. */
  fullWidth: number;
  fullHeight: number;
}

export interface ReadPictureOptions {
  /** Larger pictures are scaled down to this on the longer side, pixels. Default 1920. */
  longest?: number;
}

/** 100 megapixels: beyond any camera of a hall, and a bound on memory for a file that lies about its size. */
const MOST_PIXELS = 100_000_000;

/**
 * Reads a JPEG, PNG, WebP, GIF (first frame), TIFF or AVIF file, or the bytes of one; an EXIF rotation is applied.
 * @throws AppError `not-found`, `bad-input` (no picture, broken, too large)
 */
export async function readPicture(
  source: string | Uint8Array,
  { longest = 1920 }: ReadPictureOptions = {},
): Promise<ReadPicture> {
  const path = typeof source === 'string' ? source : `upload of ${source.length} bytes`;
  try {
    const { autoOrient } = await sharp(source, { limitInputPixels: MOST_PIXELS }).metadata();
    const { data, info } = await sharp(source, { limitInputPixels: MOST_PIXELS, failOn: 'truncated' })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rgb = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { width: info.width, height: info.height, rgb, fullWidth: autoOrient.width, fullHeight: autoOrient.height };
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' || /input file is missing/i.test(messageOf(cause))) {
      throw new AppError('not-found', `picture: ${path}: no such file`, { cause });
    }
    throw new AppError('bad-input', `picture: ${path}: ${messageOf(cause).split('\n')[0]}`, {
      cause,
      hint: 'give a whole JPEG, PNG, WebP, TIFF or AVIF file of at most 100 megapixels',
    });
  }
}
