import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import { makeFrame } from '../core/frame.js';
import { cameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { CameraSource, SourceItem, SourceStats } from '../core/source.js';
import { type EventMs, plusMs } from '../core/time.js';
import { initialEventClock, stepEventClock } from './eventClock.js';
import { type Decoder, type Picture, type RgbPicture, videoDecoder } from './ffmpeg/decoder.js';
import { decodeVideoCommand, type FfmpegInput } from './ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from './ffmpeg/ffmpegProcess.js';
import type { PictureHealth } from './health/pictureHealth.js';
import { prefetch } from './prefetch.js';
import { probeFacts, probePackets } from './probe.js';
import { decodeOptions, planRecording, type RecordingPlan } from './recordingPlan.js';
import { secondTicks } from './secondTicks.js';
import { grayOf, pictureHealthOf, watchPicture } from './watchPictures.js';

export interface RecordingDeps {
  clock: Clock;
  log: Logger;
  ingest: Config['ingest'];
  signal?: AbortSignal;
  /** One across several files of a camera, where they follow each other. Default: a fresh one. */
  pictureHealth?: PictureHealth;
}

/** Pictures decoded while one is looked at. */
const AHEAD = 3;

/**
 * Opens a recorded file as a camera that stood there from `startAt` on. As fast as the items are taken, none dropped,
 * the same items on every run. Nothing is started before `items()` is iterated, which throws AppError `bad-input` for a
 * file that holds no video that can be decoded. A file that breaks off ends with `truncated: true`.
 */
export function openRecording(camera: CameraConfig, path: string, startAt: EventMs, deps: RecordingDeps): CameraSource {
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  const tools = { clock: deps.clock, log: deps.log, signal };
  const input: FfmpegInput = { kind: 'file', path };
  const stats: SourceStats = {
    frames: 0,
    dropped: 0,
    reconnects: 0,
    lastFrameAt: undefined,
    keyframeIntervalS: undefined,
  };
  let decoder: Decoder<RgbPicture> | undefined;

  const plan = async (): Promise<RecordingPlan> => {
    const facts = await probeFacts(input, `recording ${path}`, tools);
    if (!facts.video) throw notVideo(path, 'no video stream inside');
    const packets = await probePackets(input, tools);
    if (packets.packets === 0) throw notVideo(path, 'the video stream is empty');
    return planRecording(facts.video, packets, facts.durationS, { camera, ingest: deps.ingest });
  };

  async function* read(): AsyncGenerator<SourceItem> {
    const planned = await plan();
    stats.keyframeIntervalS = planned.keyframeIntervalS;
    decoder = videoDecoder(startFfmpeg)(decodeVideoCommand(input, decodeOptions(planned)), tools);
    const ticks = secondTicks(startAt);
    const health = deps.pictureHealth ?? pictureHealthOf(camera);
    const stamp = stamper(startAt, planned.startPtsMs);
    for await (const picture of prefetch(decoder.items, AHEAD)) {
      const at = stamp(picture);
      for (const tick of ticks.before(at)) yield { type: 'tick', camera: id, at: tick };
      stats.frames += 1;
      stats.lastFrameAt = at;
      const { width, height, rgb } = picture;
      const gray = grayOf(picture);
      for (const event of watchPicture(health, gray, { camera: id, at })) yield { type: 'health', event };
      yield {
        type: 'frame',
        frame: makeFrame({ camera: id, at, width, height, rgb, gray, keyframe: planned.keyframesOnly }),
      };
    }
    const exit = await decoder.exited;
    if (signal.aborted) return;
    if (exit.failure) throw exit.failure;
    if (stats.frames === 0) throw notVideo(path, `no picture could be decoded: ${lastWords(exit)}`);
    const endAt = endOf(startAt, planned, stats.lastFrameAt!);
    for (const tick of ticks.upTo(endAt)) yield { type: 'tick', camera: id, at: tick };
    yield { type: 'end', camera: id, at: endAt, truncated: planned.truncated || exit.code !== 0 };
  }

  return {
    camera: id,
    items: read,
    stats: () => ({ ...stats }),
    async close() {
      stop.abort();
      await decoder?.stop();
    },
  };
}

/** Event time from stream time alone; the wall clock has no part in a recording. */
function stamper(startAt: EventMs, startPtsMs: number | undefined): (picture: Picture) => EventMs {
  let state = startPtsMs === undefined ? undefined : initialEventClock({ ptsMs: startPtsMs, at: startAt });
  return ({ ptsMs }) => {
    const [next, { at }] = stepEventClock(state ?? initialEventClock({ ptsMs, at: startAt }), { ptsMs });
    state = next;
    return at;
  };
}

function endOf(startAt: EventMs, plan: RecordingPlan, lastFrameAt: EventMs): EventMs {
  const end = plan.lengthS === undefined ? lastFrameAt : plusMs(startAt, Math.round(plan.lengthS * 1000));
  return end > lastFrameAt ? end : lastFrameAt;
}

const notVideo = (path: string, why: string): AppError =>
  new AppError('bad-input', `recording ${path}: ${why}`, { hint: 'give a video file such as MP4, MKV or AVI' });
