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

/** Planes of one picture as three arrays, row-major: luma a sample a pixel, chroma half as many each way, rounded up. */
export interface SplitPlanes {
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
}

/** Where pixels go: `stride` pixels a line of `data` (three bytes each), the top left one at `left`, `top`. */
export interface RgbTarget {
  data: Uint8Array;
  stride: number;
  left: number;
  top: number;
  /** Size of the planes' picture, pixels. */
  width: number;
  height: number;
  /** Mirrors left and right. */
  flip: boolean;
}

/** Writes planes as RGB, by ITU-R BT.601 in 16-bit fixed point; chroma is taken from the nearest sample. */
export function planesToRgb({ y: lumas, u: blues, v: reds }: SplitPlanes, target: RgbTarget): void {
  const { data, stride, left, top, width, height, flip } = target;
  const clamped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  const half = (width + 1) >> 1;
  const step = flip ? -3 : 3;
  for (let y = 0; y < height; y++) {
    const luma = y * width;
    const chroma = (y >> 1) * half;
    let to = ((top + y) * stride + left + (flip ? width - 1 : 0)) * 3;
    for (let x = 0; x < width; x++, to += step) {
      const at = chroma + (x >> 1);
      const u = blues[at]! - 128;
      const v = reds[at]! - 128;
      const c = 76309 * (lumas[luma + x]! - 16) + 32768;
      clamped[to] = (c + 104597 * v) >> 16;
      clamped[to + 1] = (c - 25675 * u - 53279 * v) >> 16;
      clamped[to + 2] = (c + 132201 * u) >> 16;
    }
  }
}
