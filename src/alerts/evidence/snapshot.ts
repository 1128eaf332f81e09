import sharp, { type OverlayOptions } from 'sharp';
import { AppError, messageOf } from '../../core/errors.js';
import { boxHeight, boxWidth, clampBox } from '../../core/geometry.js';
import type { LabelledBox } from '../../core/observation.js';
import { drawable, textPath, textSize } from './glyphs.js';

/** Decoded pixels, as in a `Frame`. */
export interface Pixels {
  /** height * width * 3, row-major, R G B, 0-255. */
  rgb: Uint8Array;
  width: number;
  height: number;
}

const QUALITY = 88;
const COLOURS = ['#ff3b30', '#ffcc00', '#34c759', '#0a84ff', '#bf5af2', '#ff9f0a'] as const;

/** The picture as JPEG. @throws AppError `bad-input` where the pixels do not fit the size */
export function encodeJpeg(pixels: Pixels): Promise<Buffer> {
  return encode(pixels, []);
}

/**
 * The picture as JPEG with its boxes drawn: one colour a label, the label in Latin letters and the score in percent above
 * the box. A label that has no Latin letters shows its score alone; the words for people stand beside the picture.
 * @param boxes fractions of the picture; what lies outside is cut off
 * @throws AppError `bad-input` where the pixels do not fit the size
 */
export function drawBoxes(pixels: Pixels, boxes: readonly LabelledBox[]): Promise<Buffer> {
  return encode(pixels, [{ input: Buffer.from(overlay(pixels, boxes)), top: 0, left: 0 }]);
}

async function encode({ rgb, width, height }: Pixels, layers: OverlayOptions[]): Promise<Buffer> {
  if (rgb.length !== width * height * 3) {
    throw new AppError(
      'bad-input',
      `snapshot: ${rgb.length} bytes: ${width}x${height} RGB needs ${width * height * 3}`,
    );
  }
  try {
    const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
    return await picture.composite(layers).jpeg({ quality: QUALITY }).toBuffer();
  } catch (cause) {
    throw new AppError('internal', `snapshot ${width}x${height}: encode: ${messageOf(cause)}`, { cause });
  }
}

/** The boxes as SVG of the picture's size. Exported for its test: it is what the picture shows. */
export function overlay({ width, height }: Pick<Pixels, 'width' | 'height'>, boxes: readonly LabelledBox[]): string {
  const labels = [...new Set(boxes.map((box) => box.label))];
  const dot = Math.max(1, Math.round(width / 400));
  const stroke = Math.max(1, Math.round(width / 320));
  const shapes = boxes.map((labelled) => {
    const box = clampBox(labelled.box);
    const colour = COLOURS[labels.indexOf(labelled.label) % COLOURS.length]!;
    const [x, y] = [Math.round(box[0] * width), Math.round(box[1] * height)];
    const size = `width="${Math.round(boxWidth(box) * width)}" height="${Math.round(boxHeight(box) * height)}"`;
    const frame = `<rect x="${x}" y="${y}" ${size} fill="none" stroke="${colour}" stroke-width="${stroke}"/>`;
    return frame + caption(labelled, { x, y, dot, colour });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}

/** A plate with the label, above the box, or inside it where there is no room above. */
function caption({ label, score }: LabelledBox, at: { x: number; y: number; dot: number; colour: string }): string {
  const text = drawable(`${label} ${Math.round(score * 100)}%`).trim();
  const size = textSize(text);
  const [plateWidth, plateHeight] = [(size.width + 2) * at.dot, (size.height + 2) * at.dot];
  const top = at.y >= plateHeight ? at.y - plateHeight : at.y;
  const plate = `<rect x="${at.x}" y="${top}" width="${plateWidth}" height="${plateHeight}" fill="${at.colour}"/>`;
  return `${plate}<path d="${textPath(text, at.x + at.dot, top + at.dot, at.dot)}" fill="#000"/>`;
}
