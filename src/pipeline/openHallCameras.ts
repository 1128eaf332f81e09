import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config, RoomConfig } from '../core/config/schema.js';
import type { Logger } from '../core/log.js';
import type { CameraSource } from '../core/source.js';
import type { EventMs } from '../core/time.js';
import { type AudioSource, openAudio } from '../ingest/audio.js';
import { startFfmpeg } from '../ingest/ffmpeg/ffmpegProcess.js';
import { createFleet } from '../ingest/live/fleet.js';
import { keyframeHub } from '../ingest/live/keyframeHub.js';
import { recorderClock } from '../ingest/live/recorderClock.js';
import { onvifResolver } from '../ingest/onvif/resolveOnvif.js';
import { openCamera } from '../ingest/openCamera.js';
import type { SimulatorStatus } from '../ingest/simulator/pacer.js';
import { createSimulator, isSimulated } from '../ingest/simulator/simulator.js';
import { acceptableHealthOf } from '../ingest/watchPictures.js';
import type { HallRecording } from './hallRecording.js';
import { credentialsOf } from './openSinks.js';

export interface OpenHallCamerasOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** Data folder; the simulator keeps its video below it. */
  data: string;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Newest event time of an earlier run: a simulated hall goes on from there. */
  lastEventAt: EventMs | undefined;
  /** Records the cameras; they share its clock and its queue of starts. */
  recording?: Pick<HallRecording, 'share' | 'open' | 'forget' | 'tapOf'>;
}

/** What the hall is watched and heard with. */
export interface HallSources {
  /** Opens one camera of the configuration, and its recorder. Simulated ones only at the start. */
  open(camera: CameraConfig): CameraSource;
  /** A camera was closed: nothing more is recorded of it. */
  forget(camera: string): Promise<void>;
  /** Opens the sound of a camera. */
  openCameraSound(camera: string): AudioSource | undefined;
  /** Opens the sound of a room; `now` is event time where it follows the clock. Undefined where the room has none. */
  openSound(room: RoomConfig): { source: AudioSource; now?: () => EventMs } | undefined;
  /** What a camera sees now is its right view, from its next picture on. False where its picture is not watched. */
  acceptView(camera: string): boolean;
  /** How far a simulated hall has come; undefined where no camera is simulated. */
  simulated(): SimulatorStatus | undefined;
}

/** How the cameras of a configuration are opened. They share one clock, one queue of starts and the decoders of key frames. */
export function openHallCameras(options: OpenHallCamerasOptions): HallSources {
  const { config, env, clock, log, signal, recording } = options;
  const { ingest } = config;
  const fleet = createFleet({ clock });
  const recorder = recorderClock(clock);
  const keyframes = keyframeHub({ start: startFfmpeg, clock, log });
  const resolveOnvif = onvifResolver({ clock, log });
  const simulator = config.cameras.some(isSimulated)
    ? createSimulator({
        ...{ clock, log, ingest, signal, folder: join(options.data, 'simulator') },
        ...(options.lastEventAt === undefined ? {} : { lastEventAt: options.lastEventAt }),
        ...(recording ? { tapOf: recording.tapOf } : {}),
      })
    : undefined;
  const shared = { clock, ingest, signal, fleet, recorder, resolveOnvif };
  const health = new Map<string, ReturnType<typeof acceptableHealthOf>>();
  const open = (camera: CameraConfig): CameraSource => {
    const pictureHealth = acceptableHealthOf(camera);
    health.set(camera.id, pictureHealth);
    recording?.open(camera);
    return openCamera(camera, {
      ...{ clock, log: log.child({ camera: camera.id }), ingest, signal, fleet, recorder, keyframes, resolveOnvif },
      credentials: () => credentialsOf(config, camera.credentials, env),
      ...(pictureHealth ? { pictureHealth } : {}),
      ...(simulator ? { openScene: (scene: CameraConfig) => simulator.open(scene, pictureHealth) } : {}),
    });
  };
  const forRecording = (camera: CameraConfig) => credentialsOf(config, camera.credentials, env);
  recording?.share({ fleet, recorder, resolveOnvif, credentialsOf: forRecording });
  const soundOf = (device: CameraConfig): AudioSource => {
    if (isSimulated(device)) return simulator!.openSound(device);
    const credentials = () => credentialsOf(config, device.credentials, env);
    return openAudio(device, { ...shared, log: log.child({ camera: device.id }), credentials });
  };

  return {
    open,
    async forget(camera) {
      health.delete(camera);
      await recording?.forget(camera);
    },
    simulated: () => simulator?.status(),
    acceptView(camera) {
      const watched = health.get(camera);
      watched?.acceptView();
      return watched !== undefined;
    },
    openSound(room) {
      const device = soundDevice(config, room);
      if (!device) return undefined;
      return { source: soundOf(device), ...(isSimulated(device) ? {} : { now: recorder.now }) };
    },
    openCameraSound(camera) {
      const device = config.cameras.find(({ id }) => id === camera);
      return device && soundOf(device);
    },
  };
}

/** The camera or the microphone of its own that hears a room. */
function soundDevice(config: Config, room: RoomConfig): CameraConfig | undefined {
  const camera = config.cameras.find(({ id }) => id === (room.audio ?? room.cameras[0]));
  if (!room.microphone) return room.audio === undefined ? undefined : camera;
  return camera && { ...camera, id: `${room.id}.mic`, credentials: undefined, ...room.microphone };
}
