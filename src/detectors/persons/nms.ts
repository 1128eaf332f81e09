import { boxArea, intersectionArea, iou } from '../../core/geometry.js';
import type { DetectedObject } from './detectObjects.js';

export interface SuppressOptions {
  /** Two boxes of one class that overlap by more than this (intersection over union) are one thing. */
  maxIou?: number;
}

/** Non-maximum suppression for each class: of boxes of the same thing the one with the best score stays. Best first. */
export function suppress(objects: readonly DetectedObject[], { maxIou = 0.5 }: SuppressOptions = {}): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of [...objects].sort((a, b) => b.score - a.score)) {
    const repeats = kept.some((better) => better.label === object.label && iou(better.box, object.box) > maxIou);
    if (!repeats) kept.push(object);
  }
  return kept;
}

/** A box counts as inside another from this share of its area on. */
const INSIDE = 0.8;
/** A box inside another needs at least this much of the other's score to be a thing of its own. */
const OWN_SCORE = 0.6;

/**
 * Leaves out parts: a box mostly inside a larger, much more certain box of the same class is an arm or a leg of the same
 * person. A person who stands in front of another is usually about as certain, and stays.
 */
export function dropParts(objects: readonly DetectedObject[]): DetectedObject[] {
  return objects.filter((object) => !objects.some((whole) => isPartOf(object, whole)));
}

function isPartOf(object: DetectedObject, whole: DetectedObject): boolean {
  if (whole.label !== object.label || object.score >= whole.score * OWN_SCORE) return false;
  const area = boxArea(object.box);
  return boxArea(whole.box) > area && intersectionArea(object.box, whole.box) > area * INSIDE;
}
