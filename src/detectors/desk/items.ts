import { type Box, boxArea, boxCentre, containsPoint, intersectionArea, polygonArea } from '../../core/geometry.js';
import type { DetectedObject } from '../persons/detectObjects.js';
import { FORBIDDEN_BY_DEFAULT } from './deskKinds.js';
import type { DeskReason } from './deskVerdict.js';
import type { DeskStandard, ItemRule } from './standard.js';
import type { DeskZone } from './zone.js';

/** A thing that is shown by a screen stands on no desk. */
const SCREENS = ['tv', 'laptop'];
const ON_SCREEN = 0.85;
const SCREEN_SCORE = 0.3;

/**
 * What is wrong with the things on a desk: forbidden, too many, in the wrong place, missing. `coveredShare` is how much of
 * the desk cannot be seen: nothing is missing while something covers the place where it may stand.
 */
export function itemReasons(
  objects: readonly DetectedObject[],
  standard: DeskStandard,
  { zone, coveredShare }: { zone: DeskZone; coveredShare: number },
): DeskReason[] {
  const screens = objects.filter(({ label, score }) => SCREENS.includes(label) && score >= SCREEN_SCORE);
  return standard.items.flatMap((rule) => {
    const things = oneEach(objects.filter((object) => answers(object, rule) && !isShown(object, screens)));
    return reasonsOf(rule, things, { zone, coveredShare });
  });
}

const answers = ({ label, score }: DetectedObject, { classes, minScore }: ItemRule): boolean =>
  classes.includes(label) && score >= minScore;

/** Food on a screen is a picture of food. A cup before a screen is a cup, so only things that fit no screen are dropped. */
function isShown({ label, box }: DetectedObject, screens: readonly DetectedObject[]): boolean {
  const by = FORBIDDEN_BY_DEFAULT.includes(label) ? screens : screens.filter((screen) => screen.label === 'tv');
  return by.some((screen) => screen.box !== box && intersectionArea(screen.box, box) > ON_SCREEN * boxArea(box));
}

/** Two boxes of one thing under two classes of the same rule are one thing. */
function oneEach(things: readonly DetectedObject[]): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const thing of [...things].sort((a, b) => b.score - a.score)) {
    const again = kept.some(
      ({ box }) => intersectionArea(box, thing.box) > 0.6 * Math.min(boxArea(box), boxArea(thing.box)),
    );
    if (!again) kept.push(thing);
  }
  return kept;
}

function reasonsOf(
  rule: ItemRule,
  things: readonly DetectedObject[],
  { zone, coveredShare }: { zone: DeskZone; coveredShare: number },
): DeskReason[] {
  const told = (thing: DetectedObject): DeskReason => ({
    kind: 'item',
    label: rule.name,
    box: thing.box,
    area: shareOf(thing.box, zone),
    score: thing.score,
  });
  if (rule.rule === 'forbidden') return things.map(told);
  const astray = things.filter(({ box }) => !standsRight(box, rule)).map(told);
  if (rule.rule === 'required') {
    const hidden = coveredShare > HIDES_A_THING;
    return things.length === 0 && !hidden ? [{ kind: 'missing', label: rule.name }] : astray;
  }
  const tooMany = things.filter(({ box }) => standsRight(box, rule)).slice(rule.max ?? Number.POSITIVE_INFINITY);
  return [...astray, ...tooMany.map(told)];
}

/** Somebody who covers this share of a desk may stand before a thing of it. */
const HIDES_A_THING = 0.05;

/** The foot of a thing decides where it stands. */
function standsRight(box: Box, { places }: ItemRule): boolean {
  const [x, middle] = boxCentre(box);
  const foot = middle + 0.8 * (box[3] - middle);
  return places.length === 0 || places.some((place) => containsPoint(place, [x, foot]));
}

/** Percent of the zone, 0-100, one decimal. */
const shareOf = (box: Box, zone: DeskZone): number =>
  Math.round(Math.min(100, (100 * boxArea(box)) / Math.max(1e-6, polygonArea(zone.polygon))) * 10) / 10;
