import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError, messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { BenchResult, StageCost } from './benchCameras.js';

const stages = ['decode', 'mainLoop', 'inference', 'total'] as const;

const saved = z.object({
  cameras: z.number(),
  cpuMsPerCameraSecond: z.object({
    decode: z.number(),
    mainLoop: z.number(),
    inference: z.number(),
    total: z.number(),
  }),
});

/** One stage against the baseline. */
export interface StageChange {
  stage: keyof StageCost;
  before: number;
  now: number;
  /** now / before. */
  ratio: number;
  regressed: boolean;
}

/** More than this above the baseline is a regression. */
const REGRESSION = 1.1;
/** Differences below this are the clock's resolution, ms of CPU a camera-second. */
const RESOLUTION_MS = 0.1;

/** Each stage's cost against the baseline's. Compare runs of one machine with as many cameras. */
export function compareToBaseline(result: Pick<BenchResult, 'cpuMsPerCameraSecond'>, before: StageCost): StageChange[] {
  return stages.map((stage) => {
    const now = result.cpuMsPerCameraSecond[stage];
    const ratio = before[stage] > 0 ? now / before[stage] : 1;
    const regressed = ratio > REGRESSION && now - before[stage] > RESOLUTION_MS;
    return { stage, before: before[stage], now, ratio: Math.round(ratio * 1000) / 1000, regressed };
  });
}

/**
 * Reads a result that was saved.
 * @throws AppError `not-found` or `bad-input`
 */
export function readBaseline(path: string): z.output<typeof saved> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `baseline ${path}: cannot be read`, { cause, hint: 'make one with --save' });
  }
  try {
    return saved.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('bad-input', `baseline ${path}: ${messageOf(cause)}`, { cause, hint: 'make one with --save' });
  }
}

/** Keeps a result as a baseline. */
export const saveBaseline = (path: string, result: BenchResult): void =>
  writeFileAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
