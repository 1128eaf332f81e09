import { type Point, type Polygon, polygonArea, selfIntersects, signedArea } from '../../../src/core/geometry.js';
import { distance, edgesOf, nearestOnEdge } from './snap.js';

export const movePoint = (polygon: Polygon, index: number, to: Point): Polygon =>
  polygon.map((point, i) => (i === index ? to : point));

export const removePoint = (polygon: Polygon, index: number): Polygon => polygon.filter((_, i) => i !== index);

/** Puts a point into the edge nearest to it. */
export function insertPoint(polygon: Polygon, at: Point, aspect: number): Polygon {
  if (polygon.length < 3) return [...polygon, at];
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  edgesOf(polygon).forEach((edge, i) => {
    const away = distance(at, nearestOnEdge(at, edge, aspect), aspect);
    if (away < bestDistance) [best, bestDistance] = [i, away];
  });
  return [...polygon.slice(0, best + 1), at, ...polygon.slice(best + 1)];
}

/** The whole polygon moved, stopping at the picture's border. */
export function movePolygon(polygon: Polygon, [dx, dy]: Point): Polygon {
  const xs = polygon.map((p) => p[0]);
  const ys = polygon.map((p) => p[1]);
  const limit = (d: number, low: number, high: number): number => Math.min(1 - high, Math.max(-low, d));
  const [mx, my] = [limit(dx, Math.min(...xs), Math.max(...xs)), limit(dy, Math.min(...ys), Math.max(...ys))];
  return polygon.map(([x, y]) => [Math.round((x + mx) * 1e4) / 1e4, Math.round((y + my) * 1e4) / 1e4] as const);
}

/** Why a polygon cannot be a zone, or undefined where it can. An empty one means "not drawn" and is fine. */
export function faultOf(polygon: Polygon): 'few' | 'crossed' | 'small' | undefined {
  if (polygon.length === 0) return undefined;
  if (polygon.length < 3) return 'few';
  if (selfIntersects(polygon)) return 'crossed';
  return polygonArea(polygon) < 0.0005 ? 'small' : undefined;
}

/** The same zone with its corners clockwise on screen, as it is stored. */
export const clockwise = (polygon: Polygon): Polygon => (signedArea(polygon) < 0 ? [...polygon].reverse() : polygon);
