/** Size of a picture, pixels, both even, and its planes. */
export interface YuvPicture {
  width: number;
  height: number;
  /** Luma (height * width), then blue and red chroma (each height/2 * width/2): YUV 4:2:0, BT.601, levels 16-235. */
  yuv: Uint8Array;
}

/** Bytes of a picture in YUV 4:2:0. */
export const yuvBytes = (width: number, height: number): number => (width * height * 3) / 2;

/** A rectangle of whole pixels inside a picture. */
interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * A part of a picture as RGB (rect.height * rect.width * 3, row-major, 0-255), by ITU-R BT.601 in 16-bit fixed point. Chroma
 * is taken from the nearest sample, as swscale does where it does not scale.
 */
export function yuvToRgb({ width, height, yuv }: YuvPicture, rect: Rect): Uint8Array {
  const rgb = new Uint8Array(rect.width * rect.height * 3);
  const clamped = new Uint8ClampedArray(rgb.buffer);
  const half = width >> 1;
  const blueAt = width * height;
  const redAt = blueAt + half * (height >> 1);
  let to = 0;
  for (let y = rect.top; y < rect.top + rect.height; y++) {
    const luma = y * width;
    const chroma = (y >> 1) * half;
    for (let x = rect.left; x < rect.left + rect.width; x++, to += 3) {
      const at = chroma + (x >> 1);
      const u = yuv[blueAt + at]! - 128;
      const v = yuv[redAt + at]! - 128;
      const c = 76309 * (yuv[luma + x]! - 16) + 32768;
      clamped[to] = (c + 104597 * v) >> 16;
      clamped[to + 1] = (c - 25675 * u - 53279 * v) >> 16;
      clamped[to + 2] = (c + 132201 * u) >> 16;
    }
  }
  return rgb;
}
