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
