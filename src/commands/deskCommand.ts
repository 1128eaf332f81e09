import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { systemClock } from '../core/clock.js';
import { zone as zoneSchema } from '../core/config/fields.js';
import { AppError, messageOf } from '../core/errors.js';
import type { Polygon } from '../core/geometry.js';
import { makeLogger } from '../core/log.js';
import { mapOrdered, streamOf } from '../core/mapOrdered.js';
import type { DeskReason, DeskVerdict } from '../detectors/desk/deskVerdict.js';
import { type DeskLookOptions, lookAtDesk, peopleAround, peopleOf } from '../detectors/desk/lookAtDesk.js';
import { readStandard } from '../detectors/desk/readStandard.js';
import { type DeskReference, deskReference } from '../detectors/desk/references.js';
import { deskZone } from '../detectors/desk/zone.js';
import { openInference } from '../detectors/inference/pool.js';
import type { ObjectFinder } from '../detectors/persons/detectObjects.js';
import { stillFinder } from '../detectors/persons/finders.js';
import { readPicture } from '../detectors/readPicture.js';
import { cacheWithoutConfig } from './dataFolder.js';
import { printFileFailure, printJson, printLine, printNote } from './output.js';

interface CheckFlags {
  standard: string;
  zone: string;
  json?: boolean;
}

/** `desk check`: whether desks in pictures are as a standard wants them. */
export function addDeskCommand(program: Command): void {
  const desk = program.command('desk').description('桌面 · desks');
  desk
    .command('check')
    .description('按标准检查桌面图片 · check pictures of a desk against a standard')
    .argument('<image...>', 'picture files')
    .requiredOption('--standard <dir>', 'a folder with standard.yaml and reference pictures; both may be missing')
    .requiredOption(
      '--zone <json>',
      'the desk: [[x,y],...] or [x1,y1,x2,y2] in fractions, [] for all, or a file with it',
    )
    .option('--json', 'print JSON lines only')
    .action(run);
}

type Outcome = { file: string; seen: DeskVerdict } | { file: string; error: unknown };

async function run(images: string[], flags: CheckFlags): Promise<void> {
  const zone = deskZone(readZone(flags.zone));
  const { standard, references: files, written } = readStandard(flags.standard);
  if (!written) printNote(`${flags.standard}: 没有 standard.yaml,按默认标准 · no standard.yaml: the defaults hold`);
  const workers = Math.min(availableParallelism(), images.length);
  const pool = await openInference({
    backend: 'auto',
    workers,
    cacheFolder: cacheWithoutConfig(process.env),
    log: makeLogger({ level: 'warn' }),
    clock: systemClock,
  });
  const find = stillFinder(pool);
  try {
    const references = await readReferences(files, zone, find);
    const options: DeskLookOptions = { zone, standard, references, find, coveredShare: 0.3 };
    for await (const outcome of mapOrdered(streamOf(images), (file) => look(file, options), workers + 1)) {
      print(outcome, flags.json ?? false);
    }
  } finally {
    await pool.close();
  }
}

const zoneForms = z.union([
  zoneSchema,
  z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .transform(([x1, y1, x2, y2]): [number, number][] => [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ])
    .pipe(zoneSchema),
]);

/** @throws AppError `usage` */
function readZone(text: string): Polygon {
  const wrong = (why: string): AppError =>
    new AppError('usage', `--zone ${text}: ${why}`, {
      hint: 'write [[0.1,0.5],[0.9,0.5],[0.9,1],[0.1,1]] or [0.1,0.5,0.9,1], fractions of the picture',
    });
  let value: unknown;
  try {
    value = JSON.parse(existsSync(text) ? readFileSync(text, 'utf8') : text);
  } catch (error) {
    throw wrong(messageOf(error));
  }
  const parsed = zoneForms.safeParse(value);
  if (parsed.success) return parsed.data;
  throw wrong(parsed.error.issues[0]?.message ?? 'not a zone');
}

/** A reference that cannot be read costs itself alone: the others still say how the desk must look. */
async function readReferences(
  files: readonly string[],
  zone: DeskLookOptions['zone'],
  find: ObjectFinder,
): Promise<DeskReference[]> {
  const references: DeskReference[] = [];
  for (const file of files) {
    try {
      const picture = await readPicture(file);
      const found = await peopleAround(picture, { zone, find });
      references.push(deskReference(picture, zone, peopleOf(found)));
    } catch (error) {
      printNote(`reference left out: ${messageOf(error)}`);
    }
  }
  return references;
}

async function look(file: string, options: DeskLookOptions): Promise<Outcome> {
  try {
    return { file, seen: await lookAtDesk(await readPicture(file), options) };
  } catch (error) {
    return { file, error };
  }
}

function print(outcome: Outcome, json: boolean): void {
  if ('error' in outcome) {
    printFileFailure(outcome, json);
    return;
  }
  const { file, seen } = outcome;
  const { verdict, why, clutter, covered, references } = seen;
  if (verdict === 'disorder') process.exitCode = 1;
  const reasons = seen.reasons.map(({ kind, label, box = null, area = null, score }) => {
    return {
      kind,
      label,
      box: box && rounded(box),
      area,
      ...(score === undefined ? {} : { score: rounded([score])[0] }),
    };
  });
  if (json) printJson({ file, verdict, reasons, ...(why === undefined ? {} : { why }), clutter, covered, references });
  else printText(file, seen);
}

const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e4) / 1e4);

const VERDICTS = { tidy: '整洁 · tidy', disorder: '不整洁 · disorder', unknown: '无法判断 · unknown' } as const;

function printText(file: string, { verdict, why, reasons, clutter, references }: DeskVerdict): void {
  printLine(`${file}  ${VERDICTS[verdict]}${why ? ` (${why})` : ''}  clutter ${clutter}  references ${references}`);
  for (const { kind, label, box, area } of reasons satisfies DeskReason[]) {
    const at = box ? `  [${rounded(box).join(', ')}]` : '';
    printLine(`  ${kind}  ${label}${at}${area === undefined ? '' : `  ${area} %`}`);
  }
}
