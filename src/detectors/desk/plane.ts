import { type Box, boxHeight, boxWidth, containsPoint, type Polygon } from '../../core/geometry.js';
import type { Picture } from '../persons/picture.js';

/** A part of a picture in gray at a working size, so that pictures of any size can be compared. */
export interface Plane {
  width: number;
  height: number;
  /** height * width, row-major, 0-255. */
  gray: Float32Array;
}

/** A plane with its colours. */
export interface ColourPlane extends Plane {
  /** height * width * 3, row-major, R G B, 0-255. */
  rgb: Uint8Array;
}

/** `grayPlane` with the colours it is the brightness of. */
export function colourPlane(picture: Picture, region: Box, size: { width: number; height: number }): ColourPlane {
  const { width, height } = size;
  const rgb = new Uint8Array(width * height * 3);
  const columns = bounds(region[0] * picture.width, region[2] * picture.width, { count: width, limit: picture.width });
  const rows = bounds(region[1] * picture.height, region[3] * picture.height, { count: height, limit: picture.height });
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const pixels = (rows.to[y]! - rows.from[y]!) * (columns.to[x]! - columns.from[x]!);
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let row = rows.from[y]!; row < rows.to[y]!; row++) {
        const begin = row * picture.width * 3 + channel;
        for (let column = columns.from[x]!; column < columns.to[x]!; column++) sum += picture.rgb[begin + column * 3]!;
      }
      rgb[i * 3 + channel] = sum / pixels + 0.5;
    }
  }
  return { ...grayPlane(picture, region, size), rgb };
}

/**
 * Brightness (BT.601) of a part of a picture, averaged down to `width` x `height`; an enlargement takes the nearest pixel.
 * @param region fractions of the picture
 */
export function grayPlane(picture: Picture, region: Box, { width, height }: { width: number; height: number }): Plane {
  const gray = new Float32Array(width * height);
  const columns = bounds(region[0] * picture.width, region[2] * picture.width, { count: width, limit: picture.width });
  const rows = bounds(region[1] * picture.height, region[3] * picture.height, { count: height, limit: picture.height });
  const { rgb } = picture;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let row = rows.from[y]!; row < rows.to[y]!; row++) {
        let at = (row * picture.width + columns.from[x]!) * 3;
        for (let column = columns.from[x]!; column < columns.to[x]!; column++, at += 3) {
          sum += 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
        }
      }
      const pixels = (rows.to[y]! - rows.from[y]!) * (columns.to[x]! - columns.from[x]!);
      gray[y * width + x] = sum / pixels;
    }
  }
  return { width, height, gray };
}

/** For each output position the input pixels it averages, at least one, inside the picture. */
function bounds(from: number, to: number, { count, limit }: { count: number; limit: number }) {
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const begin = Math.min(limit - 1, Math.max(0, Math.floor(from + ((to - from) * i) / count)));
    first[i] = begin;
    last[i] = Math.min(limit, Math.max(begin + 1, Math.floor(from + ((to - from) * (i + 1)) / count)));
  }
  return { from: first, to: last };
}

/** Size of a plane for a part of a picture: `longest` on its longer side, in multiples of `step`. */
export function planeSize(
  picture: Pick<Picture, 'width' | 'height'>,
  region: Box,
  { longest, step }: { longest: number; step: number },
): { width: number; height: number } {
  const w = Math.max(1, boxWidth(region) * picture.width);
  const h = Math.max(1, boxHeight(region) * picture.height);
  const scale = longest / Math.max(w, h);
  const whole = (side: number): number => Math.max(step * 2, Math.round((side * scale) / step) * step);
  return { width: whole(w), height: whole(h) };
}

/** Cells of a plane whose middle lies in the zone: 1 inside, 0 outside, row-major. `region` is what the plane shows. */
export function zoneCells(zone: Polygon, region: Box, grid: { columns: number; rows: number }): Uint8Array {
  const inside = new Uint8Array(grid.columns * grid.rows);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const x = region[0] + (boxWidth(region) * (column + 0.5)) / grid.columns;
      const y = region[1] + (boxHeight(region) * (row + 0.5)) / grid.rows;
      if (zone.length === 0 || containsPoint(zone, [x, y])) inside[row * grid.columns + column] = 1;
    }
  }
  return inside;
}
