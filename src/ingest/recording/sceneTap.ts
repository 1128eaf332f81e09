import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { plusMs } from '../../core/time.js';
import { recordCommand } from '../ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import type { SceneTap } from '../simulator/openScene.js';
import type { FileWriter, TimedFragment } from './fileWriter.js';
import { fragmentDecoder } from './recordStream.js';

export interface SceneTapOptions {
  writer: FileWriter;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Records a simulated camera: the video it was encoded into is copied, not encoded anew, and written as far as it has been
 * played, so that a recording never runs ahead of the pictures.
 */
export function sceneTap({ writer, clock, log, signal }: SceneTapOptions): SceneTap {
  let waiting: TimedFragment[] = [];
  return {
    async piece(path, from) {
      const command = recordCommand({ kind: 'file', path }, 'copy');
      writer.from('main', ['simulated']);
      // What is left of the piece before was never played.
      waiting = [];
      try {
        const { items } = fragmentDecoder(startFfmpeg)(command, { clock, log, signal });
        for await (const fragment of items) {
          waiting.push({ ...fragment, at: plusMs(from, Math.round(fragment.startMs)) });
        }
      } catch (error) {
        if (!signal.aborted) log.warn({ error: messageOf(error) }, 'simulated camera could not be recorded');
        writer.lost('encoder');
      }
    },
    reached(at) {
      while (waiting[0] && waiting[0].at <= at) writer.write(waiting.shift()!);
    },
  };
}
