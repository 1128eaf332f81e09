import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import type { CameraConfig, Config } from '../../core/config/schema.js';
import { writeFileAtomic } from '../../core/files.js';
import type { Logger } from '../../core/log.js';
import type { CameraSource } from '../../core/source.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { AudioSource } from '../audio.js';
import type { PictureHealth } from '../health/pictureHealth.js';
import { PICTURE_EVERY_MS } from './encodeScene.js';
import { openScene, type SceneTap } from './openScene.js';
import { createPacer, type SimulatorStatus } from './pacer.js';
import { openSceneSound } from './sceneSound.js';
import { findScene } from './scenes.js';
import { type SceneTruth, sceneTruth } from './script.js';

/** How much of the past a simulated hall replays when it starts, so that there is something to see. */
const REPLAY_MS = 40 * 60_000;

export interface SimulatorOptions {
  clock: Clock;
  log: Logger;
  /** Where the video is put while it plays, and the instant at which the script began. */
  folder: string;
  ingest: Config['ingest'];
  /** Newest event time that an earlier run has given: this one begins there, so that event time never runs backwards. */
  lastEventAt?: EventMs;
  signal?: AbortSignal;
  /** Records what a camera shows; undefined for one that is not recorded. */
  tapOf?: (camera: CameraConfig) => SceneTap | undefined;
}

/** A simulated hall: all `sim:` cameras of one configuration, on one script and one time. */
export interface Simulator {
  /** Event time of the first pictures. */
  startAt: EventMs;
  /** @throws AppError `config` for a scene that does not exist */
  open(camera: CameraConfig, pictureHealth?: PictureHealth): CameraSource;
  /** The sound of the same scene, on the same time. @throws AppError `config` for a scene that does not exist */
  openSound(camera: CameraConfig): AudioSource;
  /** What is so in a scene at an event time. @throws AppError `config` for a scene that does not exist */
  truth(scene: string, at: EventMs): SceneTruth;
  status(): SimulatorStatus;
}

const sceneName = (camera: CameraConfig): string => camera.source.replace(/^sim:/, '');

/** True for a camera that the simulator plays. */
export const isSimulated = (camera: CameraConfig): boolean => camera.source.startsWith('sim:');

/**
 * Makes a simulated hall. Event time begins 40 minutes before now (or where the run before stopped, if that is later),
 * is replayed as fast as the items are taken, at most 60 times as fast as real time, and then goes on with now.
 * @throws AppError `storage` or `disk-full` where the folder cannot be written
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, log, folder, ingest, signal } = options;
  const earliest = Math.max((options.lastEventAt ?? -1) + 1, clock.now() - REPLAY_MS);
  const startAt = eventMs(Math.ceil(earliest / PICTURE_EVERY_MS) * PICTURE_EVERY_MS);
  const anchorAt = scriptAnchor(folder, startAt);
  const pacer = createPacer({ clock, startAt });
  return {
    startAt,
    open(camera, pictureHealth) {
      const tap = options.tapOf?.(camera);
      return openScene(camera, {
        scene: findScene(sceneName(camera)),
        ...{ startAt, anchorAt, pacer, folder, clock, log, ingest },
        ...(signal ? { signal } : {}),
        ...(tap ? { tap } : {}),
        ...(pictureHealth ? { pictureHealth } : {}),
      });
    },
    openSound: (camera) =>
      openSceneSound(camera, {
        scene: findScene(sceneName(camera)),
        ...{ startAt, anchorAt, pacer, clock, log },
        ...(signal ? { signal } : {}),
      }),
    truth: (scene, at) => sceneTruth(findScene(scene), at - anchorAt),
    status: () => pacer.status(),
  };
}

/** The script goes on where it was after a restart: its beginning is kept beside the video. */
function scriptAnchor(folder: string, startAt: EventMs): EventMs {
  const path = join(folder, 'anchor');
  const kept = existsSync(path) ? Number(readFileSync(path, 'utf8')) : Number.NaN;
  if (Number.isInteger(kept) && kept <= startAt && kept % PICTURE_EVERY_MS === 0) return eventMs(kept);
  writeFileAtomic(path, `${startAt}\n`);
  return startAt;
}
