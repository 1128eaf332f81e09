import type { Command } from 'commander';
import { compareToBaseline, readBaseline, type StageChange, saveBaseline } from '../bench/baseline.js';
import { type BenchResult, benchCameras } from '../bench/benchCameras.js';
import { benchRooms } from '../bench/benchRooms.js';
import type { Percentiles } from '../bench/percentiles.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { printJson, printLine, printNote } from './output.js';

interface BenchFlags {
  count: string;
  seconds: string;
  recording?: boolean;
  baseline?: string;
  save?: string;
  profile?: string;
  urls?: string;
  json?: boolean;
}

/** `bench cameras`: simulated RTSP cameras through the real service. Exit 1: cameras unseen, or dearer than the baseline. */
export function addBenchCommand(program: Command): void {
  const bench = program.command('bench').description('压力测试 · benchmarks');
  bench
    .command('rooms [pictures...]')
    .description('N 间评标室 · sealed rooms with a roster, looked at every 2 s: persons, faces and rules')
    .option('--rooms <n>', 'rooms', '24')
    .option('--roster <n>', 'persons on the roster', '60')
    .option('--seconds <s>', 'event time played', '60')
    .option('--json', 'print one JSON line')
    .action(runRooms);
  bench
    .command('cameras')
    .description('N 路模拟 RTSP 摄像机 · N simulated RTSP cameras through the real service')
    .option('--count <n>', 'cameras', '16')
    .option('--seconds <s>', 'measured time', '60')
    .option('--recording', 'record the cameras, too (a connection more for each)')
    .option('--save <file>', 'keep the result as a baseline')
    .option('--baseline <file>', 'compare with a baseline; 10 % more CPU per camera-second is a finding')
    .option('--profile <file>', "write a .cpuprofile of the main thread's measured time")
    .option('--urls <file>', 'write the addresses of the streams when the measured time begins')
    .option('--json', 'print one JSON line')
    .action(run);
}

async function run(flags: BenchFlags): Promise<void> {
  const count = whole('--count', flags.count);
  const seconds = whole('--seconds', flags.seconds);
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  printNote(`${count} cameras, ${seconds} s after a warm-up`);
  const { recording = false, profile, urls } = flags;
  const log = makeLogger({ level: 'warn' });
  const running = { clock: systemClock, log, signal: stop.signal };
  const result = await benchCameras({ count, seconds, recording, profile, urls, ...running });
  const changes = baseline ? compareToBaseline(result, baseline.cpuMsPerCameraSecond) : undefined;
  if (flags.json) printJson(changes ? { ...result, baseline: changes } : result);
  else for (const line of [...tableOf(result), ...(changes ?? []).map(changeOf)]) printLine(line);
  for (const change of changes ?? []) if (change.regressed) printNote(`regression: ${changeOf(change)}`);
  if (flags.save !== undefined) saveBaseline(flags.save, result);
  if (result.camerasSeen < result.cameras || changes?.some(({ regressed }) => regressed)) process.exitCode = 1;
}

async function runRooms(
  pictures: string[],
  flags: { rooms: string; roster: string; seconds: string; json?: boolean },
): Promise<void> {
  const [rooms, roster] = [whole('--rooms', flags.rooms), whole('--roster', flags.roster)];
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const running = { clock: systemClock, log: makeLogger({ level: 'warn' }), signal: stop.signal };
  const result = await benchRooms({ rooms, roster, seconds: whole('--seconds', flags.seconds), pictures, ...running });
  if (flags.json) {
    printJson(result);
    return;
  }
  const { cpuMsPerRoomSecond: cost, lookMs } = result;
  printLine(
    `rooms                  ${rooms}, roster ${roster}, ${result.looks} looks, ${result.persons} persons a look`,
  );
  printLine(
    `CPU ms a room-second   while identifying ${cost.identifying}  steady ${cost.steady}  (decoding not counted)`,
  );
  printLine(`cores                  ${result.cores} for all rooms at one look every 2 s`);
  printLine(`look ms                p50 ${lookMs.p50}  p95 ${lookMs.p95}  p99 ${lookMs.p99}  max ${lookMs.max}`);
}

function whole(flag: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new AppError('usage', `${flag} ${text}: not a whole number from 1 to 99999`);
  return Number(text);
}

const changeOf = ({ stage, before, now, ratio, regressed }: StageChange): string =>
  `${stage.padEnd(10)} ${before} -> ${now} ms a camera-second (x ${ratio})${regressed ? '  MORE THAN 10 % DEARER' : ''}`;

function tableOf(result: BenchResult): string[] {
  const { cpuMsPerCameraSecond: cost, rssMiB } = result;
  const shown = (p: Percentiles): string => `p50 ${p.p50}  p95 ${p.p95}  p99 ${p.p99}  max ${p.max}  (n ${p.n})`;
  return [
    `cameras                    ${result.camerasSeen} of ${result.cameras} seen, the last after ${result.allSeenAfterS} s`,
    `looks                      ${result.looks} in ${result.seconds} s, network asked for ${result.askedShare} of the windows' pictures`,
    `                           ${result.blind} blind, ${result.dropped} frames dropped`,
    `CPU ms per camera-second   decode ${cost.decode}  main loop ${cost.mainLoop}  inference ${cost.inference}  total ${cost.total}`,
    `cores                      hallwatch ${result.cores}  (rtsp server ${result.rtspServerCores}, not counted)`,
    `RSS MiB                    hallwatch ${rssMiB.hallwatch}  ${result.children} children ${rssMiB.decoders}  total ${rssMiB.total}`,
    `frame age ms               ${shown(result.frameAgeMs)}`,
    `window interval ms         ${shown(result.windowIntervalMs)}`,
    `room interval ms           ${shown(result.roomIntervalMs)}`,
    `alert told after ms        ${shown(result.alertDelayMs)}`,
    `loop delay ms              ${shown(result.loopDelayMs)}`,
  ];
}
