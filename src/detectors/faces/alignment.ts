import type { Picture } from '../persons/picture.js';
import type { PixelPoint } from './blazeface.js';

/**
 * A turn, a scale and a shift: `x' = a*x - b*y + tx`, `y' = b*x + a*y + ty`. Here it takes a point of a crop to the
 * picture it was taken from, both in pixels.
 */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** Picture pixels that one crop pixel spans. */
export const scaleOf = ({ a, b }: Similarity): number => Math.hypot(a, b);

export const applySimilarity = ({ a, b, tx, ty }: Similarity, [x, y]: PixelPoint): PixelPoint => [
  a * x - b * y + tx,
  b * x + a * y + ty,
];

/** The way back. */
export function invertSimilarity({ a, b, tx, ty }: Similarity): Similarity {
  const d = a * a + b * b;
  return { a: a / d, b: -b / d, tx: -(a * tx + b * ty) / d, ty: (b * tx - a * ty) / d };
}

/**
 * The similarity that takes `from` to `to` with the least squared error (Umeyama, "Least-squares estimation of
 * transformation parameters between two point patterns", IEEE TPAMI 13(4), 1991; in the plane it has this closed form).
 * @param from two or more points, not all the same
 */
export function fitSimilarity(from: readonly PixelPoint[], to: readonly PixelPoint[]): Similarity {
  const [fx, fy] = centroid(from);
  const [gx, gy] = centroid(to);
  let [along, across, spread] = [0, 0, 0];
  from.forEach(([x, y], i) => {
    const [dx, dy, ex, ey] = [x - fx, y - fy, to[i]![0] - gx, to[i]![1] - gy];
    along += dx * ex + dy * ey;
    across += dx * ey - dy * ex;
    spread += dx * dx + dy * dy;
  });
  const [a, b] = [along / spread, across / spread];
  return { a, b, tx: gx - a * fx + b * fy, ty: gy - b * fx - a * fy };
}

function centroid(points: readonly PixelPoint[]): PixelPoint {
  const n = points.length;
  return [points.reduce((sum, [x]) => sum + x / n, 0), points.reduce((sum, [, y]) => sum + y / n, 0)];
}

/** Beyond this many samples a side for one crop pixel nothing more is seen. */
const MOST_SAMPLES = 8;
/** Outside the picture. */
const GRAY = 114;

export interface CropSize {
  /** Pixels. */
  width: number;
  height: number;
}

/**
 * Cuts a turned crop out of a picture. Where the crop is coarser than the picture each pixel is the mean of a grid of
 * bilinear samples, so that fine lines do not alias.
 * @returns height * width * 3, row-major, R G B, 0-255; gray where the crop leaves the picture
 */
export function cutOut(picture: Picture, at: Similarity, { width, height }: CropSize): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const n = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scaleOf(at) - 0.25)));
  const sum = new Float64Array(3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      sum.fill(0);
      for (let j = 0; j < n; j++) {
        const v = y + (j + 0.5) / n;
        for (let i = 0; i < n; i++) {
          const u = x + (i + 0.5) / n;
          // Half a pixel: sample positions count from the centre of the first pixel.
          addSample(picture, at.a * u - at.b * v + at.tx - 0.5, at.b * u + at.a * v + at.ty - 0.5, sum);
        }
      }
      for (let k = 0; k < 3; k++) rgb[to + k] = sum[k]! / (n * n) + 0.5;
    }
  }
  return rgb;
}

function addSample({ width, height, rgb }: Picture, x: number, y: number, sum: Float64Array): void {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) {
    for (let k = 0; k < 3; k++) sum[k]! += GRAY;
    return;
  }
  const left = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 1, Math.floor(y)));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const u = Math.max(0, Math.min(1, x - left));
  const v = Math.max(0, Math.min(1, y - top));
  const [p, q, r, s] = [top * width + left, top * width + right, bottom * width + left, bottom * width + right];
  for (let k = 0; k < 3; k++) {
    const upper = rgb[p * 3 + k]! * (1 - u) + rgb[q * 3 + k]! * u;
    const lower = rgb[r * 3 + k]! * (1 - u) + rgb[s * 3 + k]! * u;
    sum[k]! += upper * (1 - v) + lower * v;
  }
}
