import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { translate } from '../core/i18n/translate.js';
import { makeLogger } from '../core/log.js';
import { mapOrdered, streamOf } from '../core/mapOrdered.js';
import { type RoomFaces, roomFaces } from '../detectors/faces/faceFinder.js';
import { faceNetworks } from '../detectors/faces/findFaces.js';
import { type FaceMatch, matchFace, type Template } from '../detectors/faces/match.js';
import { type Enrolled, enrolPerson, listRoster } from '../detectors/faces/roster.js';
import { type InferencePool, openInference } from '../detectors/inference/pool.js';
import { readPicture } from '../detectors/readPicture.js';
import { cacheWithoutConfig } from './dataFolder.js';
import { printFileFailure, printJson, printLine, printNote } from './output.js';

interface MatchFlags {
  roster: string;
  json?: boolean;
}

/** `faces match`: who of a roster is in pictures. */
export function addFacesCommand(program: Command): void {
  const faces = program.command('faces').description('人脸 · faces');
  faces
    .command('match')
    .description('将图片中的人脸与名单照片比对 · compare the faces in pictures with a roster of photos')
    .argument('<image...>', 'picture files')
    .requiredOption('--roster <dir>', 'a folder that holds one folder of photos for each person')
    .option('--json', 'print JSON lines only')
    .action(run);
}

/** One face of a line of `faces match --json`. */
type MatchedFace = Pick<FaceMatch, 'similarity' | 'outcome'> & {
  box: readonly number[];
  score: number;
  person?: string;
};
type Outcome = { file: string; faces: MatchedFace[] } | { file: string; error: unknown };

async function run(images: string[], flags: MatchFlags): Promise<void> {
  const folders = listRoster(flags.roster);
  const workers = Math.min(availableParallelism(), images.length + folders.length);
  const pool = await openInference({
    backend: 'auto',
    workers,
    cacheFolder: cacheWithoutConfig(process.env),
    log: makeLogger({ level: 'warn' }),
    clock: systemClock,
  });
  try {
    const roster = await enrolAll(folders, pool, workers);
    const find = roomFaces(pool);
    for await (const outcome of mapOrdered(streamOf(images), (file) => look(file, find, roster), workers + 1)) {
      print(outcome, flags.json ?? false);
    }
  } finally {
    await pool.close();
  }
}

async function enrolAll(folders: ReturnType<typeof listRoster>, pool: InferencePool, workers: number) {
  const networks = faceNetworks(pool);
  const roster: Template[] = [];
  for await (const enrolled of mapOrdered(streamOf(folders), (each) => enrolPerson(each, networks), workers)) {
    tellOfPhotos(enrolled);
    if (enrolled.template) roster.push(enrolled.template);
  }
  if (roster.length > 0) return roster;
  throw new AppError('usage', 'roster: no person has a photo that can be used', {
    hint: 'each person needs a sharp photo from the front, of this person alone',
  });
}

/** What is wrong with photos goes to standard error: the lines of the result stay what other programs expect. */
function tellOfPhotos({ person, photos, template }: Enrolled): void {
  for (const photo of photos) {
    if (photo.verdict === 'good') continue;
    if (photo.verdict === 'unreadable') {
      printNote(`${photo.file}: ${photo.reason}`);
      continue;
    }
    const key = `faces.enrol.${photo.verdict}` as const;
    const used = photo.descriptor
      ? ` (${translate('zh-CN', 'faces.enrol.used')} · ${translate('en', 'faces.enrol.used')})`
      : '';
    printNote(`${photo.file}: ${photo.verdict}: ${translate('zh-CN', key)} · ${translate('en', key)}${used}`);
  }
  if (!template) printNote(`${person}: no photo can be used: this person cannot be recognised`);
}

async function look(file: string, find: RoomFaces, roster: readonly Template[]): Promise<Outcome> {
  try {
    const { faces } = await find(await readPicture(file), { embeddings: true });
    return {
      file,
      faces: faces.map(({ box, score, embedding, quality }) => {
        const { person, similarity, outcome } = matchFace(embedding!, roster, quality.verdict);
        return { box, score, ...(person !== undefined && { person }), similarity, outcome };
      }),
    };
  } catch (error) {
    return { file, error };
  }
}

function print(outcome: Outcome, json: boolean): void {
  if ('error' in outcome) {
    printFileFailure(outcome, json);
    return;
  }
  if (json) {
    printJson(outcome);
    return;
  }
  printLine(`${outcome.file}  ${outcome.faces.length} faces`);
  for (const { person, similarity, outcome: verdict } of outcome.faces) {
    const key = `faces.outcome.${verdict}` as const;
    printLine(`  ${translate('zh-CN', key)} · ${translate('en', key)}  ${person}  ${similarity.toFixed(3)}`);
  }
}
