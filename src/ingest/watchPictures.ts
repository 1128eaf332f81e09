import type { CameraConfig } from '../core/config/schema.js';
import type { HealthEvent } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import type { EventMs } from '../core/time.js';
import { type PictureHealth, pictureHealth } from './health/pictureHealth.js';
import { smallGray } from './pictures.js';

/** The picture health that a camera's settings ask for; undefined where it is switched off. */
export function pictureHealthOf(camera: CameraConfig): PictureHealth | undefined {
  const { enabled, frozenAfter, moved } = camera.health;
  return enabled ? pictureHealth({ frozenAfterMs: frozenAfter, moved }) : undefined;
}

/** What a picture changes in its camera's health; usually nothing. */
export function watchPicture(
  health: PictureHealth | undefined,
  picture: { rgb: Uint8Array; width: number; height: number },
  from: { camera: CameraId; at: EventMs },
): HealthEvent[] {
  if (!health) return [];
  const gray = smallGray(picture.rgb, picture.width, picture.height);
  return health.step(gray, from.at).map((change) => ({ ...from, ...change }));
}
