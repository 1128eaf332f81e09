import { AppError } from '../../core/errors.js';
import type { Tensors } from '../../core/inference.js';

/** x, y in pixels of some picture; which one stands with the value that holds it. */
export type PixelPoint = readonly [x: number, y: number];

/** What BlazeFace marks on a face, in its own order. Left and right are the picture's, not the person's. */
export const LANDMARKS = ['leftEye', 'rightEye', 'nose', 'mouth', 'leftEar', 'rightEar'] as const;
export type Landmarks = Readonly<Record<(typeof LANDMARKS)[number], PixelPoint>>;

/** A face in input pixels, before it is put back into the picture. */
export interface InputFace {
  /** 0-1. */
  score: number;
  /** From the brows to the chin, ear to ear; input pixels. */
  box: readonly [x1: number, y1: number, x2: number, y2: number];
  landmarks: Landmarks;
}

/** Side of the network's input, pixels. */
export const FACE_INPUT = 256;

/** The two grids: cells a side, anchors in a cell, and the outputs that hold scores and boxes. */
const GRIDS = [
  { cells: 16, anchors: 2, scores: 'Identity', boxes: 'Identity_2' },
  { cells: 8, anchors: 6, scores: 'Identity_1', boxes: 'Identity_3' },
] as const;
const VALUES = 4 + LANDMARKS.length * 2;

/** Boxes of one face overlap by at least this much (intersection over union). */
const SAME_FACE = 0.3;

/**
 * Faces of one look (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019): every
 * anchor sits at the centre of its cell and has no size of its own, so the network's values are pixels relative to it.
 * Anchors that mean the same face are averaged by their scores instead of suppressed, as the paper does against jitter.
 * @param outputs the four outputs of the 256x256 network
 * @returns best first
 */
export function decodeBlazeface(outputs: Tensors, minScore: number): InputFace[] {
  const minLogit = Math.log(minScore / (1 - minScore));
  const candidates: Candidate[] = [];
  for (const { cells, anchors, scores, boxes } of GRIDS) {
    const logits = outputs[scores]?.data;
    const values = outputs[boxes]?.data;
    if (!logits || !values) throw new AppError('internal', 'blazeface: outputs missing');
    const step = FACE_INPUT / cells;
    for (let i = 0; i < cells * cells * anchors; i++) {
      if (!(logits[i]! >= minLogit)) continue;
      const cell = Math.floor(i / anchors);
      const centre = [((cell % cells) + 0.5) * step, (Math.floor(cell / cells) + 0.5) * step] as const;
      candidates.push(candidateAt(values.slice(i * VALUES, (i + 1) * VALUES), centre, logits[i]!));
    }
  }
  return blend(candidates);
}

interface Candidate {
  score: number;
  /** x1, y1, x2, y2, then x and y of the landmarks; input pixels. */
  values: number[];
}

function candidateAt(raw: ArrayLike<number>, [cx, cy]: PixelPoint, logit: number): Candidate {
  const [x, y, halfWidth, halfHeight] = [raw[0]! + cx, raw[1]! + cy, raw[2]! / 2, raw[3]! / 2];
  const values = [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
  for (let i = 4; i < VALUES; i += 2) values.push(raw[i]! + cx, raw[i + 1]! + cy);
  return { score: 1 / (1 + Math.exp(-logit)), values };
}

function blend(candidates: Candidate[]): InputFace[] {
  let rest = [...candidates].sort((a, b) => b.score - a.score);
  const faces: InputFace[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const same = rest.filter((other) => other === best || overlap(best.values, other.values) > SAME_FACE);
    rest = rest.filter((other) => !same.includes(other));
    const weight = same.reduce((sum, { score }) => sum + score, 0);
    const mean = best.values.map(
      (_, i) => same.reduce((sum, { score, values }) => sum + score * values[i]!, 0) / weight,
    );
    faces.push(faceOf(best.score, mean));
  }
  return faces;
}

function overlap(a: readonly number[], b: readonly number[]): number {
  const width = Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!);
  const height = Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: readonly number[]): number => (box[2]! - box[0]!) * (box[3]! - box[1]!);
  return (width * height) / (area(a) + area(b) - width * height);
}

function faceOf(score: number, values: readonly number[]): InputFace {
  const [x1, y1, x2, y2] = values as [number, number, number, number];
  const point = (i: number): PixelPoint => [values[4 + 2 * i]!, values[5 + 2 * i]!];
  const landmarks = Object.fromEntries(LANDMARKS.map((name, i) => [name, point(i)]));
  return { score, box: [x1, y1, x2, y2], landmarks: landmarks as Landmarks };
}

/** The face as it lies in the mirror image of an input of that width: left becomes right. */
export function mirrorFace({ score, box, landmarks }: InputFace, width: number): InputFace {
  const at = (name: keyof Landmarks): PixelPoint => [width - landmarks[name][0], landmarks[name][1]];
  return {
    score,
    box: [width - box[2], box[1], width - box[0], box[3]],
    landmarks: {
      leftEye: at('rightEye'),
      rightEye: at('leftEye'),
      nose: at('nose'),
      mouth: at('mouth'),
      leftEar: at('rightEar'),
      rightEar: at('leftEar'),
    },
  };
}
