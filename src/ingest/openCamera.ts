import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { cameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { CameraSource, SourceStats } from '../core/source.js';
import type { EventMs } from '../core/time.js';
import { type Picture, type StartDecoder, videoDecoder } from './ffmpeg/decoder.js';
import type { Credentials } from './ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from './ffmpeg/ffmpegProcess.js';
import type { PictureHealth } from './health/pictureHealth.js';
import { cameraHealth } from './live/cameraHealth.js';
import type { Fleet } from './live/fleet.js';
import type { KeyframeHub } from './live/keyframeHub.js';
import { type Knock, knockByTcp } from './live/knock.js';
import type { ResolveOnvif } from './live/liveInput.js';
import { liveQueue } from './live/liveQueue.js';
import { type MeasureGop, pictureStream } from './live/pictureStream.js';
import { type RecorderClock, recorderClock } from './live/recorderClock.js';
import { supervise } from './live/supervise.js';
import { timeline } from './live/timeline.js';
import { probePackets } from './probe.js';
import { pictureHealthOf } from './watchPictures.js';

export interface CameraDeps {
  clock: Clock;
  log: Logger;
  ingest: Config['ingest'];
  signal?: AbortSignal;
  /** Asked before each connection, so that a changed password is used without a restart. */
  credentials?: () => Credentials | undefined;
  /** One for all cameras, so that they agree on the time. Default: one of its own. */
  recorder?: RecorderClock;
  /** One for all cameras, so that a shared cause is recognised and starts are spread. */
  fleet?: Fleet;
  resolveOnvif?: ResolveOnvif;
  /** Opens `sim:` sources. */
  openScene?: (camera: CameraConfig) => CameraSource;
  /** Keeps what it learnt of the view where the caller reopens a camera. Default: a fresh one. */
  pictureHealth?: PictureHealth;
  startDecoder?: StartDecoder<Picture>;
  /** One for all cameras: reads RTSP itself and lets many cameras share a decoder. Default: an ffmpeg for each camera. */
  keyframes?: KeyframeHub | undefined;
  measureGop?: MeasureGop;
  knock?: Knock;
  /** In [0, 1): spreads retries. */
  random?: () => number;
}

const BEAT_MS = 200;
/** What a camera's link lacks is judged at every so manieth beat: once a second. */
const HEALTH_BEATS = 5;

/**
 * Opens a live camera: rtsp, rtsps, http, https, onvif, sim, or a file played once at its own speed. The newest picture
 * wins, a second passes also while the camera is offline, and a lost connection is taken up again by the ladder, for
 * ever. Nothing is started before `items()` is iterated, which throws AppError only for what no retry can mend: `config`
 * for a source that nobody opens, `process` where ffmpeg is missing.
 */
export function openCamera(camera: CameraConfig, deps: CameraDeps): CameraSource {
  if (camera.source.startsWith('sim:')) {
    if (deps.openScene) return deps.openScene(camera);
    throw new AppError('config', `camera ${camera.id}: ${camera.source}: no simulator here`);
  }
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  const queue = liveQueue();
  const stats: SourceStats = {
    frames: 0,
    dropped: 0,
    reconnects: 0,
    lastFrameAt: undefined,
    keyframeIntervalS: undefined,
  };
  let running: Promise<void> | undefined;
  let wake: (at: EventMs) => void = () => undefined;

  /** Runs until the signal fires or a file has ended; never rejects, the queue carries the error. */
  const run = async (): Promise<void> => {
    const { clock, ingest, fleet } = deps;
    const recorder = deps.recorder ?? recorderClock(clock);
    const line = timeline({ camera: id, recorder, push: queue.push });
    wake = line.wake;
    const health = cameraHealth({
      ...{ camera: id, clock, recorder, timeline: line, offlineAfterMs: ingest.offlineAfter },
      sharedStall: () => fleet?.stalled(ingest.offlineAfter) ?? false,
    });
    let beats = 0;
    const beat = clock.every(BEAT_MS, () => {
      line.beat();
      beats += 1;
      if (beats % HEALTH_BEATS === 0) health.beat();
    });
    try {
      const link = { ...defaults(camera, deps), id, signal, recorder, timeline: line, health, stats };
      await supervise(link, pictureStream(link));
      if (!signal.aborted) queue.push({ type: 'end', camera: id, at: line.now(), truncated: false });
      queue.end();
    } catch (error) {
      deps.log.error({ camera: id, error: messageOf(error) }, 'camera cannot be opened');
      queue.end(error instanceof Error ? error : new Error(String(error)));
    } finally {
      beat.cancel();
      fleet?.forget(id);
    }
  };

  return {
    camera: id,
    items() {
      running ??= run();
      return queue.items();
    },
    stats: () => ({ ...stats, dropped: stats.dropped + queue.dropped }),
    wake: (at) => wake(at),
    async close() {
      stop.abort();
      queue.end();
      await running;
    },
  };
}

function defaults(camera: CameraConfig, deps: CameraDeps) {
  const { clock, log, ingest, fleet, resolveOnvif } = deps;
  const measureGop: MeasureGop = async (input, seconds, signal) =>
    (await probePackets(input, { clock, log, signal }, seconds)).keyframeIntervalS;
  return {
    ...{ config: camera, clock, log, ingest, fleet, resolveOnvif },
    pictureHealth: deps.pictureHealth ?? pictureHealthOf(camera),
    startDecoder: deps.startDecoder ?? videoDecoder(startFfmpeg),
    keyframes: deps.keyframes,
    measureGop: deps.measureGop ?? measureGop,
    credentials: deps.credentials ?? (() => undefined),
    random: deps.random ?? Math.random,
    knock: deps.knock ?? knockByTcp,
  };
}
