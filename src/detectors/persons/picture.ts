/** A picture in memory; a `Frame` is one. */
export interface Picture {
  /** Pixels, both at least 1. */
  width: number;
  height: number;
  /** height * width * 3, row-major, R G B, 0-255. */
  readonly rgb: Uint8Array;
  /** The same as planes (`core/yuv.ts`), where a live camera gave them: what is moved to a worker in its place. */
  yuv?: Uint8Array | undefined;
}

/** A picture as it goes to a worker: planes where there are any, else pixels. */
export type Pixels = Pick<Picture, 'width' | 'height'> &
  ({ readonly rgb: Uint8Array; yuv?: Uint8Array | undefined } | { yuv: Uint8Array; rgb?: undefined });

/** The cheaper of what a picture has. */
export const pixelsOf = (picture: Picture): Pixels => {
  const { width, height, yuv } = picture;
  return yuv ? { width, height, yuv } : { width, height, rgb: picture.rgb };
};

/** A rectangle of a picture in whole pixels, inside it, at least 1x1. */
export interface PixelRect {
  left: number;
  top: number;
  width: number;
  height: number;
}
