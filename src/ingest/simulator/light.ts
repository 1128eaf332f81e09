import { parseDuration } from '../../core/duration.js';
import { NOISE_ROOM } from './noise.js';
import { during, type LightScript, type Span } from './script.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './sprite.js';

/** What the light does to a picture at an instant: a factor for each pixel. Undefined where it does nothing. */
export type Gain = (x: number, y: number) => number;

/** How far a shadow's edge fades, share of the picture's width: a person's shadow under a hall's ceiling is soft. */
const SHADOW_EDGE = 0.12;
const SHADOW_DEPTH = 0.35;
const NIGHT = 0.02;

/** The light of a script at `offsetMs` of its loop. */
export function gainAt(script: LightScript, offsetMs: number): Gain | undefined {
  const daylight = daylightAt(script.daylight ?? [], offsetMs);
  const night = during(script.night ?? [], offsetMs);
  const lamps = (script.lamps ?? []).filter(({ spans }) => during(spans, offsetMs));
  const shadows = (script.shadows ?? []).flatMap((span) => (during([span], offsetMs) ? [placeOf(span, offsetMs)] : []));
  if (night) return () => NIGHT;
  if (daylight === 1 && lamps.length === 0 && shadows.length === 0) return undefined;
  return (x, y) => {
    // Daylight comes from the left, so that it falls off across the hall while it is weak.
    let gain = daylight * (1 + (1 - daylight) * (0.5 - x));
    for (const lamp of lamps)
      gain += lamp.strength * Math.exp(-((x - lamp.x) ** 2 + (y - lamp.y) ** 2) / (2 * lamp.reach ** 2));
    for (const place of shadows) {
      const depth = Math.max(0, 1 - Math.abs(x - place) / SHADOW_EDGE);
      gain *= 1 - SHADOW_DEPTH * depth * depth * (3 - 2 * depth);
    }
    return gain;
  };
}

/** Between two entries the daylight changes evenly; before the first and after the last it stays. */
function daylightAt(daylight: ReadonlyArray<readonly [at: string, level: number]>, offsetMs: number): number {
  const points = daylight.map(([at, level]) => ({ at: parseDuration(at), level }));
  const next = points.findIndex(({ at }) => at > offsetMs);
  if (points.length === 0) return 1;
  if (next === 0) return points[0]!.level;
  if (next < 0) return points.at(-1)!.level;
  const [a, b] = [points[next - 1]!, points[next]!];
  return a.level + ((b.level - a.level) * (offsetMs - a.at)) / (b.at - a.at);
}

/** A shadow crosses the picture once in its span, from the left to the right. */
const placeOf = ([from, to]: Span, offsetMs: number): number =>
  -SHADOW_EDGE + ((1 + 2 * SHADOW_EDGE) * (offsetMs - parseDuration(from))) / (parseDuration(to) - parseDuration(from));

/** Light changes slowly over a picture: it is worked out for blocks of so many pixels a side. */
const BLOCK = 4;

/** The picture in that light, clipped like a sensor. */
export function inLight(rgb: Uint8Array, gain: Gain): Uint8Array {
  const lit = new Uint8Array(rgb.length);
  const factors = new Float32Array(PICTURE_WIDTH / BLOCK);
  for (let y = 0, i = 0; y < PICTURE_HEIGHT; y++) {
    if (y % BLOCK === 0) {
      for (let b = 0; b < factors.length; b++) factors[b] = gain((b * BLOCK) / PICTURE_WIDTH, y / PICTURE_HEIGHT);
    }
    for (let x = 0; x < PICTURE_WIDTH; x++, i += 3) {
      const factor = factors[Math.floor(x / BLOCK)]!;
      lit[i] = clipped(rgb[i]! * factor);
      lit[i + 1] = clipped(rgb[i + 1]! * factor);
      lit[i + 2] = clipped(rgb[i + 2]! * factor);
    }
  }
  return lit;
}

/** Room stays for the sensor's noise at both ends. */
const clipped = (value: number): number => Math.max(NOISE_ROOM, Math.min(255 - NOISE_ROOM, value));

/** The picture of a camera that was pushed: everything `pixels` further left, the right edge drawn out. */
export function pushed(rgb: Uint8Array, pixels: number): Uint8Array {
  const moved = new Uint8Array(rgb.length);
  for (let y = 0; y < PICTURE_HEIGHT; y++) {
    for (let x = 0; x < PICTURE_WIDTH; x++) {
      const from = (y * PICTURE_WIDTH + Math.min(PICTURE_WIDTH - 1, x + pixels)) * 3;
      moved.set(rgb.subarray(from, from + 3), (y * PICTURE_WIDTH + x) * 3);
    }
  }
  return moved;
}
