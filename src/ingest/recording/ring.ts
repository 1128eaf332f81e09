import { rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.js';
import type { CameraId } from '../../core/ids.js';
import { type EventMs, plusMs } from '../../core/time.js';
import { spanOf } from './layout.js';
import { namesIn } from './library.js';

/**
 * Removes what has left the ring of a camera: files whose last picture is older than `keepMs` before `now` (event time).
 * Returns how many.
 */
export function trimRing(folder: string, camera: CameraId, { now, keepMs }: { now: EventMs; keepMs: number }): number {
  const before = plusMs(now, -keepMs);
  let removed = 0;
  for (const day of namesIn(join(folder, 'ring', camera))) {
    for (const name of namesIn(join(folder, 'ring', camera, day))) {
      const span = spanOf({ class: 'ring', camera, day }, name);
      if (!span || span.end > before) continue;
      rmSync(join(folder, span.path), { force: true });
      removed += 1;
      removeWhereEmpty(dirname(join(folder, span.path)));
    }
  }
  return removed;
}

function removeWhereEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'ENOENT') throw error;
  }
}
