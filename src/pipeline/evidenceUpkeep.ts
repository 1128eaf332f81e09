import { mkdirSync } from 'node:fs';
import type { Manifests } from '../alerts/evidence/chain/manifests.js';
import { diskFacts, type Enforced, enforceRetention } from '../alerts/evidence/retention/enforce.js';
import { type DiskSample, hoursLeft, type RetentionPolicy } from '../alerts/evidence/retention/planRetention.js';
import { type HeldLookup, heldSpans } from '../alerts/evidence/retention/units.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';

export interface EvidenceUpkeepOptions {
  config: Config;
  /** The data folder. */
  data: string;
  ledger: Pick<Ledger, 'holds'>;
  manifests: Manifests;
  lookup: HeldLookup;
  clock: Clock;
  log: Logger;
  eventNow(): EventMs;
  /** The disk came to last too short, or is short: told when it begins. */
  onDisk?(status: DiskStatus): void;
  /** Least free bytes that recordings leave to the ledger. Default 64 MiB, at most a hundredth of the disk. */
  floorBytes?: number;
}

export interface DiskStatus {
  freeBytes: number;
  totalBytes: number;
  /** Until the watermark is reached; undefined where the disk does not fill, or not enough is known. */
  hoursLeft: number | undefined;
  /** `low`: fewer hours left than asked for. `short`: below the watermark and nothing more may be deleted. */
  state: 'ok' | 'low' | 'short';
}

/** Retention and disk space, watched all the time. */
export interface EvidenceUpkeep {
  status(): DiskStatus;
  /** False where recordings would take what belongs to the ledger. */
  hasRoom(): boolean;
  /** The disk is full: makes room soon, at most every ten seconds. */
  pressed(): void;
  /** Runs now. */
  run(): Promise<Enforced>;
  close(): Promise<void>;
}

const RUN_EVERY_MS = 10 * 60_000;
const SAMPLE_EVERY_MS = 60_000;
const SAMPLES = 24 * 60;
const PRESSED_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1000;
const FLOOR_BYTES = 64 << 20;

export function evidenceUpkeep(options: EvidenceUpkeepOptions): EvidenceUpkeep {
  const { config, data, clock, log } = options;
  const { disk, keep } = config.evidence;
  mkdirSync(data, { recursive: true });
  const policy: RetentionPolicy = {
    keepMs: { ring: config.recording.ringFor, ...keep },
    ...{ shed: disk.shed, shedBelow: disk.shedBelow, shedUntil: disk.shedUntil },
  };
  let samples: DiskSample[] = [];
  let missingBytes = 0;
  let running: Promise<Enforced> | undefined;
  let pressedMs = Number.NEGATIVE_INFINITY;
  let looked: { ms: number; hasRoom: boolean } | undefined;
  let told: DiskStatus['state'] = 'ok';

  const enforce = async (): Promise<Enforced> => {
    const held = heldSpans(options.ledger.holds.active(), options.lookup);
    const done = await enforceRetention({
      data,
      manifests: options.manifests,
      policy,
      held,
      now: options.eventNow(),
      log,
    });
    missingBytes = done.missingBytes;
    looked = undefined;
    return done;
  };
  const run = (): Promise<Enforced> => {
    running ??= enforce().finally(() => {
      running = undefined;
    });
    return running;
  };
  const runAndTell = (): void =>
    void run().catch((error) => log.error({ error: messageOf(error) }, 'retention failed'));

  const status = (): DiskStatus => {
    const now = diskFacts(data);
    const left = hoursLeft(samples, disk.shedBelow);
    const short = missingBytes > 0 && now.freeBytes < disk.shedBelow * now.totalBytes;
    const state = short ? 'short' : left !== undefined && left < disk.warnHours ? 'low' : 'ok';
    return { ...now, hoursLeft: left, state };
  };

  const sample = (): void => {
    samples = [...samples.slice(1 - SAMPLES), { at: clock.now(), ...diskFacts(data) }];
    const current = status();
    if (current.state !== told && current.state !== 'ok') {
      log.warn({ hoursLeft: current.hoursLeft, freeBytes: current.freeBytes, state: current.state }, 'disk is filling');
      options.onDisk?.(current);
    }
    told = current.state;
    if (current.freeBytes < disk.shedBelow * current.totalBytes) runAndTell();
  };

  const timers = [clock.every(SAMPLE_EVERY_MS, sample), clock.every(RUN_EVERY_MS, runAndTell)];
  sample();

  return {
    status,
    run,
    hasRoom() {
      if (!looked || clock.monotonicMs() - looked.ms > LOOK_EVERY_MS) {
        const { freeBytes, totalBytes } = diskFacts(data);
        looked = {
          ms: clock.monotonicMs(),
          hasRoom: freeBytes > (options.floorBytes ?? Math.min(FLOOR_BYTES, totalBytes / 100)),
        };
      }
      return looked.hasRoom;
    },
    pressed() {
      if (clock.monotonicMs() - pressedMs < PRESSED_EVERY_MS) return;
      pressedMs = clock.monotonicMs();
      runAndTell();
    },
    async close() {
      for (const timer of timers) timer.cancel();
      await running?.catch(() => undefined);
    },
  };
}
