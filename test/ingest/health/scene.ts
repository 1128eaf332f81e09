import { HEIGHT, WIDTH } from '../../../src/ingest/health/picture.js';

/** A drawn hall at camera size, so that lens and movement act on more pixels than health sees. */
export const SCENE_WIDTH = 640;
export const SCENE_HEIGHT = 360;

/** A small repeatable random generator (mulberry32), 0-1. */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Scene = Float32Array;

/** A hall: wall with posters, counter, screens, tiled floor. Different seeds are different halls. */
export function hall(seed = 1): Scene {
  const random = randomOf(seed);
  const scene = new Float32Array(SCENE_WIDTH * SCENE_HEIGHT);
  for (let y = 0; y < SCENE_HEIGHT; y++) {
    for (let x = 0; x < SCENE_WIDTH; x++) {
      const floor = y > 240 ? -40 + (((x + y) >> 5) % 2) * 14 : 0;
      scene[y * SCENE_WIDTH + x] = 150 + 20 * Math.sin(x / 190) - y / 12 + floor;
    }
  }
  for (let i = 0; i < 70; i++) {
    const [x, y] = [random() * 600, random() * 330];
    box(scene, [x, y, x + 12 + random() * 70, y + 8 + random() * 50], 30 + random() * 190);
  }
  return scene;
}

/** Paints a rectangle [left, top, right, bottom] in scene pixels. */
export function box(scene: Scene, [left, top, right, bottom]: [number, number, number, number], luma: number): Scene {
  for (let y = Math.max(0, Math.round(top)); y < Math.min(SCENE_HEIGHT, bottom); y++) {
    for (let x = Math.max(0, Math.round(left)); x < Math.min(SCENE_WIDTH, right); x++)
      scene[y * SCENE_WIDTH + x] = luma;
  }
  return scene;
}

/** A standing person: head, body, a lighter stripe. */
export function person(scene: Scene, x: number, { height = 150, luma = 60 } = {}): Scene {
  const bottom = 340;
  box(scene, [x, bottom - height * 0.82, x + height * 0.34, bottom], luma);
  box(scene, [x + height * 0.08, bottom - height, x + height * 0.25, bottom - height * 0.8], 190);
  return box(scene, [x + height * 0.12, bottom - height * 0.7, x + height * 0.2, bottom - height * 0.3], luma + 90);
}

/** The scene sampled elsewhere: each pixel comes from where `from` points. */
export function warp(scene: Scene, from: (x: number, y: number) => [number, number]): Scene {
  const result = new Float32Array(scene.length);
  const clamp = (value: number, most: number): number => Math.min(most - 1, Math.max(0, Math.round(value)));
  for (let y = 0; y < SCENE_HEIGHT; y++) {
    for (let x = 0; x < SCENE_WIDTH; x++) {
      const [fx, fy] = from(x, y);
      result[y * SCENE_WIDTH + x] = scene[clamp(fy, SCENE_HEIGHT) * SCENE_WIDTH + clamp(fx, SCENE_WIDTH)]!;
    }
  }
  return result;
}

/** Three box blurs of this radius: close to a Gaussian. */
export function blur(scene: Scene, radius: number): Scene {
  let result = scene;
  for (let pass = 0; pass < 3; pass++) result = blurLine(blurLine(result, radius, 1), radius, SCENE_WIDTH);
  return result;
}

function blurLine(scene: Scene, radius: number, stride: number): Scene {
  const result = new Float32Array(scene.length);
  for (let i = 0; i < scene.length; i++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += scene[i + k * stride] ?? scene[i]!;
    result[i] = sum / (2 * radius + 1);
  }
  return result;
}

/** What a camera gives of a scene: WIDTH * HEIGHT levels before noise. */
export function small(scene: Scene): Float32Array {
  const picture = new Float32Array(WIDTH * HEIGHT);
  const scale = SCENE_WIDTH / WIDTH;
  for (let y = 0; y < SCENE_HEIGHT; y++) {
    for (let x = 0; x < SCENE_WIDTH; x++) {
      picture[Math.floor(y / scale) * WIDTH + Math.floor(x / scale)]! += scene[y * SCENE_WIDTH + x]! / (scale * scale);
    }
  }
  return picture;
}

/** A sensor: adds noise of this standard deviation (levels, at the small size) and rounds. */
export function sensor(seed: number, deviation: number): (picture: Float32Array) => Uint8Array {
  const random = randomOf(seed);
  const noise = Float32Array.from({ length: 1 << 18 }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return deviation * radius * Math.cos(2 * Math.PI * random());
  });
  return (picture) => {
    const offset = Math.floor(random() * (noise.length - picture.length));
    // The clamped array rounds and keeps 0-255 by itself.
    const levels = new Uint8ClampedArray(picture.length);
    for (let i = 0; i < picture.length; i++) levels[i] = picture[i]! + noise[offset + i]!;
    return new Uint8Array(levels.buffer);
  };
}
