import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Mp4Init } from '../../core/mp4/init.js';
import { fragmentReader, type StreamedFragment } from '../../core/mp4/reader.js';
import { type FfmpegInput, liveVideoCommand } from '../ffmpeg/ffmpegCommand.js';
import { type FfmpegChild, lastWords, type StartFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { type Viewer, viewer } from './viewer.js';

/** One camera's stream, read once for all who look at it. */
export interface LiveChannel {
  /** The stream's beginning, once a first picture has come. @throws AppError why it never came */
  begun: Promise<Mp4Init>;
  /** Somebody more looks: gets the beginning, the pictures since the last key frame, then all that come. */
  join(): Viewer;
  readonly viewers: number;
  /** Resolves when the stream has ended by itself or by `close`. */
  ended: Promise<void>;
  close(): Promise<void>;
}

export interface LiveChannelDeps {
  clock: Clock;
  log: Logger;
  start: StartFfmpeg;
  /** Longest wait for the stream's beginning, ms. */
  patienceMs: number;
}

/** More pictures than this since a key frame are not kept for those who come later: they wait for the next one. */
const MOST_KEPT = 600;

/** Starts to read a stream. Pictures are passed on as they come, never decoded. */
export function liveChannel(input: FfmpegInput, deps: LiveChannelDeps): LiveChannel {
  const { clock, log, start, patienceMs } = deps;
  const child = start(liveVideoCommand(input), { clock, log });
  const viewers = new Set<Viewer>();
  let sinceKey: StreamedFragment[] = [];
  let init: Mp4Init | undefined;
  let late = false;
  let over = false;
  let tell: (init: Mp4Init) => void = () => undefined;

  const patience = clock.after(patienceMs, () => {
    late = true;
    void child.stop();
  });

  const take = (fragment: StreamedFragment): void => {
    if (!init) {
      init = fragment.init;
      patience.cancel();
      tell(init);
    }
    if (fragment.key) sinceKey = [fragment];
    else if (sinceKey.length > 0 && sinceKey.length < MOST_KEPT) sinceKey.push(fragment);
    else sinceKey = [];
    for (const one of viewers) one.give(fragment);
  };

  const read = async (): Promise<void> => {
    const reader = fragmentReader();
    try {
      for await (const chunk of child.stdout) reader.push(chunk).forEach(take);
    } catch (error) {
      // Our own stop closes the pipe in the middle of a read.
      if (error instanceof AppError) log.warn({ error: messageOf(error) }, 'live view: not a stream to show');
    }
    patience.cancel();
    over = true;
    await child.stop();
    for (const one of viewers) one.end();
  };

  const firstInit = new Promise<Mp4Init>((resolve) => {
    tell = resolve;
  });
  const ended = read();
  const begun = Promise.race([firstInit, ended.then(() => failure(child, late))]);
  // Whoever waits for it sees the reason; where nobody waits any more it is no crash.
  begun.catch(() => undefined);

  return {
    begun,
    join() {
      const one = viewer(() => viewers.delete(one));
      if (init) one.begin(init.bytes, sinceKey);
      viewers.add(one);
      if (over) one.end();
      return one;
    },
    get viewers() {
      return viewers.size;
    },
    ended,
    async close() {
      await child.stop();
      await ended;
    },
  };
}

async function failure(child: FfmpegChild, late: boolean): Promise<never> {
  if (late) throw new AppError('timeout', 'live view: the camera sends nothing', { retryable: true });
  const exit = await child.exited;
  if (exit.failure) throw exit.failure;
  const words = lastWords(exit);
  if (/401|Unauthorized|authoriz/i.test(words)) throw new AppError('auth-failed', `live view: ${words}`);
  throw new AppError('unreachable', `live view: ${words}`, { retryable: true });
}
