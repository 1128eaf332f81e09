import { sleep } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import { type Frame, makeFrame, makeYuvFrame } from '../../core/frame.js';
import type { CameraId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';
import { initialEventClock, reconnectedEventClock, stepEventClock } from '../eventClock.js';
import type { Picture, StartDecoder } from '../ffmpeg/decoder.js';
import { type DecodeVideoOptions, decodeVideoCommand, type FfmpegInput } from '../ffmpeg/ffmpegCommand.js';
import type { PictureHealth } from '../health/pictureHealth.js';
import { grayOf, watchPicture } from '../watchPictures.js';
import type { CameraHealth } from './cameraHealth.js';
import { type DecodeMode, type Gop, isLowRate, learnGop, modeFor } from './gop.js';
import type { KeyframeHub } from './keyframeHub.js';
import { blackoutOf } from './linkHealth.js';
import type { RecorderClock } from './recorderClock.js';
import { runSession, type SessionEnd } from './session.js';
import type { Link, LinkStream } from './supervise.js';
import type { Timeline } from './timeline.js';

/**
 * Measures the distance of key frames in the packets of some seconds, over a connection of its own; undefined where
 * fewer than two came.
 */
export type MeasureGop = (input: FfmpegInput, seconds: number, signal: AbortSignal) => Promise<number | undefined>;

/** What turning a link into pictures needs beyond the link itself. */
export interface PictureLink extends Link {
  id: CameraId;
  recorder: RecorderClock;
  timeline: Timeline;
  health: CameraHealth;
  pictureHealth: PictureHealth | undefined;
  startDecoder: StartDecoder<Picture>;
  /** Reads key frames for many cameras at once; without it each camera has a decoder of its own. */
  keyframes: KeyframeHub | undefined;
  measureGop: MeasureGop;
}

/** While all pictures are decoded: when the key frames are measured first, and again. */
const MEASURE_AFTER_MS = 30_000;
const MEASURE_AGAIN_MS = 6 * 3_600_000;
/** One damaged picture is a lost packet; so many without a good one are the stream's fault. */
const DAMAGED_LINES = 3;

/** The pictures of one camera across its connections. */
export function pictureStream(live: PictureLink): LinkStream {
  const { config, ingest, clock, log, health, stats, timeline } = live;
  const finite = config.source.startsWith('file:');
  const gopOptions = { lookEveryMs: config.lookEvery, sparseKeyframesMs: ingest.sparseKeyframes };
  let mode: DecodeMode = finite ? { kind: 'all', because: 'looks' } : { kind: 'keyframes' };
  let clockState = initialEventClock();
  let pictures = 0;
  let damaged = 0;
  let droppedBefore = 0;
  /** The shared reader has said that this stream is none for it. */
  let foreign = false;

  /** Takes one picture; false where another mode suits the stream better. */
  const take = (picture: Picture, gop: Gop): boolean => {
    const [next, stamp] = stepEventClock(clockState, { ptsMs: picture.ptsMs, receivedAt: live.recorder.now() });
    clockState = next;
    pictures += 1;
    damaged = 0;
    live.fleet?.saw(live.id);
    health.pictureCame();
    if (stamp.clock) health.streamClock(stamp.clock.state, stamp.clock.offsetMs);
    const dropped = stats.dropped > droppedBefore;
    droppedBefore = stats.dropped;
    // With all pictures decoded, ffmpeg has already chosen those that are due.
    if (gop.take(stamp.at, dropped) || mode.kind === 'all') show(picture, stamp.at);
    return judge(gop.intervalS);
  };

  const show = (picture: Picture, at: EventMs): void => {
    const gray = grayOf(picture);
    // What blinds the picture is told before the picture is looked at.
    for (const { finding, state, detail } of watchPicture(live.pictureHealth, gray, { camera: live.id, at })) {
      health.set(finding, state === 'raised', detail);
    }
    const facts = { camera: live.id, gray, keyframe: mode.kind === 'keyframes' };
    timeline.frame(at, (placed) => frameOf(picture, { ...facts, at: placed }));
    stats.frames += 1;
    stats.lastFrameAt = at;
  };

  /** Damage that lets no picture through is named before the patience for a picture ends. */
  const hear = (line: string): void => {
    log.debug({ camera: live.id, line }, 'ffmpeg');
    if (blackoutOf([line]) === 'garbage') damaged += 1;
    if (damaged >= DAMAGED_LINES) health.blame('garbage', line);
  };

  const judge = (intervalS: number | undefined): boolean => {
    if (intervalS === undefined) return true;
    if (mode.kind === 'all') {
      health.set('low-rate', isLowRate(intervalS, config.lookEvery), `a picture every ${intervalS.toFixed(1)} s`);
      return true;
    }
    stats.keyframeIntervalS = intervalS;
    const fitting = modeFor(intervalS, gopOptions);
    if (fitting.kind === 'all') mode = fitting;
    else for (const finding of ['long-gop', 'low-rate'] as const) health.set(finding, false);
    return fitting.kind === 'keyframes';
  };

  /** Back to key frames where they turn out to come often enough; the finding is raised on measured facts alone. */
  const measure = async (input: FfmpegInput, signal: AbortSignal, change: () => void): Promise<void> => {
    const seconds = (3 * ingest.sparseKeyframes) / 1000;
    for (let waitMs = MEASURE_AFTER_MS; ; waitMs = MEASURE_AGAIN_MS) {
      await sleep(clock, waitMs, signal);
      if (signal.aborted || pictures === 0) return;
      const intervalS = await live.measureGop(input, seconds, signal);
      if (signal.aborted) return;
      stats.keyframeIntervalS = intervalS;
      const fitting = modeFor(intervalS ?? Number.POSITIVE_INFINITY, gopOptions);
      const long = fitting.kind === 'all' && fitting.because === 'long-gop';
      health.set(
        'long-gop',
        long,
        intervalS === undefined ? `none in ${seconds} s` : `every ${intervalS.toFixed(1)} s`,
      );
      mode = fitting;
      if (fitting.kind === 'keyframes') return change();
    }
  };

  return {
    get gave() {
      return pictures > 0;
    },
    async run({ input }) {
      pictures = 0;
      clockState = reconnectedEventClock(clockState);
      const started = mode;
      const gop = learnGop(gopOptions);
      const over = new AbortController();
      const signal = AbortSignal.any([live.signal, over.signal]);
      const change = new AbortController();
      const measuring =
        started.kind === 'all' && !finite
          ? measure(input, signal, () => change.abort()).catch((error) => {
              if (!signal.aborted)
                live.log.warn({ camera: live.id, error: messageOf(error) }, 'key frames could not be measured');
            })
          : undefined;
      const shared = started.kind === 'keyframes' && !foreign ? sharedReader(live, input) : undefined;
      const end = await runSession({
        ...sessionSettings(live, started, gop),
        ...(shared ? { startDecoder: shared } : {}),
        command: decodeVideoCommand(input, decodeOptions(live, started)),
        finite,
        changeMode: change.signal,
        onItem: (picture) => take(picture, gop),
        onStderr: hear,
      }).catch((error: unknown): SessionEnd => {
        if (!shared || !(error instanceof AppError) || error.code !== 'unsupported') throw error;
        log.info({ camera: live.id, reason: error.message }, 'read by a decoder of its own');
        foreign = true;
        return { kind: 'other-mode' };
      });
      over.abort();
      await measuring;
      if (foreign && end.kind === 'other-mode' && pictures === 0 && shared) return end;
      if (end.kind === 'other-mode' && mode === started) mode = { kind: 'all', because: 'long-gop' };
      // Silence looked like rare key frames but was something else.
      if (end.kind !== 'other-mode' && started.kind === 'all' && pictures === 0 && !finite)
        mode = { kind: 'keyframes' };
      return end;
    },
  };
}

/**
 * Key frames are waited for a second beyond what is called sparse, the first one also for the connection; with all
 * pictures, silence is a fault. So it is where the key frames of this connection have come often enough: were each late one
 * taken for a rare one, a machine with too much to do would decode all pictures beside it.
 */
function sessionSettings(live: PictureLink, mode: DecodeMode, gop: Pick<Gop, 'intervalS'>) {
  const { offlineAfter, sparseKeyframes } = live.ingest;
  const { clock, log, signal, startDecoder, fleet } = live;
  const shared = {
    ...{ clock, log, signal, startDecoder },
    mayWait: (silentMs: number) => fleet?.stalled(silentMs) ?? false,
  };
  const frequent = (): boolean => (gop.intervalS ?? Number.POSITIVE_INFINITY) * 1000 <= sparseKeyframes;
  return mode.kind === 'keyframes'
    ? {
        ...shared,
        ...{
          firstWithinMs: offlineAfter + sparseKeyframes,
          nextWithinMs: sparseKeyframes + 1000,
          onSilence: () => (frequent() ? ('lost' as const) : ('other-mode' as const)),
        },
      }
    : // The first complete picture may take a whole group of pictures to come.
      { ...shared, firstWithinMs: 3 * offlineAfter, nextWithinMs: offlineAfter, onSilence: () => 'lost' as const };
}

function decodeOptions({ config }: PictureLink, mode: DecodeMode): DecodeVideoOptions {
  const everyS = config.lookEvery / 1000;
  return {
    size: { maxWidth: config.analysisWidth },
    keyframesOnly: mode.kind === 'keyframes',
    // Some cameras make every picture a key frame: more than four a look are not even scaled.
    pick: mode.kind === 'keyframes' ? { kind: 'apart', minS: everyS / 4 } : { kind: 'due', everyS },
    threads: 1,
  };
}

/** The shared reader as the decoder of this camera's key frames; undefined where there is none for its address. */
function sharedReader(
  { id, config, keyframes, stats }: PictureLink,
  input: FfmpegInput,
): StartDecoder<Picture> | undefined {
  if (!keyframes || input.kind !== 'network' || !/^rtsps?:/.test(input.url)) return undefined;
  const request = {
    camera: id,
    input,
    maxWidth: config.analysisWidth,
    minApartS: config.lookEvery / 4000,
    onDropped() {
      stats.dropped += 1;
    },
  };
  return (_command, options) => keyframes.open(request, options);
}

function frameOf(picture: Picture, facts: Pick<Frame, 'camera' | 'at' | 'gray' | 'keyframe'>): Frame {
  const { width, height } = picture;
  return picture.rgb
    ? makeFrame({ ...facts, width, height, rgb: picture.rgb })
    : makeYuvFrame({ ...facts, width, height, yuv: picture.yuv });
}
