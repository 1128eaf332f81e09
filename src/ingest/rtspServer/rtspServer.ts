import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { rememberSecret } from '../../core/secrets.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from '../ffmpeg/ffmpegProcess.js';

/** One address of the server. */
export interface RtspMount {
  /** Begins with `/`. */
  path: string;
  /** MP4 or MKV with H.264 or H.265 without B-frames; played in a loop with time stamps that go on. */
  file: string;
  /** A tone beside the video: all the time, or (`bursts`, G.711) for a second and a half every four seconds. */
  audio?: 'pcma' | 'aac' | 'bursts';
}

export interface RtspServerOptions {
  mounts: RtspMount[];
  /** Asks every client for this user and password (digest). */
  credentials?: Credentials;
  /**
   * Sends packets that were made once, instead of running a pipeline for each viewer: a tenth of the processor time, for measuring
   * beside it. H.264 without sound and without a password.
   */
  light?: boolean;
  /** Default 0: a free one. */
  port?: number;
  clock: Clock;
  log: Logger;
  signal?: AbortSignal;
}

export interface RtspServer {
  port: number;
  pid: number;
  /** Address of a mount, without a password. */
  url(path: string): string;
  stop(): Promise<void>;
}

/** Three levels up is the package's root, from `src` and from `dist` alike. */
const script = (name: string): string =>
  fileURLToPath(new URL(`../../../src/ingest/rtspServer/${name}`, import.meta.url));
/** GStreamer's bindings are installed for the system's Python, not for one that stands before it in the path. */
const PYTHON = '/usr/bin/python3';

/**
 * Starts a real RTSP server (GStreamer) on 127.0.0.1 that plays clips like cameras: for benchmarks and tests.
 * @throws AppError `process` where Python, its bindings or a clip are missing
 */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { mounts, credentials, light = false, port = 0, clock, log, signal } = options;
  if (credentials) rememberSecret(credentials.password);
  const child = startFfmpeg(
    { program: PYTHON, args: [script(light ? 'light_server.py' : 'rtsp_server.py')] },
    { clock, log, ...(signal ? { signal } : {}) },
  );
  child.stdin.write(`${JSON.stringify({ host: '127.0.0.1', port, mounts, ...credentials })}\n`);
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line').then(([line]) => String(line));
  const gone = child.exited.then((exit) => exit);
  const ready = await Promise.race([first, gone]);
  const match = typeof ready === 'string' ? /^ready (\d+)$/.exec(ready) : null;
  if (!match) {
    const exit = await child.stop();
    throw new AppError('process', `rtsp server: ${lastWords(exit)}`, {
      hint: 'apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad',
    });
  }
  const bound = Number(match[1]);
  return {
    port: bound,
    pid: child.pid!,
    url: (path) => `rtsp://127.0.0.1:${bound}${path}`,
    async stop() {
      await child.stop();
    },
  };
}
