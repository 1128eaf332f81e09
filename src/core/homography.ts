import type { Point } from './geometry.js';

/** A plane-to-plane map as 3x3, row-major, scaled so that the denominator is 1 at the first point it was made from. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** One point as it is in the picture (fractions) and on the floor (metres). */
export interface PlanePair {
  from: Point;
  to: Point;
}

/** Below this share of the largest pivot, four points do not fix a plane: three of them lie on one line. */
const SMALLEST_PIVOT = 1e-9;

/**
 * The homography that takes each `from` to its `to`, by the normalised direct linear transformation: Hartley and Zisserman,
 * "Multiple View Geometry in Computer Vision", 2nd edition, algorithm 4.2, with h33 set to 1. Four pairs are met exactly; more are
 * fitted by least squares over the algebraic error.
 * @returns undefined with fewer than four pairs, or where three of four points lie on one line, so that nothing is fixed
 */
export function homographyOf(pairs: readonly PlanePair[]): Homography | undefined {
  if (pairs.length < 4) return undefined;
  const from = normalising(pairs.map((pair) => pair.from));
  const to = normalising(pairs.map((pair) => pair.to));
  if (!from || !to) return undefined;
  const normal = normalEquations(pairs.map((pair) => [apply(from, pair.from)!, apply(to, pair.to)!] as const));
  const h = solve(normal.matrix, normal.right);
  if (!h) return undefined;
  const inner = [...h, 1] as unknown as Homography;
  const whole = multiply(inverseSimilarity(to), multiply(inner, from));
  const first = denominator(whole, pairs[0]!.from);
  if (Math.abs(first) < SMALLEST_PIVOT) return undefined;
  const scaled = whole.map((value) => value / first) as unknown as Homography;
  // A point behind the horizon of the others: the order crosses (a bow tie), and the map would fold the floor.
  return pairs.every(({ from: point }) => denominator(scaled, point) > SMALLEST_PIVOT) ? scaled : undefined;
}

/** Where the map takes a point; undefined on or beyond the horizon, where the floor has no such point. */
export function project(h: Homography, point: Point): Point | undefined {
  return apply(h, point);
}

/** Distance in the units of `to` between two points given in `from`; undefined where one lies at the horizon. */
export function distanceOnPlane(h: Homography, a: Point, b: Point): number | undefined {
  const [p, q] = [project(h, a), project(h, b)];
  return p && q && Math.hypot(p[0] - q[0], p[1] - q[1]);
}

/** Positive on the near side of the horizon, where the four points are; zero on it. */
const denominator = (h: Homography, [x, y]: Point): number => h[6] * x + h[7] * y + h[8];

function apply(h: Homography, point: Point): Point | undefined {
  const w = denominator(h, point);
  if (w < SMALLEST_PIVOT) return undefined;
  const [x, y] = point;
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** Moves the points' centre to the origin and their mean distance from it to sqrt 2 (Hartley and Zisserman, section 4.4). */
function normalising(points: readonly Point[]): Homography | undefined {
  const cx = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const cy = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  const spread = points.reduce((sum, point) => sum + Math.hypot(point[0] - cx, point[1] - cy), 0) / points.length;
  if (spread < SMALLEST_PIVOT) return undefined;
  const s = Math.SQRT2 / spread;
  return [s, 0, -s * cx, 0, s, -s * cy, 0, 0, 1];
}

const inverseSimilarity = ([s, , tx, , , ty]: Homography): Homography => [
  1 / s,
  0,
  -tx / s,
  0,
  1 / s,
  -ty / s,
  0,
  0,
  1,
];

/** Two rows a pair in eight unknowns, brought to the 8x8 normal equations; with four pairs the solution is exact. */
function normalEquations(pairs: ReadonlyArray<readonly [Point, Point]>): { matrix: number[][]; right: number[] } {
  const matrix = Array.from({ length: 8 }, () => new Array<number>(8).fill(0));
  const right = new Array<number>(8).fill(0);
  for (const [[x, y], [u, v]] of pairs) {
    const rows: ReadonlyArray<readonly [readonly number[], number]> = [
      [[x, y, 1, 0, 0, 0, -u * x, -u * y], u],
      [[0, 0, 0, x, y, 1, -v * x, -v * y], v],
    ];
    for (const [row, value] of rows) {
      row.forEach((a, i) => {
        right[i]! += a * value;
        row.forEach((b, j) => {
          matrix[i]![j]! += a * b;
        });
      });
    }
  }
  return { matrix, right };
}

/** Gaussian elimination with partial pivoting; undefined where the matrix is singular. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const largest = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    const pivot = rows.slice(column).reduce((best, row, i) => {
      return Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? column + i : best;
    }, column);
    if (Math.abs(rows[pivot]![column]!) < SMALLEST_PIVOT * largest) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= n; j++) rows[i]![j]! -= factor * rows[column]![j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

function multiply(a: Homography, b: Homography): Homography {
  const product = Array.from({ length: 9 }, (_, k) => {
    const [i, j] = [Math.floor(k / 3) * 3, k % 3];
    return a[i]! * b[j]! + a[i + 1]! * b[j + 3]! + a[i + 2]! * b[j + 6]!;
  });
  return product as unknown as Homography;
}
