import { join } from 'node:path';
import { encodeJpeg } from '../alerts/evidence/snapshot.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { PatrolPort } from '../board/ports.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { Frame } from '../core/frame.js';
import type { CameraFinding } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs } from '../core/time.js';
import { type FinderPool, stillFinder } from '../detectors/persons/finders.js';
import type { HallRecorder } from './hallRecorder.js';
import { hashedFiles } from './hashedFiles.js';
import { keepFor } from './keepFor.js';
import { presetTurner } from './patrolCameras.js';
import { PATROL_RULE, PATROL_VERSION, runPatrols } from './patrolRun.js';
import { visitPoint } from './patrolVisit.js';

export interface HallPatrolOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** Data folder. */
  data: string;
  ledger: Ledger;
  recorder: Pick<HallRecorder, 'keep'>;
  pictures: ReadonlyMap<string, Frame>;
  findings(camera: CameraId): Iterable<CameraFinding>;
  pool: FinderPool;
  /** Newest event time; 0 before anything was seen. */
  now: () => EventMs;
  clock: Clock;
  log: Logger;
}

/** Rounds of patrol while the hall runs. */
export interface HallPatrol {
  port: PatrolPort;
  close(): Promise<void>;
}

/** Walks the plans of the configuration, and is what the board asks about them. */
export function hallPatrol(options: HallPatrolOptions): HallPatrol {
  const { config, ledger, recorder, pictures, clock, log } = options;
  const files = hashedFiles(join(options.data, 'patrol'));
  const stopSweeping = keepFor(files, config.evidence.keep.hall, { clock, log, what: 'patrol' });
  const still = stillFinder(options.pool);
  const now = (): EventMs => (options.now() > 0 ? options.now() : eventMs(clock.now()));
  const deps = {
    ...{ clock, files, findings: options.findings, encode: encodeJpeg, turn: presetTurner(options) },
    picture: (camera: CameraId) => pictures.get(camera),
    look: (frame: Frame, signal: AbortSignal) => still(frame, { minScore: config.inference.minScore }, signal),
  };
  const version = { rule: PATROL_RULE, version: PATROL_VERSION, parameters: {} };
  ledger.ruleVersions.remember({ ...version, effectiveFrom: now() });
  const run = runPatrols({
    ...{ site: config.site.id, timeZone: config.site.timeZone, ledger, now, clock, log },
    plans: () => config.patrols,
    visit: (task, signal) => visitPoint(task, deps, signal),
    onStep: (step) => recorder.keep({ observations: [], steps: [step], touched: [] }, step.at),
  });
  return {
    port: { start: run.start, read: files.read },
    async close() {
      stopSweeping();
      await run.close();
    },
  };
}
