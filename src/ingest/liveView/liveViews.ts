import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { FfmpegInput } from '../ffmpeg/ffmpegCommand.js';
import { type StartFfmpeg, startFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { browserCodec } from './browserCodec.js';
import { type LiveChannel, liveChannel } from './liveChannel.js';

/** A camera's own pictures, as they come. */
export interface LiveVideo {
  /** Type of the bytes with their codec, as `MediaSource.isTypeSupported` takes it. */
  mime: string;
  /** Fragmented MP4 from its first byte; ends when the camera's stream does or the reader stops. */
  bytes: AsyncGenerator<Uint8Array>;
}

/** The live view of all cameras: one reader for each camera that somebody looks at. */
export interface LiveViews {
  /**
   * Begins to look, and stops when `signal` fires or `bytes` is left.
   * @throws AppError `unsupported` where no stream is H.264, `unreachable`, `timeout`, `auth-failed`, `cancelled`
   */
  watch(camera: string, signal: AbortSignal): Promise<LiveVideo>;
  /** Cameras that are read now. */
  readonly running: number;
  close(): Promise<void>;
}

export interface LiveViewsOptions {
  /** The streams of a camera, best first; empty where it has none to show. */
  sourcesOf(camera: string, signal: AbortSignal): Promise<FfmpegInput[]>;
  clock: Clock;
  log: Logger;
  /** Longest wait for a camera's first picture, ms. Default 12 s: a slow key frame and a connection. */
  patienceMs?: number;
  /** Cameras read at once. Default 32: a wall of them, not a whole hall by mistake. */
  atMost?: number;
  start?: StartFfmpeg;
}

interface Entry {
  channel: LiveChannel;
  mime: string;
}

/** Makes the live views. Nothing runs before somebody looks, and nothing after the last one has left. */
export function liveViews(options: LiveViewsOptions): LiveViews {
  const { sourcesOf, clock, log, patienceMs = 12_000, atMost = 32, start = startFfmpeg } = options;
  const entries = new Map<string, Promise<Entry>>();
  const channels = new Set<LiveChannel>();
  const closing = new AbortController();

  /** The first stream that browsers play. The camera that fails on its main stream may still give the other. */
  const open = async (camera: string): Promise<Entry> => {
    let problem: unknown = new AppError('unsupported', `camera ${camera}: no H.264 stream to show`);
    for (const input of await sourcesOf(camera, closing.signal)) {
      if (closing.signal.aborted) break;
      const channel = liveChannel(input, { clock, log: log.child({ camera }), start, patienceMs });
      channels.add(channel);
      void channel.ended.then(() => channels.delete(channel));
      try {
        const codec = browserCodec(await channel.begun);
        if (codec !== undefined) return { channel, mime: `video/mp4; codecs="${codec}"` };
        await channel.close();
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  };

  /** Somebody may have begun to look anew meanwhile: that one stays. */
  const forget = (camera: string, entry: Promise<Entry>): void => {
    if (entries.get(camera) === entry) entries.delete(camera);
  };

  /** The reading is everybody's: one who leaves while it begins does not stop it for the next. */
  const entryOf = (camera: string): Promise<Entry> => {
    const known = entries.get(camera);
    if (known) return known;
    if (entries.size >= atMost) throw new AppError('unsupported', `live view: ${atMost} cameras are shown already`);
    const entry = open(camera);
    entries.set(camera, entry);
    const over = (): void => forget(camera, entry);
    entry.then(({ channel }) => channel.ended).then(over, over);
    return entry;
  };

  /** The last one out turns the light off. */
  const leave = (camera: string, entry: Promise<Entry>, { channel }: Entry): void => {
    if (channel.viewers > 0) return;
    forget(camera, entry);
    void channel.close();
  };

  return {
    async watch(camera, signal) {
      const opened = entryOf(camera);
      const entry = await opened;
      const one = entry.channel.join();
      const stop = (): void => one.end();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const bytes = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield* one.bytes();
        } finally {
          signal.removeEventListener('abort', stop);
          leave(camera, opened, entry);
        }
      };
      return { mime: entry.mime, bytes: bytes() };
    },
    get running() {
      return channels.size;
    },
    async close() {
      closing.abort();
      await Promise.all([...channels].map((channel) => channel.close()));
    },
  };
}
