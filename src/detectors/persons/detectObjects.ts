import { type Box, clampBox } from '../../core/geometry.js';
import type { Tensors } from '../../core/inference.js';
import { decodeCenternet } from './centernet.js';
import { giveInput } from './inputMemory.js';
import { type Letterboxed, letterbox, toPicture } from './letterbox.js';
import { suppress } from './nms.js';
import type { Picture, Pixels } from './picture.js';

/** One thing in a picture. */
export interface DetectedObject {
  /** COCO class name. */
  label: string;
  /** 0-1. */
  score: number;
  /** Fractions of the whole picture, inside 0-1. */
  box: Box;
}

/** The centernet network at one input size, loaded here or in the pool. */
export interface ObjectNetwork {
  size: { width: number; height: number };
  /** COCO classes in the order of its channels; all 80 where absent. */
  classes?: readonly string[] | undefined;
  run(inputs: Tensors, signal?: AbortSignal): Promise<Tensors>;
}

export interface DetectOptions {
  /** Least score, 0-1. */
  minScore: number;
  /** COCO classes wanted; all where absent. */
  labels?: readonly string[];
  /** Part of the picture to look at, fractions; all of it where absent. Boxes come back in fractions of the whole. */
  region?: Box;
  /** Looks at the mirror image; boxes come back unmirrored. */
  flip?: boolean;
}

/** Finds things in a picture: what the pool offers to detectors. */
export type ObjectFinder = (
  picture: Picture,
  options: DetectOptions,
  signal?: AbortSignal,
) => Promise<DetectedObject[]>;

/** One look with one network. Boxes of one class that are the same thing are merged; the best score comes first. */
export async function detectObjects(
  picture: Pixels,
  network: ObjectNetwork,
  options: DetectOptions,
  signal?: AbortSignal,
): Promise<DetectedObject[]> {
  const input = letterbox(picture, { ...network.size, region: options.region, flip: options.flip });
  const tensor = { shape: [1, input.height, input.width, 3], data: input.data };
  const outputs = await network.run({ 'tower_0/images': tensor }, signal);
  giveInput(input.data);
  const boxes = decodeCenternet(outputs, { ...options, classes: network.classes }).map(
    ({ label, score, x1, y1, x2, y2 }) => {
      const [left, right] = options.flip ? [input.width - x2, input.width - x1] : [x1, x2];
      return { label, score, box: boxInPicture(input, [left, y1, right, y2]) };
    },
  );
  return suppress(boxes.filter(({ box }) => box[2] > box[0] && box[3] > box[1]));
}

function boxInPicture(input: Letterboxed, [x1, y1, x2, y2]: Box): Box {
  const [left, top] = toPicture(input, x1, y1);
  const [right, bottom] = toPicture(input, x2, y2);
  return clampBox([left, top, right, bottom]);
}
