import { AppError } from '../../core/errors.js';
import type { Tensors } from '../../core/inference.js';
import { COCO_LABELS } from './cocoLabels.js';

/** A box in input pixels, before it is put back into the picture. */
export interface InputBox {
  label: string;
  /** 0-1. */
  score: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export interface DecodeOptions {
  /** 0-1. */
  minScore: number;
  /** Classes wanted; all where absent. */
  labels?: readonly string[];
  /** Classes in the order of the network's channels. Default: all of COCO. */
  classes?: readonly string[] | undefined;
}

/** The output that holds a score for each cell and class. */
export const HEAT = 'tower_0/keypoints';

/** The network's grid has one cell for each 4x4 input pixels. */
const CELL = 4;

/**
 * Objects of one look (Zhou et al., "Objects as Points", 2019): a cell whose score is the greatest of its 3x3 neighbours
 * is the centre of an object; the second output holds the distances from there to the four edges.
 * @param outputs `tower_0/keypoints` [1, h, w, classes] and `tower_0/wh` [1, h, w, 4]
 */
export function decodeCenternet(
  outputs: Tensors,
  { minScore, labels, classes: names = COCO_LABELS }: DecodeOptions,
): InputBox[] {
  const heat = outputs[HEAT];
  const sizes = outputs['tower_0/wh'];
  if (!heat || !sizes) throw new AppError('internal', 'centernet: outputs missing');
  const [, height, width, classes] = heat.shape as [number, number, number, number];
  const wanted = wantedClasses(labels, names);
  const found: InputBox[] = [];
  for (let cell = 0; cell < height * width; cell++) {
    for (const c of wanted) {
      const at = cell * classes + c;
      const score = heat.data[at]!;
      if (score < minScore) continue;
      const x = cell % width;
      const y = (cell - x) / width;
      if (!isPeak(heat.data, { x, y, at, width, height, classes })) continue;
      const edge = (i: number): number => sizes.data[cell * 4 + i]!;
      const [cx, cy] = [x * CELL, y * CELL];
      const box = { x1: cx - edge(0), y1: cy - edge(1), x2: cx + edge(2), y2: cy + edge(3) };
      found.push({ label: names[c]!, score, ...box });
    }
  }
  return found;
}

function wantedClasses(labels: readonly string[] | undefined, names: readonly string[]): number[] {
  if (!labels) return [...names.keys()];
  return labels.map((label) => {
    const index = names.indexOf(label);
    if (index < 0) throw new AppError('usage', `objects: ${label}: not a class of this network`);
    return index;
  });
}

interface Cell {
  x: number;
  y: number;
  at: number;
  width: number;
  height: number;
  classes: number;
}

function isPeak(data: ArrayLike<number>, { x, y, at, width, height, classes }: Cell): boolean {
  const score = data[at]!;
  for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++) {
    for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
      if (data[at + (dy * width + dx) * classes]! > score) return false;
    }
  }
  return true;
}
