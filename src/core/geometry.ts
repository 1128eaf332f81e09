/** A point as fractions of width and height, origin top left, each 0-1 inside the picture. */
export type Point = readonly [x: number, y: number];

/** A simple polygon, three or more points in order, not repeated at the end. Empty means "not drawn". */
export type Polygon = readonly Point[];

/** `[x1, y1, x2, y2]` as fractions, `x1 < x2`, `y1 < y2`; may reach beyond 0-1 before `clampBox`. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export const boxWidth = (box: Box): number => box[2] - box[0];
export const boxHeight = (box: Box): number => box[3] - box[1];
export const boxArea = (box: Box): number => Math.max(0, boxWidth(box)) * Math.max(0, boxHeight(box));
export const boxCentre = (box: Box): Point => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));

/** The part of the box that lies in the picture. */
export const clampBox = (box: Box): Box => [clamp01(box[0]), clamp01(box[1]), clamp01(box[2]), clamp01(box[3])];

/** Area shared by two boxes. */
export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0-1. */
export function iou(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** Signed area by the shoelace formula: positive when clockwise on screen (y grows downward). */
export function signedArea(polygon: Polygon): number {
  let twice = 0;
  polygon.forEach(([x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length]!;
    twice += x * nextY - nextX * y;
  });
  return twice / 2;
}

export const polygonArea = (polygon: Polygon): number => Math.abs(signedArea(polygon));

/** Smallest box around a polygon of at least one point. */
export function boundsOf(polygon: Polygon): Box {
  const xs = polygon.map((point) => point[0]);
  const ys = polygon.map((point) => point[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Ray casting; a point exactly on an edge may fall on either side. */
export function containsPoint(polygon: Polygon, [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i]!;
    const [xj, yj] = polygon[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * A polygon cut to a box (Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974). The box is convex, so
 * the result is right for any simple polygon up to zero-width bridges, which add no area.
 */
export function clipToBox(polygon: Polygon, box: Box): Polygon {
  const edges: ReadonlyArray<{ inside: (p: Point) => boolean; cut: (a: Point, b: Point) => Point }> = [
    { inside: (p) => p[0] >= box[0], cut: (a, b) => cutAtX(a, b, box[0]) },
    { inside: (p) => p[0] <= box[2], cut: (a, b) => cutAtX(a, b, box[2]) },
    { inside: (p) => p[1] >= box[1], cut: (a, b) => cutAtY(a, b, box[1]) },
    { inside: (p) => p[1] <= box[3], cut: (a, b) => cutAtY(a, b, box[3]) },
  ];
  let points = [...polygon];
  for (const edge of edges) {
    const kept: Point[] = [];
    points.forEach((point, i) => {
      const before = points[(i + points.length - 1) % points.length]!;
      if (edge.inside(point) !== edge.inside(before)) kept.push(edge.cut(before, point));
      if (edge.inside(point)) kept.push(point);
    });
    points = kept;
  }
  return points;
}

const cutAtX = (a: Point, b: Point, x: number): Point => [x, a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])];
const cutAtY = (a: Point, b: Point, y: number): Point => [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y];

/** Share of the box's area that lies inside the polygon, 0-1. */
export function shareInside(box: Box, polygon: Polygon): number {
  const area = boxArea(box);
  return area > 0 ? polygonArea(clipToBox(polygon, box)) / area : 0;
}

/** True when two edges of the polygon cross: such a zone has no well-defined inside. */
export function selfIntersects(polygon: Polygon): boolean {
  const n = polygon.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const adjacent = j === i + 1 || (i === 0 && j === n - 1);
      if (!adjacent && crosses(polygon[i]!, polygon[(i + 1) % n]!, polygon[j]!, polygon[(j + 1) % n]!)) return true;
    }
  }
  return false;
}

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}
