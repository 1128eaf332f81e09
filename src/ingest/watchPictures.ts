import type { CameraConfig } from '../core/config/schema.js';
import type { HealthEvent } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import type { EventMs } from '../core/time.js';
import type { Picture } from './ffmpeg/decoder.js';
import { type PictureHealth, pictureHealth } from './health/pictureHealth.js';
import { smallGray, smallGrayOfLuma } from './pictures.js';

/** The picture health that a camera's settings ask for; undefined where it is switched off. */
export function pictureHealthOf(camera: CameraConfig): PictureHealth | undefined {
  const { enabled, frozenAfter, moved } = camera.health;
  return enabled ? pictureHealth({ frozenAfterMs: frozenAfter, moved }) : undefined;
}

/**
 * The same, for somebody who may accept the view while the camera runs: it takes effect with the next picture, so that
 * what it clears comes at an event time and in order.
 */
export function acceptableHealthOf(camera: CameraConfig): PictureHealth | undefined {
  const health = pictureHealthOf(camera);
  if (!health) return undefined;
  let accepted = false;
  return {
    step(gray, at) {
      const cleared = accepted ? health.acceptView() : [];
      accepted = false;
      return [...cleared, ...health.step(gray, at)];
    },
    acceptView() {
      accepted = true;
      return [];
    },
  };
}

/** The small gray picture of a decoded one. */
export function grayOf({ rgb, yuv, width, height }: Picture): Uint8Array {
  return rgb ? smallGray(rgb, width, height) : smallGrayOfLuma(yuv, width, height);
}

/** What a picture (small and gray) changes in its camera's health; usually nothing. */
export function watchPicture(
  health: PictureHealth | undefined,
  gray: Uint8Array,
  from: { camera: CameraId; at: EventMs },
): HealthEvent[] {
  return health ? health.step(gray, from.at).map((change) => ({ ...from, ...change })) : [];
}
