import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { Logger } from '../core/log.js';
import type { CameraSource } from '../core/source.js';
import type { EventMs } from '../core/time.js';
import { createFleet } from '../ingest/live/fleet.js';
import { recorderClock } from '../ingest/live/recorderClock.js';
import { onvifResolver } from '../ingest/onvif/resolveOnvif.js';
import { openCamera } from '../ingest/openCamera.js';
import { createSimulator, isSimulated } from '../ingest/simulator/simulator.js';
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
}

/** Opens every camera of the configuration. They share one clock and one queue of starts. */
export function openHallCameras(options: OpenHallCamerasOptions): CameraSource[] {
  const { config, env, clock, log, signal } = options;
  const { ingest } = config;
  const fleet = createFleet({ clock });
  const recorder = recorderClock(clock);
  const resolveOnvif = onvifResolver({ clock, log });
  const simulator = config.cameras.some(isSimulated)
    ? createSimulator({
        ...{ clock, log, ingest, signal, folder: join(options.data, 'simulator') },
        ...(options.lastEventAt === undefined ? {} : { lastEventAt: options.lastEventAt }),
      })
    : undefined;
  return config.cameras.map((camera) =>
    openCamera(camera, {
      ...{ clock, log: log.child({ camera: camera.id }), ingest, signal, fleet, recorder, resolveOnvif },
      credentials: () => credentialsOf(config, camera.credentials, env),
      ...(simulator ? { openScene: simulator.open } : {}),
    }),
  );
}
