import { type Box, boundsOf, boxHeight, boxWidth, type Polygon, shareInside } from '../../core/geometry.js';

/** A person as the zones judge it; a `DetectedObject` is one. */
export interface PersonBox {
  box: Box;
  /** 0-1. */
  score: number;
}

/** A place a person can count for. */
export interface Zone {
  id: string;
  /** `staff`: judged by the upper body. `citizens`: judged by the whole body. */
  side: 'staff' | 'citizens';
  polygon: Polygon;
}

/** Upper-body height of a person of whom the whole is seen, in widths of the box and in heights of the box. */
const HEIGHT_IN_WIDTHS = 1.2;
const HEIGHT_IN_HEIGHTS = 0.5;

/** "Most of": least share of the upper body in a staff zone, or of the whole body in a citizen zone. */
const MOST = 0.5;

/**
 * Least height of a person against the height of the staff zone. A zone is drawn around one place of work, so whoever works
 * there fills a good part of it (half and more on the labelled pictures); smaller people are further back in the hall.
 */
const LEAST_HEIGHT = 0.25;

/**
 * Head, shoulders and chest of a person's box. A standing person's box is about two and a half times as high as wide, its
 * upper half is the upper body; a seated person's box ends at the counter and is about as high as wide: all of it is. At
 * least half the height, since a box cut by the picture's side is too narrow to tell.
 */
export function upperBody(box: Box): Box {
  const byWidth = Math.max(HEIGHT_IN_WIDTHS * boxWidth(box), HEIGHT_IN_HEIGHTS * boxHeight(box));
  return [box[0], box[1], box[2], box[1] + Math.min(boxHeight(box), byWidth)];
}

/**
 * The persons of each zone, best score first. A person counts for one zone at most: the staff zone that holds most of the
 * upper body, else the citizen zone that holds most of the body. Somebody whose body is more in a citizen zone than in the
 * staff zone leans over the counter and is no staff.
 */
export function assignToZones<P extends PersonBox>(persons: readonly P[], zones: readonly Zone[]): Map<string, P[]> {
  const assigned = new Map<string, P[]>(zones.map((zone) => [zone.id, []]));
  for (const person of [...persons].sort((a, b) => b.score - a.score)) {
    const zone = zoneOf(person.box, zones);
    if (zone) assigned.get(zone.id)!.push(person);
  }
  return assigned;
}

function zoneOf(box: Box, zones: readonly Zone[]): Zone | undefined {
  const staff = fullest(
    upperBody(box),
    zones.filter((zone) => zone.side === 'staff' && isBigEnough(box, zone)),
  );
  const citizens = fullest(
    box,
    zones.filter((zone) => zone.side === 'citizens'),
  );
  const leans = staff !== undefined && citizens !== undefined && citizens.share > shareInside(box, staff.zone.polygon);
  if (staff && staff.share >= MOST && !leans) return staff.zone;
  return citizens && citizens.share >= MOST ? citizens.zone : leans ? citizens.zone : undefined;
}

interface Filled {
  zone: Zone;
  /** Share of the box inside the zone, 0-1. */
  share: number;
}

/** The zone that holds the greatest share of a box. */
function fullest(box: Box, zones: readonly Zone[]): Filled | undefined {
  return zones
    .map((zone) => ({ zone, share: shareInside(box, zone.polygon) }))
    .filter(({ share }) => share > 0)
    .reduce<Filled | undefined>((best, each) => (best && best.share >= each.share ? best : each), undefined);
}

const isBigEnough = (box: Box, zone: Zone): boolean =>
  boxHeight(box) >= LEAST_HEIGHT * boxHeight(boundsOf(zone.polygon));
