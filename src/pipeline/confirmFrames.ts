import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { type Frame, makeFrame } from '../core/frame.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import type { FfmpegInput } from '../ingest/ffmpeg/ffmpegCommand.js';
import { liveSources } from '../ingest/liveView/liveSources.js';
import { onePicture } from '../ingest/onePicture.js';
import { onvifResolver } from '../ingest/onvif/resolveOnvif.js';
import { credentialsOf } from './openSinks.js';

export interface ConfirmFramesOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** The newest picture of each camera, as it is analysed. */
  pictures: ReadonlyMap<string, Frame>;
  clock: Clock;
  log: Logger;
}

/** Pictures for the second look before an incident opens. */
export interface ConfirmFrames {
  /**
   * The best picture there is: a key frame of the main stream where the camera has one and gives it in time, else the
   * newest one that was analysed. Undefined before the first.
   */
  best(camera: CameraId, signal: AbortSignal): Promise<Frame | undefined>;
  /** The picture that confirmed a step, once; undefined where the analysed one did. */
  shown(step: Pick<AlertStep, 'at' | 'camera' | 'step'>): Frame | undefined;
}

/** A third of the time after which a window would be unknown: the camera's other windows wait meanwhile. */
const LIMIT_MS = 4000;
/** A face at a counter is large enough at this width, and the network sees a part of it. */
const WIDEST = 1920;
/** Connections of their own at once; a hall that raises everywhere together looks at what it has. */
const AT_ONCE = 4;
/** A picture that confirmed nothing shows nothing of a later step. */
const FRESH_MS = 10_000;
/** Pictures of 6 MB each that wait for their step. */
const KEPT = 4;

/** Makes it. */
export function confirmFrames({ config, env, pictures, clock, log }: ConfirmFramesOptions): ConfirmFrames {
  const resolveOnvif = onvifResolver({ clock, log });
  const kept = new Map<string, Frame>();
  let under = 0;

  const mainInput = async (camera: CameraConfig, signal: AbortSignal): Promise<FfmpegInput | undefined> => {
    const credentials = () => credentialsOf(config, camera.credentials, env);
    const [main, sub] = await liveSources(camera, { credentials, resolveOnvif, timeoutMs: LIMIT_MS }, signal);
    return sub && main;
  };
  const ofMain = async (id: CameraId, at: Frame['at'], signal: AbortSignal): Promise<Frame | undefined> => {
    const camera = config.cameras.find((candidate) => candidate.id === id);
    if (!camera || under >= AT_ONCE) return undefined;
    under += 1;
    try {
      const input = await mainInput(camera, signal);
      const picture = input && (await onePicture(input, { maxWidth: WIDEST, limitMs: LIMIT_MS, clock, log }, signal));
      if (!picture) return undefined;
      const { width, height, rgb } = picture;
      return makeFrame({ camera: cameraId(id), at, width, height, rgb, keyframe: true });
    } catch (error) {
      log.debug({ camera: id, error: messageOf(error) }, 'main stream not asked');
      return undefined;
    } finally {
      under -= 1;
    }
  };

  return {
    async best(camera, signal) {
      const analysed = pictures.get(camera);
      const main = analysed && (await ofMain(camera, analysed.at, signal));
      kept.delete(camera);
      if (main) kept.set(camera, main);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      return main ?? analysed;
    },
    shown({ at, camera, step }) {
      if (camera === undefined || step !== 'open') return undefined;
      const frame = kept.get(camera);
      kept.delete(camera);
      return frame && Math.abs(at - frame.at) <= FRESH_MS ? frame : undefined;
    },
  };
}
