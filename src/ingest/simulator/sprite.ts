import sharp from 'sharp';
import { type Drawing, SCENE_HEIGHT, SCENE_WIDTH } from './art/svg.js';
import { NOISE_ROOM } from './noise.js';

/** Pictures leave the simulator at the size of a camera's sub-stream. */
export const PICTURE_WIDTH = SCENE_WIDTH / 2;
export const PICTURE_HEIGHT = SCENE_HEIGHT / 2;

/**
 * A rasterised drawing and where it goes. `rgba` is height * width * 4, row-major, straight alpha; colours lie between
 * NOISE_ROOM and 255 - NOISE_ROOM.
 */
export interface Sprite {
  x: number;
  y: number;
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** Rasterises a drawing at picture size, cut to the picture. */
export async function rasterise(drawing: Drawing): Promise<Sprite> {
  const { bounds } = drawing;
  const x = Math.max(0, Math.floor(bounds.x / 2));
  const y = Math.max(0, Math.floor(bounds.y / 2));
  const width = Math.min(PICTURE_WIDTH, Math.ceil((bounds.x + bounds.width) / 2)) - x;
  const height = Math.min(PICTURE_HEIGHT, Math.ceil((bounds.y + bounds.height) / 2)) - y;
  const view = `viewBox="${x * 2} ${y * 2} ${width * 2} ${height * 2}" width="${width}" height="${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${view}>${drawing.body}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { x, y, width, height, rgba: withRoom(data) };
}

/** Colours drawn together so that noise can be added without clipping; alpha stays. */
function withRoom(rgba: Uint8Array): Uint8Array {
  const scale = (255 - 2 * NOISE_ROOM) / 255;
  return rgba.map((value, i) => (i % 4 === 3 ? value : NOISE_ROOM + Math.round(value * scale)));
}

/** Lays a sprite over a picture (`rgb`: PICTURE_HEIGHT * PICTURE_WIDTH * 3, row-major), in place. */
export function lay(rgb: Uint8Array, sprite: Sprite): void {
  const { rgba } = sprite;
  for (let row = 0; row < sprite.height; row++) {
    let from = row * sprite.width * 4;
    let to = ((sprite.y + row) * PICTURE_WIDTH + sprite.x) * 3;
    for (let column = 0; column < sprite.width; column++, from += 4, to += 3) {
      const alpha = rgba[from + 3]!;
      if (alpha === 0) continue;
      if (alpha === 255) {
        rgb[to] = rgba[from]!;
        rgb[to + 1] = rgba[from + 1]!;
        rgb[to + 2] = rgba[from + 2]!;
        continue;
      }
      for (let channel = 0; channel < 3; channel++) {
        const under = rgb[to + channel]!;
        rgb[to + channel] = under + Math.round(((rgba[from + channel]! - under) * alpha) / 255);
      }
    }
  }
}
