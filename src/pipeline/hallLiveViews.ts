import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { Logger } from '../core/log.js';
import { liveSources } from '../ingest/liveView/liveSources.js';
import { type LiveViews, liveViews } from '../ingest/liveView/liveViews.js';
import { onvifResolver } from '../ingest/onvif/resolveOnvif.js';
import { credentialsOf } from './openSinks.js';

export interface HallLiveViewsOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
}

/** The live view of every camera of the configuration. Nothing runs before somebody looks. */
export function hallLiveViews({ config, env, clock, log }: HallLiveViewsOptions): LiveViews {
  const resolveOnvif = onvifResolver({ clock, log });
  return liveViews({
    ...{ clock, log },
    async sourcesOf(id, signal) {
      const camera = config.cameras.find((candidate) => candidate.id === id);
      if (!camera) return [];
      const credentials = () => credentialsOf(config, camera.credentials, env);
      return liveSources(camera, { credentials, resolveOnvif, timeoutMs: config.ingest.offlineAfter }, signal);
    },
  });
}
