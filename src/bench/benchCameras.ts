import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, sleep } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { Sighting } from '../pipeline/observeCamera.js';
import { startService } from '../pipeline/service.js';
import { openBenchHall } from './benchHall.js';
import { type Cost, startMeter } from './meter.js';
import { type Percentiles, percentiles } from './percentiles.js';
import { startProfile } from './profile.js';

export interface BenchOptions {
  count: number;
  seconds: number;
  /** Records the cameras, too. */
  recording: boolean;
  /** Where a `.cpuprofile` of the main thread goes. */
  profile?: string | undefined;
  /** Where the addresses of the streams go when the measured time begins, one a line: for a program that is measured beside us. */
  urls?: string | undefined;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/** CPU milliseconds that one camera costs in one second, by who spent them. */
export interface StageCost {
  decode: number;
  mainLoop: number;
  /** Inference workers and the runtime's own threads. */
  inference: number;
  total: number;
}

export interface BenchResult {
  cameras: number;
  seconds: number;
  recording: boolean;
  /** Cameras that gave at least one look in the measured time. */
  camerasSeen: number;
  /** Mean cores used by Hallwatch and everything it starts, without the RTSP server. */
  cores: number;
  cpuMsPerCameraSecond: StageCost;
  rtspServerCores: number;
  rssMiB: { hallwatch: number; decoders: number; total: number };
  /** Processes that Hallwatch runs, itself left out. */
  children: number;
  /** From the start to the first look at the last camera, seconds; null where one was never seen. */
  allSeenAfterS: number | null;
  /** From capture to result, ms. */
  frameAgeMs: Percentiles;
  /** Between two observations of one camera, ms: windows and rooms together, and each alone. */
  observationIntervalMs: Percentiles;
  windowIntervalMs: Percentiles;
  roomIntervalMs: Percentiles;
  /** From the instant at which a rule raised an alert to its being told to the board, ms. */
  alertDelayMs: Percentiles;
  loopDelayMs: Percentiles;
  looks: number;
  /** Share of the pictures of windows for which the network was asked, 0-1. */
  askedShare: number;
  /** Pictures that were not looked at because the camera counted as blind (frozen, covered, ...). */
  blind: number;
  dropped: number;
}

/** Streams start one after the other and the first looks load the networks: none of that is measured. */
const WARM_UP_MS = 20_000;
const START_MS_PER_CAMERA = 100;

/** Plays `count` cameras through the real service for `seconds` and says what it cost. Linux only: it reads /proc. */
export async function benchCameras(options: BenchOptions): Promise<BenchResult> {
  const { count, recording, clock, log, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hallwatch-bench-'));
  let hall: Awaited<ReturnType<typeof openBenchHall>> | undefined;
  try {
    hall = await openBenchHall({ count, recording, folder, clock, log, signal });
    const notes = noteBook(clock);
    const service = await startService({
      ...{ config: hall.config, configFile: undefined, env: {}, clock, log, version: 'bench', webFolder: undefined },
      onSighting: notes.saw,
      onStep: notes.told,
    });
    try {
      await sleep(clock, WARM_UP_MS + count * START_MS_PER_CAMERA, signal);
      if (options.urls !== undefined)
        writeFileSync(options.urls, `${hall.config.cameras.map((c) => c.source).join('\n')}\n`);
      const cost = await measured(options, { notes, serverPid: hall.server.pid, dropped: service.dropped });
      return { ...cost, ...notes.result(), cameras: count, recording };
    } finally {
      await service.close();
    }
  } finally {
    await hall?.server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Measured = Pick<
  BenchResult,
  'seconds' | 'cores' | 'cpuMsPerCameraSecond' | 'rtspServerCores' | 'rssMiB' | 'children' | 'loopDelayMs' | 'dropped'
>;

async function measured(
  { count, seconds, profile, clock, signal }: BenchOptions,
  { notes, serverPid, dropped }: { notes: NoteBook; serverPid: number; dropped(): number },
): Promise<Measured> {
  const droppedBefore = dropped();
  const endProfile = profile === undefined ? undefined : await startProfile(profile);
  notes.begin();
  const meter = startMeter(serverPid, clock);
  await sleep(clock, seconds * 1000, signal);
  const cost = meter.read();
  notes.end();
  await endProfile?.();
  return { ...costOf(cost, count), dropped: dropped() - droppedBefore };
}

function costOf(cost: Cost, count: number): Omit<Measured, 'dropped'> {
  const perCamera = (cpuS: number): number => Math.round((cpuS / cost.seconds / count) * 1e5) / 100;
  const cores = (cpuS: number): number => Math.round((cpuS / cost.seconds) * 1000) / 1000;
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const { own, children } = cost;
  return {
    seconds: Math.round(cost.seconds),
    cores: cores(cost.ownS + cost.childrenS),
    cpuMsPerCameraSecond: {
      decode: perCamera(cost.childrenS),
      mainLoop: perCamera(cost.mainS),
      inference: perCamera(cost.ownS - cost.mainS),
      total: perCamera(cost.ownS + cost.childrenS),
    },
    rtspServerCores: cores(cost.serverS),
    rssMiB: {
      hallwatch: mebibytes(own.rssBytes),
      decoders: mebibytes(children.rssBytes),
      total: mebibytes(own.rssBytes + children.rssBytes),
    },
    children: cost.processes,
    loopDelayMs: cost.loopDelayMs,
  };
}

type NoteBook = ReturnType<typeof noteBook>;

/** Notes what the service saw and said. */
function noteBook(clock: Clock) {
  const startedMs = clock.monotonicMs();
  const times = new Map<string, number[]>();
  const first = new Map<string, number>();
  const rooms = new Set<string>();
  const ages: number[] = [];
  const alertDelays: number[] = [];
  let [measuring, blind, repeated, windowLooks] = [false, 0, 0, 0];

  const intervals = (wanted: (camera: string) => boolean): Percentiles =>
    percentiles(
      [...times].flatMap(([camera, all]) => (wanted(camera) ? all.slice(1).map((at, i) => at - all[i]!) : [])),
    );

  return {
    begin() {
      measuring = true;
    },
    end() {
      measuring = false;
    },
    saw(sighting: Sighting): void {
      if (sighting.type === 'look' && !first.has(sighting.camera)) first.set(sighting.camera, clock.monotonicMs());
      if (measuring && sighting.type === 'blind') blind += 1;
      if (!measuring || sighting.type !== 'look') return;
      const { camera, at, observations } = sighting;
      const known = times.get(camera) ?? [];
      if (known.length === 0) times.set(camera, known);
      known.push(at);
      ages.push(clock.now() - at);
      if (observations.some(({ kind }) => kind === 'persons')) rooms.add(camera);
      else {
        windowLooks += 1;
        if (observations.some(({ verifiedAt }) => verifiedAt !== undefined)) repeated += 1;
      }
    },
    told(step: { step: string; at: number }): void {
      if (measuring && step.step === 'open') alertDelays.push(clock.now() - step.at);
    },
    result() {
      const cameras = [...times.keys()].length;
      const lastFirst = Math.max(...first.values());
      return {
        camerasSeen: cameras,
        allSeenAfterS: cameras > 0 ? Math.round((lastFirst - startedMs) / 100) / 10 : null,
        frameAgeMs: percentiles(ages),
        observationIntervalMs: intervals(() => true),
        windowIntervalMs: intervals((camera) => !rooms.has(camera)),
        roomIntervalMs: intervals((camera) => rooms.has(camera)),
        alertDelayMs: percentiles(alertDelays),
        looks: ages.length,
        askedShare: windowLooks > 0 ? Math.round((1 - repeated / windowLooks) * 1000) / 1000 : 1,
        blind,
      };
    },
  };
}
