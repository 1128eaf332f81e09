import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { mapOrdered, streamOf } from '../core/mapOrdered.js';
import {
  DETECT_KINDS,
  type DetectImageOptions,
  type DetectKind,
  detectImage,
  type ImageFindings,
} from '../detectors/detectImage.js';
import { faceFinder } from '../detectors/faces/faceFinder.js';
import { openInference } from '../detectors/inference/pool.js';
import { stillFinder } from '../detectors/persons/finders.js';
import { cacheWithoutConfig } from './dataFolder.js';
import { printFileFailure, printJson, printLine } from './output.js';

interface DetectFlags {
  kinds: string;
  embeddings?: boolean;
  json?: boolean;
}

/** `detect`: what the networks see in pictures. */
export function addDetectCommand(program: Command): void {
  program
    .command('detect')
    .description('检测图片中的人、物品、人脸 · find persons, items and faces in pictures')
    .argument('<image...>', 'picture files')
    .option('--kinds <list>', `of ${DETECT_KINDS.join(',')}`, 'person,item')
    .option('--embeddings', 'add the descriptor of each face')
    .option('--json', 'print JSON lines only')
    .action(run);
}

function kindsOf(list: string): Set<DetectKind> {
  const kinds = new Set<DetectKind>();
  for (const name of list.split(',').map((part) => part.trim())) {
    const known = DETECT_KINDS.find((kind) => kind === name);
    if (!known)
      throw new AppError('usage', `--kinds ${list}: no kind ${JSON.stringify(name)}`, {
        hint: `kinds: ${DETECT_KINDS.join(', ')}`,
      });
    kinds.add(known);
  }
  return kinds;
}

type Finders = Pick<DetectImageOptions, 'objects' | 'faces'>;
type Outcome = { findings: ImageFindings } | { file: string; error: unknown };

async function run(images: string[], flags: DetectFlags): Promise<void> {
  const kinds = kindsOf(flags.kinds);
  const workers = Math.min(availableParallelism(), images.length);
  const pool = await openInference({
    backend: 'auto',
    workers,
    cacheFolder: cacheWithoutConfig(process.env),
    log: makeLogger({ level: 'warn' }),
    clock: systemClock,
  });
  const finders: Finders = { objects: stillFinder(pool), faces: faceFinder(pool) };
  try {
    for await (const outcome of mapOrdered(
      streamOf(images),
      (file) => look(file, { kinds, finders, flags }),
      workers + 1,
    )) {
      if ('error' in outcome) {
        printFileFailure(outcome, flags.json ?? false);
      } else if (flags.json) printJson(outcome.findings);
      else printLine(summaryOf(outcome.findings));
    }
  } finally {
    await pool.close();
  }
}

async function look(
  file: string,
  options: { kinds: Set<DetectKind>; finders: Finders; flags: DetectFlags },
): Promise<Outcome> {
  const { kinds, finders, flags } = options;
  try {
    return { findings: await detectImage(file, { kinds, ...finders, embeddings: flags.embeddings ?? false }) };
  } catch (error) {
    return { file, error };
  }
}

function summaryOf({ file, width, height, persons, items, faces }: ImageFindings): string {
  const labels = items.map((item) => `${item.label} ${item.score.toFixed(2)}`);
  const parts = [
    `${persons.length} persons`,
    ...(labels.length > 0 ? [labels.join(', ')] : []),
    ...(faces.length > 0 ? [`${faces.length} faces`] : []),
  ];
  return `${file}  ${width}x${height}  ${parts.join('; ')}`;
}
