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
  for (let row = 0; row < GRAY_HEIGHT; row++) {
    for (let column = 0; column < GRAY_WIDTH; column++) {
      gray[row * GRAY_WIDTH + column] = meanLuma(
        rgb,
        width,
        [left[column]!, left[column + 1]!],
        [top[row]!, top[row + 1]!],
      );
    }
  }
  return gray;
}

type Span = readonly [from: number, to: number];

/** Cell borders; in a picture smaller than the grid, neighbouring cells share pixels. */
function edges(length: number, cells: number): Uint16Array {
  return Uint16Array.from({ length: cells + 1 }, (_, i) => Math.floor((i * length) / cells));
}

function meanLuma(rgb: Uint8Array, width: number, [x1, x2]: Span, [y1, y2]: Span): number {
  let sum = 0;
  const right = Math.max(x2, x1 + 1);
  const bottom = Math.max(y2, y1 + 1);
  for (let y = y1; y < bottom; y++) {
    const end = (y * width + right) * 3;
    for (let i = (y * width + x1) * 3; i < end; i += 3) sum += 77 * rgb[i]! + 150 * rgb[i + 1]! + 29 * rgb[i + 2]!;
  }
  return (sum / ((right - x1) * (bottom - y1))) >> 8;
}
