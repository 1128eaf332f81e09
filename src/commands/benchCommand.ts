import type { Command } from 'commander';
import { type BenchResult, benchCameras } from '../bench/benchCameras.js';
import type { Percentiles } from '../bench/percentiles.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { printJson, printLine, printNote } from './output.js';

interface BenchFlags {
  count: string;
  seconds: string;
  json?: boolean;
}

/** `bench cameras`: simulated RTSP cameras through the real service. */
export function addBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('压力测试 · benchmarks')
    .command('cameras')
    .description('N 路模拟 RTSP 摄像机 · N simulated RTSP cameras through the real service')
    .option('--count <n>', 'cameras', '16')
    .option('--seconds <s>', 'measured time', '60')
    .option('--json', 'print one JSON line')
    .action(async (flags: BenchFlags) => {
      const count = whole('--count', flags.count);
      const seconds = whole('--seconds', flags.seconds);
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      printNote(`${count} cameras, ${seconds} s after a warm-up`);
      const log = makeLogger({ level: 'warn' });
      const result = await benchCameras({ count, seconds, clock: systemClock, log, signal: stop.signal });
      if (flags.json) printJson(result);
      else for (const line of tableOf(result)) printLine(line);
      if (result.camerasSeen < result.cameras) process.exitCode = 1;
    });
}

function whole(flag: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new AppError('usage', `${flag} ${text}: not a whole number from 1 to 99999`);
  return Number(text);
}

function tableOf(result: BenchResult): string[] {
  const { cpuMsPerCameraSecond: cost, rssMiB } = result;
  const shown = (p: Percentiles): string => `p50 ${p.p50}  p95 ${p.p95}  p99 ${p.p99}  max ${p.max}`;
  return [
    `cameras                    ${result.camerasSeen} of ${result.cameras} seen, ${result.seconds} s, ${result.looks} looks, ${result.blind} blind, ${result.dropped} frames dropped`,
    `CPU ms per camera-second   decode ${cost.decode}  main loop ${cost.mainLoop}  inference ${cost.inference}  total ${cost.total}`,
    `cores                      hallwatch ${result.cores}  (rtsp server ${result.rtspServerCores}, not counted)`,
    `RSS MiB                    hallwatch ${rssMiB.hallwatch}  decoders ${rssMiB.decoders}  total ${rssMiB.total}`,
    `frame age ms               ${shown(result.frameAgeMs)}`,
    `observation interval ms    ${shown(result.observationIntervalMs)}`,
    `loop delay ms              ${shown(result.loopDelayMs)}`,
  ];
}
