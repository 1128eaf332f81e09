import type { Point, Polygon } from '../../../src/core/geometry.js';

/** What pulls a point, with the picture's shape so that "near" means the same in both directions. */
export interface SnapTargets {
  /** Zones whose corners and edges attract. */
  zones: readonly Polygon[];
  /** Width divided by height of the picture. */
  aspect: number;
  /** How near counts, as a fraction of the picture's height. */
  within: number;
}

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));
const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Distance of two points in fractions of the picture's height. */
export const distance = (a: Point, b: Point, aspect: number): number => Math.hypot((a[0] - b[0]) * aspect, a[1] - b[1]);

/** The point of the edge `a`-`b` nearest to `p`. */
export function nearestOnEdge(p: Point, [a, b]: readonly [Point, Point], aspect: number): Point {
  const [dx, dy] = [(b[0] - a[0]) * aspect, b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : clamp01(((p[0] - a[0]) * aspect * dx + (p[1] - a[1]) * dy) / length);
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

export const edgesOf = (polygon: Polygon): Array<readonly [Point, Point]> =>
  polygon.map((point, i) => [point, polygon[(i + 1) % polygon.length]!] as const);

const nearest = (p: Point, candidates: readonly Point[], { aspect, within }: SnapTargets): Point | undefined => {
  let best: Point | undefined;
  let bestDistance = within;
  for (const candidate of candidates) {
    const away = distance(p, candidate, aspect);
    if (away <= bestDistance) [best, bestDistance] = [candidate, away];
  }
  return best;
};

/**
 * Where a dragged point lands: on a near corner of another zone, else on a near edge, else on the picture's border where
 * that is near, else where it is. Always inside the picture, in steps of 1/10000.
 */
export function snap(p: Point, targets: SnapTargets): Point {
  const free: Point = [clamp01(p[0]), clamp01(p[1])];
  const corner = nearest(free, targets.zones.flat(), targets);
  if (corner) return corner;
  const onEdges = targets.zones
    .filter((zone) => zone.length > 1)
    .flatMap(edgesOf)
    .map((edge) => nearestOnEdge(free, edge, targets.aspect));
  const [x, y] = nearest(free, onEdges, targets) ?? free;
  const nearX = targets.within / targets.aspect;
  const border = (value: number, near: number): number => (value < near ? 0 : value > 1 - near ? 1 : value);
  return [round(border(x, nearX)), round(border(y, targets.within))];
}

/** The second point moved so that the edge from the first runs level, upright or at 45 degrees (Shift while drawing). */
export function straighten(from: Point, to: Point, aspect: number): Point {
  const [dx, dy] = [(to[0] - from[0]) * aspect, to[1] - from[1]];
  const step = Math.PI / 4;
  const angle = Math.round(Math.atan2(dy, dx) / step) * step;
  const length = Math.hypot(dx, dy);
  return [
    round(clamp01(from[0] + (Math.cos(angle) * length) / aspect)),
    round(clamp01(from[1] + Math.sin(angle) * length)),
  ];
}
