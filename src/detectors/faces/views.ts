import type { Box } from '../../core/geometry.js';
import type { Picture } from '../persons/picture.js';
import type { Similarity } from './alignment.js';
import { FACE_INPUT } from './blazeface.js';

/** Room left around the picture: a face that fills it is found better when it does not touch the edge. */
const MARGIN = 1.3;
/** A tile's side as a share of the picture's shorter side, and how far the next one starts, as a share of its own. */
const TILE = 0.6;
const STRIDE = 0.67;
/** A picture with a shorter side below this is one tile, pixels. */
const SMALLEST_TILED = 480;

/**
 * Where BlazeFace looks. It was made for faces of about a tenth to two thirds of its input, so the whole picture is one
 * look, overlapping tiles find the faces of a group, and the heads of known persons get a look each.
 * @param heads boxes of persons, fractions of the picture
 * @returns each takes a point of the 256x256 input to the picture, pixels
 */
export function faceViews(picture: Size, heads: readonly Box[]): Similarity[] {
  const { width, height } = picture;
  const whole = squareView([width / 2, height / 2], Math.max(width, height) * MARGIN);
  return [whole, ...tiles(picture), ...headViews(picture, heads)];
}

/** A close look at each head alone: for people who are followed, whose heads are known to be there. */
export const headViews = (picture: Size, heads: readonly Box[]): Similarity[] =>
  heads.map((box) => headView(picture, box));

type Size = Pick<Picture, 'width' | 'height'>;

function squareView([cx, cy]: readonly [number, number], side: number): Similarity {
  return { a: side / FACE_INPUT, b: 0, tx: cx - side / 2, ty: cy - side / 2 };
}

function tiles({ width, height }: Size): Similarity[] {
  const shorter = Math.min(width, height);
  if (shorter < SMALLEST_TILED) return [];
  const side = shorter * TILE;
  const centres = (length: number): number[] => {
    const count = Math.ceil((length - side) / (side * STRIDE)) + 1;
    return Array.from({ length: count }, (_, i) => side / 2 + ((length - side) * i) / (count - 1));
  };
  return centres(height).flatMap((y) => centres(width).map((x) => squareView([x, y], side)));
}

/** The head is at the top of a person's box; half its width more is taken on each side for arms that are not spread. */
function headView({ width, height }: Size, [x1, y1, x2, y2]: Box): Similarity {
  const [w, h] = [(x2 - x1) * width, (y2 - y1) * height];
  const side = Math.max(32, Math.min(Math.max(w, h * 0.4) * 1.1, h * 1.1));
  return squareView([((x1 + x2) / 2) * width, y1 * height + side * 0.42], side);
}
