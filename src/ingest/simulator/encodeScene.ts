import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { encodeVideoCommand } from '../ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './sprite.js';
import type { Stage } from './stage.js';

/** Distance of a simulated camera's pictures; each one is a key frame, as the sub-stream of a camera with a 2 s GOP. */
export const PICTURE_EVERY_MS = 2000;

export interface EncodeSceneOptions {
  /** First picture, milliseconds since the beginning of the loop; the loop goes round by itself. */
  fromMs: number;
  lengthMs: number;
  /** Distance of pictures, milliseconds. Default PICTURE_EVERY_MS. */
  everyMs?: number;
  codec?: 'h264' | 'h265';
  clock: Clock;
  log: Logger;
  signal?: AbortSignal;
}

/**
 * Paints a stretch of a scene and encodes it into a video file, a key frame every 2 s. Its container follows the ending
 * of `path` (`.mp4`, `.ts`, `.mkv`).
 * @throws AppError `process` where ffmpeg fails, `cancelled` when the signal fires
 */
export async function encodeScene(stage: Stage, path: string, options: EncodeSceneOptions): Promise<void> {
  const { fromMs, lengthMs, everyMs = PICTURE_EVERY_MS, codec = 'h264', signal } = options;
  const command = encodeVideoCommand({
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    fps: 1000 / everyMs,
    codec,
    keyframeEveryS: PICTURE_EVERY_MS / 1000,
    target: { path },
  });
  const { clock, log } = options;
  // What a killed process left behind; ffmpeg replaces no file.
  await rm(path, { force: true });
  const child = startFfmpeg(command, { clock, log, ...(signal ? { signal } : {}) });
  child.stdout.resume();
  const gone = child.exited.then(() => 'gone' as const);
  for (let ms = 0; ms < lengthMs; ms += everyMs) {
    const drained = child.stdin.write(stage.paint(fromMs + ms)) || once(child.stdin, 'drain').catch(() => undefined);
    // A child that ended never drains its input.
    if (drained !== true && (await Promise.race([drained, gone])) === 'gone') break;
    if (signal?.aborted) break;
  }
  child.stdin.end();
  const exit = await child.exited;
  if (signal?.aborted) throw new AppError('cancelled', `scene ${stage.scene.name}: stopped`);
  if (exit.failure) throw exit.failure;
  if (exit.code !== 0) {
    throw new AppError('process', `scene ${stage.scene.name}: not encoded: ${lastWords(exit)}`, { retryable: true });
  }
}
