import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { type RgbPicture, videoDecoder } from './ffmpeg/decoder.js';
import { decodeVideoCommand, type FfmpegInput } from './ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from './ffmpeg/ffmpegProcess.js';

export interface OnePictureOptions {
  /** Widest picture wanted, pixels. */
  maxWidth: number;
  /** Longest wait for it, ms. */
  limitMs: number;
  clock: Clock;
  log: Logger;
}

/** The next key frame of a stream, over a connection of its own. Undefined where none comes in time. Never throws. */
export async function onePicture(
  input: FfmpegInput,
  { maxWidth, limitMs, clock, log }: OnePictureOptions,
  signal: AbortSignal,
): Promise<RgbPicture | undefined> {
  const over = new AbortController();
  const abort = (): void => over.abort();
  const timer = clock.after(limitMs, abort);
  signal.addEventListener('abort', abort, { once: true });
  const command = decodeVideoCommand(input, {
    ...{ size: { maxWidth }, keyframesOnly: true, pick: { kind: 'all' }, threads: 1 },
  });
  const decoder = videoDecoder(startFfmpeg)(command, { clock, log, signal: over.signal });
  try {
    for await (const picture of decoder.items) return picture;
  } catch (error) {
    log.debug({ error: messageOf(error) }, 'no picture of the main stream');
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', abort);
    // A decoder that was only asked for one picture is in nobody's way while it ends.
    void decoder.stop();
  }
  return undefined;
}
