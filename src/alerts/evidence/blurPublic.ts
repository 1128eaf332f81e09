import sharp from 'sharp';
import { AppError, messageOf } from '../../core/errors.js';
import type { Polygon } from '../../core/geometry.js';

/** A picture is this many blocks wide where it is pixelated: a face at a counter then is one or two of them. */
const BLOCKS = 28;
const QUALITY = 88;

/**
 * A picture in which only the staff side can be recognised: everything outside the zones is pixelated, whether or not a
 * detector found anybody there. What a detector misses must not leave the board.
 * @param picture a JPEG file or its bytes
 * @param zones fractions of the picture; what lies in none of them is pixelated
 * @throws AppError `bad-input` where it is no picture
 */
export async function blurPublic(picture: string | Uint8Array, zones: readonly Polygon[]): Promise<Buffer> {
  try {
    const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const raw = { raw: { width, height, channels: 3 as const } };
    const small = await sharp(data, raw)
      .resize(BLOCKS, Math.max(1, Math.round((BLOCKS * height) / width)), { fit: 'fill' })
      .png()
      .toBuffer();
    const coarse = sharp(small).resize(width, height, { fit: 'fill', kernel: 'nearest' });
    const clear = await sharp(data, raw)
      .ensureAlpha()
      .composite([{ input: Buffer.from(maskOf(zones, { width, height })), blend: 'dest-in' }])
      .png()
      .toBuffer();
    return await coarse
      .composite([{ input: clear }])
      .jpeg({ quality: QUALITY })
      .toBuffer();
  } catch (cause) {
    throw new AppError('bad-input', `picture: cannot be blurred: ${messageOf(cause)}`, { cause });
  }
}

function maskOf(zones: readonly Polygon[], { width, height }: { width: number; height: number }): string {
  const shapes = zones.map((zone) => {
    const points = zone.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`).join(' ');
    return `<polygon points="${points}" fill="#fff"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}
