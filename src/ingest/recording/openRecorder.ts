import { sleep } from '../../core/clock.js';
import type { CameraConfig } from '../../core/config/schema.js';
import { AppError, messageOf } from '../../core/errors.js';
import { cameraId } from '../../core/ids.js';
import { type StartFfmpeg, startFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { knockByTcp } from '../live/knock.js';
import type { Blackout } from '../live/linkHealth.js';
import type { RecorderClock } from '../live/recorderClock.js';
import { type Link, supervise } from '../live/supervise.js';
import type { ResolvedOnvif } from '../onvif/resolveOnvif.js';
import type { FileWriter } from './fileWriter.js';
import { recordStream } from './recordStream.js';

/** What a recorder is doing, for the board and the findings. */
export interface RecorderState {
  camera: string;
  /** Which stream is recorded, or was last. */
  stream: 'main' | 'sub';
  recording: boolean;
  /** Why it is not the main stream: a stable code; undefined where it is. */
  fallback?: 'no-main-stream' | 'main-unreachable';
  /** Why nothing is recorded now. */
  cause?: string;
}

export interface RecorderDeps extends Pick<Link, 'clock' | 'log' | 'ingest' | 'fleet' | 'credentials'> {
  signal: AbortSignal;
  /** One for all cameras and for the analysis. */
  recorder: RecorderClock;
  writer: FileWriter;
  resolveOnvif?: (...args: Parameters<NonNullable<Link['resolveOnvif']>>) => Promise<ResolvedOnvif>;
  onState(state: RecorderState): void;
  start?: StartFfmpeg;
  random?: () => number;
  knock?: Link['knock'];
}

/** Recording of one live camera. */
export interface CameraRecorder {
  camera: string;
  state(): RecorderState;
  /** Stops and waits until the last file is closed. Idempotent. */
  close(): Promise<void>;
}

/** After so many tries in a row without a picture the sub-stream is recorded instead. */
const MAIN_TRIES = 2;
const MAIN_AGAIN_MS = 10 * 60_000;

/**
 * Records a live camera: its main stream, not encoded anew, over a connection of its own that is supervised like the one of
 * the analysis. Where the main stream gives nothing, the sub-stream is recorded, said so, and the main one tried again every
 * ten minutes.
 */
export function openRecorder(camera: CameraConfig, deps: RecorderDeps): CameraRecorder {
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const hasMain = camera.main !== undefined || camera.source.startsWith('onvif:');
  let state: RecorderState = {
    ...{ camera: camera.id, stream: hasMain ? 'main' : 'sub', recording: false, cause: 'starting' },
    ...(hasMain ? {} : { fallback: 'no-main-stream' }),
  };

  const tell = (changes: Partial<RecorderState>): void => {
    state = { ...state, ...changes };
    deps.onState(state);
  };

  /** Records one of the two streams until `turn` fires. */
  const record = async (stream: 'main' | 'sub', turn: AbortController): Promise<void> => {
    let misses = 0;
    const link = linkOf(camera, stream, { ...deps, signal: AbortSignal.any([signal, turn.signal]) });
    const recording = recordStream(link, {
      ...{ camera: id, recorder: deps.recorder, start: deps.start ?? startFfmpeg },
      onBegin(notes) {
        misses = 0;
        const { fallback } = state;
        deps.writer.from(stream, fallback === undefined ? notes : [...notes, fallback]);
        tell({ recording: true, cause: undefined });
      },
      onFragment: deps.writer.write,
      onEnd: (end) => deps.writer.lost(end.kind === 'lost' ? end.cause : 'reconnecting'),
    });
    link.health.blame = (cause: Blackout, detail: string): void => {
      if (!recording.gave) misses += 1;
      tell({ recording: false, cause });
      deps.log.debug({ camera: id, stream, cause, detail }, 'recording interrupted');
      // A wrong password is the same for both streams.
      if (stream === 'main' && misses >= MAIN_TRIES && cause !== 'auth-failed') turn.abort();
    };
    await supervise(link, recording);
  };

  const run = async (): Promise<void> => {
    for (let stream: 'main' | 'sub' = hasMain ? 'main' : 'sub'; !signal.aborted; ) {
      const turn = new AbortController();
      tell({ stream, fallback: hasMain ? (stream === 'main' ? undefined : 'main-unreachable') : 'no-main-stream' });
      if (stream === 'sub' && hasMain) void sleep(deps.clock, MAIN_AGAIN_MS, turn.signal).then(() => turn.abort());
      await record(stream, turn);
      // A file was played to its end.
      if (!turn.signal.aborted) return;
      stream = stream === 'main' ? 'sub' : 'main';
    }
  };

  const running = run()
    .catch((error) => {
      tell({ recording: false, cause: error instanceof AppError ? error.code : 'internal' });
      if (!signal.aborted) deps.log.error({ camera: id, error: messageOf(error) }, 'camera cannot be recorded');
    })
    .then(() => deps.writer.close());

  return {
    camera: camera.id,
    state: () => state,
    async close() {
      stop.abort();
      await running;
    },
  };
}

function linkOf(camera: CameraConfig, stream: 'main' | 'sub', deps: RecorderDeps): Link {
  const { clock, log, ingest, fleet, signal, credentials } = deps;
  const address = stream === 'main' && camera.main !== undefined ? { ...camera, source: camera.main } : camera;
  const resolve = deps.resolveOnvif;
  return {
    ...{ config: address, clock, log, ingest, fleet, signal, credentials },
    stats: { frames: 0, dropped: 0, reconnects: 0, lastFrameAt: undefined, keyframeIntervalS: undefined },
    health: { blame: () => {}, lost: () => {}, deviceClock: () => {} },
    resolveOnvif:
      resolve &&
      (async (asked, known, until) => {
        const found = await resolve(asked, known, until);
        return stream === 'main' ? { ...found, url: found.mainUrl } : found;
      }),
    random: deps.random ?? Math.random,
    knock: deps.knock ?? knockByTcp,
  };
}
