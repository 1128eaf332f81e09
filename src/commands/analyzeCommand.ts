import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { type EventMs, eventMs, parseInstant } from '../core/time.js';
import { faceNetworks } from '../detectors/faces/findFaces.js';
import { type InferencePool, openInference } from '../detectors/inference/pool.js';
import { analyze, type Recording } from '../pipeline/analyze.js';
import { deskFolders } from '../pipeline/deskFolders.js';
import { hallDetectors } from '../pipeline/hallDetectors.js';
import { recordedEvaluation } from '../pipeline/recordedEvaluation.js';
import type { RunningEvaluations } from '../pipeline/runningEvaluations.js';
import { findingJson, findingText } from './analyzeOutput.js';
import { configPath } from './configPath.js';
import { cacheWithoutConfig } from './dataFolder.js';
import { readEvaluation } from './evaluationFile.js';
import { printJson, printLine, printNote } from './output.js';

interface AnalyzeFlags {
  config?: string;
  camera: string[];
  start?: string;
  evaluation?: string;
  json?: boolean;
}

/** `analyze`: the pipeline over recorded files. */
export function addAnalyzeCommand(program: Command): void {
  program
    .command('analyze')
    .description('分析录像文件 · run the pipeline over recorded files, as fast as the machine allows')
    .option('--config <file>', 'configuration file')
    .requiredOption('--camera <ID=VIDEO>', 'a recording that plays the part of a camera; repeat for more', collect, [])
    .option(
      '--start <instant>',
      'event time of the first picture, e.g. 2026-10-08T08:30:00+08:00 (default 1970-01-01T00:00:00Z)',
    )
    .option(
      '--evaluation <file>',
      'a bid evaluation (YAML: rooms, roster with photos) that runs in the recorded rooms; without it none is open, and presence in a room is an alert',
    )
    .option('--json', 'print JSON lines only')
    .action(run);
}

const collect = (value: string, before: string[]): string[] => [...before, value];

function recordingsOf(flags: string[]): Recording[] {
  const recordings = flags.map((flag) => {
    const at = flag.indexOf('=');
    if (at < 1 || at === flag.length - 1) throw new AppError('usage', `--camera ${flag}: write it as ID=VIDEO`);
    return { camera: flag.slice(0, at), path: flag.slice(at + 1) };
  });
  const twice = recordings.find(({ camera }, i) => recordings.findIndex((other) => other.camera === camera) < i);
  if (twice) throw new AppError('usage', `--camera ${twice.camera}: given twice`);
  return recordings;
}

async function run(flags: AnalyzeFlags): Promise<void> {
  const config = loadConfig(configPath(flags.config), process.env);
  const recordings = recordingsOf(flags.camera);
  const scheduled = config.windows.find((window) => window.hours !== 'always');
  if (flags.start === undefined && scheduled) {
    throw new AppError('usage', `--start: missing: window ${scheduled.id} has hours ${scheduled.hours}`, {
      hint: 'say when the recording began, for example --start 2026-10-08T08:30:00+08:00',
    });
  }
  const startAt = flags.start === undefined ? eventMs(0) : parseInstant(flags.start, '--start');
  const log = makeLogger({ level: 'warn' });
  const workers = availableParallelism();
  const pool = await openInference({
    backend: config.inference.backend,
    workers,
    cacheFolder: cacheWithoutConfig(process.env),
    log,
    clock: systemClock,
  });
  const stop = new AbortController();
  const began = systemClock.monotonicMs();
  try {
    const evaluation =
      flags.evaluation === undefined ? undefined : await evaluationOf(flags.evaluation, { config, startAt, pool });
    const findings = analyze({
      ...(evaluation ? { evaluations: evaluation } : {}),
      config,
      recordings,
      startAt,
      detectors: hallDetectors(config, pool, {
        ...(evaluation ? { galleryOf: evaluation.gallery } : {}),
        desks: await deskFolders(config, log),
      }),
      ahead: workers + 1,
      clock: systemClock,
      log,
      signal: stop.signal,
    });
    for await (const finding of findings) {
      if (flags.json) printJson(findingJson(finding));
      else for (const line of findingText(finding, config)) printLine(line);
      if (finding.type !== 'summary') continue;
      const broken = finding.recordings.filter((recording) => recording.truncated);
      for (const { file, durationS } of broken)
        printNote(`${file}: breaks off after ${durationS} s; analysed up to there`);
      if (broken.length > 0) process.exitCode = 1;
      const tookS = (systemClock.monotonicMs() - began) / 1000;
      const playedS = finding.recordings.reduce((sum, recording) => sum + recording.durationS, 0);
      printNote(
        `${playedS.toFixed(1)} s of video in ${tookS.toFixed(1)} s: ${(playedS / tookS).toFixed(1)}x real time`,
      );
    }
  } finally {
    stop.abort();
    await pool.close();
  }
}

interface EvaluationContext {
  config: Config;
  startAt: EventMs;
  pool: InferencePool;
}

/** Reads the evaluation and says on standard error which photos are of no use: those persons cannot be recognised. */
async function evaluationOf(file: string, { config, startAt, pool }: EvaluationContext): Promise<RunningEvaluations> {
  const read = await readEvaluation(file, { config, startAt, networks: faceNetworks(pool) });
  for (const { person, photos, template } of read.enrolled) {
    for (const photo of photos) if (photo.verdict !== 'good') printNote(`${photo.file}: ${photo.verdict}`);
    if (!template && photos.length > 0) printNote(`${person}: no photo can be used: this person cannot be recognised`);
  }
  return recordedEvaluation(read);
}
