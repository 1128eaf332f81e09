import type { Clock } from '../../core/clock.js';
import type { Config } from '../../core/config/schema.js';
import type { Logger } from '../../core/log.js';
import { areaFinder } from '../../detectors/persons/finders.js';
import type { Sighting } from '../observeCamera.js';
import { type HallLooks, type LookPool, looksInTurn } from './hallLooks.js';
import { lookMeter } from './lookMeter.js';
import { lookScheduler, TILE_PIXELS } from './lookScheduler.js';

/** The looks of a running hall, with what is known of them. */
export interface OpenLooks {
  looks: HallLooks;
  /** Told of every sighting of every camera. */
  saw(sighting: Sighting): void;
  /** Prometheus lines. */
  metrics(): string[];
  close(): void;
}

export interface OpenLooksOptions {
  config: Pick<Config, 'inference'>;
  pool: LookPool;
  clock: Clock;
  log: Logger;
}

/** How often is asked whether the network would do if everything moved at once. */
const FORESEE_MS = 60_000;
const TOO_MUCH = 0.9;

/** Opens the scheduler and the meter of a hall. */
export function openLooks({ config, pool, clock, log }: OpenLooksOptions): OpenLooks {
  const { workers } = config.inference;
  const scheduler = lookScheduler({
    tileFinder: areaFinder(pool, TILE_PIXELS),
    mosaicFinder: pool.mosaicFinder,
    ...{ workers, clock, log },
  });
  const meter = lookMeter();
  let told = false;
  const foresee = clock.every(FORESEE_MS, () => {
    const busy = scheduler.stats().load.busy / Math.max(0.01, meter.askedShare());
    if (busy >= TOO_MUCH && !told) {
      log.warn(
        { busy: Math.round(busy * 100) / 100 },
        'looks: the network would be too slow if everything moved at once',
      );
    }
    told = busy >= TOO_MUCH;
  });
  return {
    looks: looksInTurn(pool, scheduler, meter.decided),
    saw(sighting) {
      if (sighting.type === 'look') meter.observed(sighting.camera, sighting.at);
      else if (sighting.type === 'blind') meter.interrupted(sighting.camera);
    },
    metrics: () => meter.lines(scheduler.stats()),
    close() {
      foresee.cancel();
      scheduler.close();
    },
  };
}
