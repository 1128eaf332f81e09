/** Size of the small gray picture that picture health looks at, pixels. */
export const GRAY_WIDTH = 160;
export const GRAY_HEIGHT = 90;

/**
 * A small gray picture: the mean luma of each cell of a regular grid (box filter).
 * @param rgb height * width * 3, row-major, 0-255; width and height at least 1
 * @returns `GRAY_HEIGHT * GRAY_WIDTH` bytes, row-major, 0-255. Luma by ITU-R BT.601, in integers.
 */
export function smallGray(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const left = edges(width, GRAY_WIDTH);
  const top = edges(height, GRAY_HEIGHT);
  const gray = new Uint8Array(GRAY_WIDTH * GRAY_HEIGHT);
  const sums = new Float64Array(GRAY_WIDTH);
  for (let row = 0; row < GRAY_HEIGHT; row++) {
    const bottom = Math.max(top[row + 1]!, top[row]! + 1);
    sums.fill(0);
    for (let y = top[row]!; y < bottom; y++) addRow(sums, rgb, { start: y * width, left });
    for (let column = 0; column < GRAY_WIDTH; column++) {
      const pixels = (bottom - top[row]!) * Math.max(1, left[column + 1]! - left[column]!);
      gray[row * GRAY_WIDTH + column] = sums[column]! / pixels / 256;
    }
  }
  return gray;
}

/**
 * The same from luma alone (`core/yuv.ts`; the levels 16-235 are spread to 0-255, as in RGB).
 * @param luma height * width, row-major; more bytes may follow
 */
export function smallGrayOfLuma(luma: Uint8Array, width: number, height: number): Uint8Array {
  if (width === 4 * GRAY_WIDTH && height === 4 * GRAY_HEIGHT && luma.byteOffset % 4 === 0) return quarterGray(luma);
  const left = edges(width, GRAY_WIDTH);
  const top = edges(height, GRAY_HEIGHT);
  const gray = new Uint8Array(GRAY_WIDTH * GRAY_HEIGHT);
  const clamped = new Uint8ClampedArray(gray.buffer);
  const sums = new Int32Array(GRAY_WIDTH);
  for (let row = 0; row < GRAY_HEIGHT; row++) {
    const bottom = Math.max(top[row + 1]!, top[row]! + 1);
    sums.fill(0);
    for (let y = top[row]!; y < bottom; y++) {
      const start = y * width;
      for (let column = 0; column < GRAY_WIDTH; column++) {
        const end = start + Math.max(left[column + 1]!, left[column]! + 1);
        let sum = 0;
        for (let i = start + left[column]!; i < end; i++) sum += luma[i]!;
        sums[column]! += sum;
      }
    }
    for (let column = 0; column < GRAY_WIDTH; column++) {
      const pixels = (bottom - top[row]!) * Math.max(1, left[column + 1]! - left[column]!);
      clamped[row * GRAY_WIDTH + column] = ((sums[column]! / pixels - 16) * 255) / 219;
    }
  }
  return gray;
}

/** The usual size, 640 x 360: four pixels are read and added at once, in pairs of 16 bits, which is four times as fast. */
function quarterGray(luma: Uint8Array): Uint8Array {
  const gray = new Uint8Array(GRAY_WIDTH * GRAY_HEIGHT);
  const clamped = new Uint8ClampedArray(gray.buffer);
  const words = new Uint32Array(luma.buffer, luma.byteOffset, GRAY_WIDTH * GRAY_HEIGHT * 4);
  for (let row = 0, to = 0; row < GRAY_HEIGHT; row++) {
    for (let at = row * 4 * GRAY_WIDTH; at < row * 4 * GRAY_WIDTH + GRAY_WIDTH; at++, to++) {
      const a = words[at]!;
      const b = words[at + GRAY_WIDTH]!;
      const c = words[at + 2 * GRAY_WIDTH]!;
      const d = words[at + 3 * GRAY_WIDTH]!;
      const even = (a & PAIRS) + (b & PAIRS) + (c & PAIRS) + (d & PAIRS);
      const odd = ((a >>> 8) & PAIRS) + ((b >>> 8) & PAIRS) + ((c >>> 8) & PAIRS) + ((d >>> 8) & PAIRS);
      const sum = (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
      clamped[to] = ((sum / 16 - 16) * 255) / 219;
    }
  }
  return gray;
}

const PAIRS = 0x00ff00ff;

/** Cell borders; in a picture smaller than the grid, neighbouring cells share pixels. */
function edges(length: number, cells: number): Uint16Array {
  return Uint16Array.from({ length: cells + 1 }, (_, i) => Math.floor((i * length) / cells));
}

/** Adds the luma (times 256) of one row's pixels to the sums of their cells. `start` is the row's first pixel. */
function addRow(sums: Float64Array, rgb: Uint8Array, { start, left }: { start: number; left: Uint16Array }): void {
  for (let column = 0; column < sums.length; column++) {
    let i = (start + left[column]!) * 3;
    const end = Math.max(i + 3, (start + left[column + 1]!) * 3);
    let sum = 0;
    for (; i < end; i += 3) sum += 77 * rgb[i]! + 150 * rgb[i + 1]! + 29 * rgb[i + 2]!;
    sums[column] = sums[column]! + sum;
  }
}
