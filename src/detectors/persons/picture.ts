/** A picture in memory; a `Frame` is one. */
export interface Picture {
  /** Pixels, both at least 1. */
  width: number;
  height: number;
  /** height * width * 3, row-major, R G B, 0-255. */
  rgb: Uint8Array;
}

/** A rectangle of a picture in whole pixels, inside it, at least 1x1. */
export interface PixelRect {
  left: number;
  top: number;
  width: number;
  height: number;
}
