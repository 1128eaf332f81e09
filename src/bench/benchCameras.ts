import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clock, sleep } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { Sighting } from '../pipeline/observeCamera.js';
import { startService } from '../pipeline/service.js';
import { openBenchHall } from './benchHall.js';
import { type Percentiles, percentiles } from './percentiles.js';
import { descendants, mainThreadCpuS, usageOf } from './processCpu.js';

export interface BenchOptions {
  count: number;
  seconds: number;
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
  /** Cameras that gave at least one look in the measured time. */
  camerasSeen: number;
  /** Mean cores used by Hallwatch and everything it starts, without the RTSP server. */
  cores: number;
  cpuMsPerCameraSecond: StageCost;
  rtspServerCores: number;
  rssMiB: { hallwatch: number; decoders: number; total: number };
  /** From capture to result, ms. */
  frameAgeMs: Percentiles;
  /** Between two looks at one camera, ms. */
  observationIntervalMs: Percentiles;
  loopDelayMs: Percentiles;
  looks: number;
  /** Pictures that were not looked at because the camera counted as blind (frozen, covered, ...). */
  blind: number;
  dropped: number;
}

/** Streams start one after the other and the first looks load the networks: none of that is measured. */
const WARM_UP_MS = 20_000;
const START_MS_PER_CAMERA = 100;

/** Plays `count` cameras through the real service for `seconds` and says what it cost. Linux only: it reads /proc. */
export async function benchCameras(options: BenchOptions): Promise<BenchResult> {
  const { count, seconds, clock, log, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hallwatch-bench-'));
  let hall: Awaited<ReturnType<typeof openBenchHall>> | undefined;
  try {
    hall = await openBenchHall({ count, folder, clock, log, signal });
    const looks: Array<{ camera: string; at: number; ageMs: number }> = [];
    let measuring = false;
    let blind = 0;
    const onSighting = (sighting: Sighting): void => {
      if (measuring && sighting.type === 'blind') blind += 1;
      if (!measuring || sighting.type !== 'look') return;
      looks.push({ camera: sighting.camera, at: sighting.at, ageMs: clock.now() - sighting.at });
    };
    const service = await startService({
      ...{ config: hall.config, configFile: undefined, env: {}, clock, log, version: 'bench', webFolder: undefined },
      onSighting,
    });
    try {
      await sleep(clock, WARM_UP_MS + count * START_MS_PER_CAMERA, signal);
      const droppedBefore = service.dropped();
      measuring = true;
      const meter = startMeter(hall.server.pid, clock);
      await sleep(clock, seconds * 1000, signal);
      measuring = false;
      return resultOf(meter.read(), { looks, count, blind, dropped: service.dropped() - droppedBefore });
    } finally {
      await service.close();
    }
  } finally {
    await hall?.server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Reading = ReturnType<ReturnType<typeof startMeter>['read']>;

/** Reads the CPU clocks now and again later. Children that come and go in between are measured while they live. */
function startMeter(serverPid: number, clock: Clock) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const read = () => {
    const children = descendants(process.pid, [serverPid]);
    return {
      own: usageOf([process.pid]),
      main: mainThreadCpuS(process.pid),
      children: usageOf(children),
      server: usageOf([serverPid]),
      atMs: clock.monotonicMs(),
    };
  };
  const before = read();
  delay.enable();
  return {
    read() {
      delay.disable();
      const after = read();
      const ns = (share: number): number => Math.round(delay.percentile(share) / 1e5) / 10;
      const loopDelayMs: Percentiles = {
        n: delay.count,
        p50: ns(50),
        p95: ns(95),
        p99: ns(99),
        max: Math.round(delay.max / 1e5) / 10,
      };
      return { before, after, loopDelayMs };
    },
  };
}

function resultOf(
  { before, after, loopDelayMs }: Reading,
  run: { looks: Array<{ camera: string; at: number; ageMs: number }>; count: number; blind: number; dropped: number },
): BenchResult {
  const { looks, count } = run;
  const seconds = (after.atMs - before.atMs) / 1000;
  const own = after.own.cpuS - before.own.cpuS;
  const main = after.main - before.main;
  const decode = after.children.cpuS - before.children.cpuS;
  const perCamera = (cpuS: number): number => Math.round((cpuS / seconds / count) * 1e5) / 100;
  const cores = (cpuS: number): number => Math.round((cpuS / seconds) * 1000) / 1000;
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const byCamera = new Map<string, number[]>();
  for (const { camera, at } of looks) byCamera.set(camera, [...(byCamera.get(camera) ?? []), at]);
  const intervals = [...byCamera.values()].flatMap((times) => times.slice(1).map((at, i) => at - times[i]!));
  return {
    cameras: count,
    seconds: Math.round(seconds),
    camerasSeen: byCamera.size,
    cores: cores(own + decode),
    cpuMsPerCameraSecond: {
      decode: perCamera(decode),
      mainLoop: perCamera(main),
      inference: perCamera(own - main),
      total: perCamera(own + decode),
    },
    rtspServerCores: cores(after.server.cpuS - before.server.cpuS),
    rssMiB: {
      hallwatch: mebibytes(after.own.rssBytes),
      decoders: mebibytes(after.children.rssBytes),
      total: mebibytes(after.own.rssBytes + after.children.rssBytes),
    },
    frameAgeMs: percentiles(looks.map((look) => look.ageMs)),
    observationIntervalMs: percentiles(intervals),
    loopDelayMs,
    looks: looks.length,
    blind: run.blind,
    dropped: run.dropped,
  };
}
