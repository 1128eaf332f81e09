import {
  type Box,
  boundsOf,
  boxHeight,
  boxWidth,
  clampBox,
  containsPoint,
  type Point,
  type Polygon,
  shareInside,
} from '../../core/geometry.js';

/** The desk in a picture. */
export interface DeskZone {
  /** Never empty: all of the picture where none is drawn. */
  polygon: Polygon;
  /** Its bounds: what is compared. */
  bounds: Box;
  /** The bounds with a margin: what the network looks at, since a thing may stand up out of the desk. */
  region: Box;
  /** Where the people are looked for who may stand or sit behind the desk: a chest alone is not found. */
  surroundings: Box;
}

const WHOLE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const MARGIN = 0.08;
/** A thing belongs to the desk with at least this share of its box inside the zone. */
const BELONGS = 0.5;

/** Makes the zone of a desk; an empty polygon is the whole picture. */
export function deskZone(polygon: Polygon): DeskZone {
  const drawn = polygon.length === 0 ? WHOLE : polygon;
  const bounds = clampBox(boundsOf(drawn));
  const [x, y] = [boxWidth(bounds) * MARGIN, boxHeight(bounds) * MARGIN];
  const region = clampBox([bounds[0] - x, bounds[1] - y, bounds[2] + x, bounds[3] + y]);
  const [w, h] = [boxWidth(bounds), boxHeight(bounds)];
  const reach = Math.max(0.6 * w, 2 * h);
  const surroundings = clampBox([bounds[0] - 0.3 * w, bounds[1] - reach, bounds[2] + 0.3 * w, bounds[3] + 0.5 * h]);
  return { polygon: drawn, bounds, region, surroundings };
}

/** A thing belongs to the desk that holds most of it, or its foot: what stands on a desk reaches out of it. */
export const belongsTo = (zone: DeskZone, box: Box): boolean => {
  const foot: Point = [(box[0] + box[2]) / 2, box[3] - 0.1 * boxHeight(box)];
  return shareInside(box, zone.polygon) >= BELONGS || containsPoint(zone.polygon, foot);
};

/** Of a person whose box ends within the desk, so much sits behind it: a box ends a little below the edge that cuts it. */
const BEHIND = 0.15;

/** What of a person's box is in front of the desk: somebody behind it ends at its far edge. */
export function beforeDesk(zone: DeskZone, box: Box): Box {
  const [, top, , bottom] = zone.bounds;
  const endsInside = box[3] < bottom - 0.15 * (bottom - top);
  return endsInside ? [box[0], box[1], box[2], box[3] - BEHIND * boxHeight(box)] : box;
}
