import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errnoOf } from '../../core/errors.js';
import { readPicture } from '../readPicture.js';
import { meanDescriptor } from './describe.js';
import { type EnrolmentPhoto, judgePhoto } from './enrol.js';
import type { FaceNetworks } from './findFaces.js';
import type { Template } from './match.js';

/** The photos of one person. */
export interface PersonFolder {
  person: string;
  /** Paths, in order of their names. */
  photos: string[];
}

/** What became of one file of a roster's folder. */
export type RosterPhoto = { file: string } & (EnrolmentPhoto | { verdict: 'unreadable'; reason: string });

/** One person after enrolment. */
export interface Enrolled {
  person: string;
  photos: RosterPhoto[];
  /** Absent where no photo can be used. */
  template?: Template;
}

/**
 * Lists a folder that holds one folder of photos a person. Names that begin with a dot are left out.
 * @throws AppError `usage` where there is no such folder, or none of a person in it
 */
export function listRoster(folder: string): PersonFolder[] {
  const persons = entries(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      person: name,
      photos: entries(join(folder, name))
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(folder, name, entry.name)),
    }));
  if (persons.length > 0) return persons;
  throw new AppError('usage', `roster ${folder}: no person in it`, {
    hint: 'make one folder for each person and put one to five photos into it',
  });
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new AppError('usage', `roster ${folder}: ${errnoOf(cause) ?? 'cannot be read'}`, {
      cause,
      hint: 'give a folder that holds one folder of photos for each person',
    });
  }
}

/** Makes the template of one person from all photos that may be compared; one that may not costs itself only. */
export async function enrolPerson({ person, photos }: PersonFolder, networks: FaceNetworks): Promise<Enrolled> {
  const judged: RosterPhoto[] = [];
  for (const file of photos) judged.push({ file, ...(await judgeFile(file, networks)) });
  const descriptors = judged.flatMap((photo) => ('descriptor' in photo && photo.descriptor ? [photo.descriptor] : []));
  if (descriptors.length === 0) return { person, photos: judged };
  return { person, photos: judged, template: { person, descriptor: meanDescriptor(descriptors) } };
}

async function judgeFile(
  file: string,
  networks: FaceNetworks,
): Promise<EnrolmentPhoto | { verdict: 'unreadable'; reason: string }> {
  try {
    return await judgePhoto(await readPicture(file), networks);
  } catch (error) {
    if (!(error instanceof AppError && (error.code === 'bad-input' || error.code === 'not-found'))) throw error;
    return { verdict: 'unreadable', reason: error.message };
  }
}
