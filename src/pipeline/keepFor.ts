import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { wallMs } from '../core/time.js';
import type { HashedFiles } from './hashedFiles.js';

const EVERY_MS = 6 * 3_600_000;

/** Removes pictures older than `keepMs`, now and every six hours. Returns what ends it. */
export function keepFor(
  files: Pick<HashedFiles, 'removeBefore'>,
  keepMs: number,
  { clock, log, what }: { clock: Clock; log: Logger; what: string },
): () => void {
  const sweep = (): void => {
    try {
      const removed = files.removeBefore(wallMs(clock.now() - keepMs));
      if (removed > 0) log.info({ what, removed }, 'old pictures removed');
    } catch (error) {
      // What could not be removed now is tried again at the next turn.
      log.error({ what, error: messageOf(error) }, 'old pictures not removed');
    }
  };
  sweep();
  const timer = clock.every(EVERY_MS, sweep);
  return () => timer.cancel();
}
