import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { duration, durationOr, id } from '../core/config/fields.js';
import { parseYaml } from '../core/config/parseYaml.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import { type EvaluationSession, evaluationId, personId, type RosterPerson } from '../core/evaluation.js';
import { storageError } from '../core/files.js';
import { ID_PATTERN, roomId } from '../core/ids.js';
import { type EventMs, plusMs } from '../core/time.js';
import type { FaceNetworks } from '../detectors/faces/findFaces.js';
import type { Template } from '../detectors/faces/match.js';
import { type Enrolled, enrolPerson, listRoster, type PersonFolder } from '../detectors/faces/roster.js';

const person = z.strictObject({
  id,
  name: z.string().optional(),
  role: z.enum(['expert', 'exempt']).default('expert'),
  category: z.string().default(''),
  batch: z.string().default(''),
  /** Rooms this person may be in; none means all of the evaluation. */
  rooms: z.array(id).default([]),
  /** A folder of photos, or photo files; relative to this file. */
  photos: z.union([z.string(), z.array(z.string())]).default([]),
});

/** Instants are durations since the first picture. */
const evaluationSchema = z.strictObject({
  id: id.default('recorded'),
  project: z.string().default(''),
  projectName: z.string().default(''),
  /** Default: all rooms of the configuration. */
  rooms: z.array(id).optional(),
  opens: durationOr('0s'),
  closes: duration.nullable().default(null),
  enterUntil: duration.nullable().default(null),
  reentryAllowed: z.boolean().default(false),
  /** A folder that holds one folder of photos for each person, or the persons one by one. */
  roster: z.union([z.string(), z.array(person)]),
  /** Exempt persons who were let in. */
  entries: z
    .array(
      z.strictObject({
        person: id,
        room: id,
        from: durationOr('0s'),
        to: duration.nullable().default(null),
      }),
    )
    .default([]),
  /** A folder like `roster`'s with persons of other evaluations. */
  others: z.string().optional(),
});

/** An evaluation for recordings: who may be there, and their faces. */
export interface RecordedEvaluation {
  session: EvaluationSession;
  entries: Array<{ person: string; room: string; from: EventMs; to: EventMs | undefined }>;
  roster: Template[];
  others: Template[];
  /** What became of each person's photos. */
  enrolled: Enrolled[];
}

export interface ReadEvaluationOptions {
  config: Config;
  startAt: EventMs;
  networks: FaceNetworks;
}

/**
 * Reads an evaluation file and enrols its photos.
 * @throws ConfigError with line and path; AppError `usage` for a room, person or folder that does not exist
 */
export async function readEvaluation(file: string, options: ReadEvaluationOptions): Promise<RecordedEvaluation> {
  const { config, startAt, networks } = options;
  const { data } = parseYaml(textOf(file), file, evaluationSchema);
  const folder = dirname(resolve(file));
  const persons = typeof data.roster === 'string' ? foldersAsPersons(resolve(folder, data.roster)) : data.roster;
  const rooms = data.rooms ?? config.rooms.map((room) => room.id);
  for (const room of [...rooms, ...persons.flatMap((one) => one.rooms), ...data.entries.map((entry) => entry.room)]) {
    if (!config.rooms.some((known) => known.id === room)) throw new AppError('usage', `${file}: no room ${room}`);
  }
  for (const entry of data.entries) {
    if (!persons.some((one) => one.id === entry.person)) {
      throw new AppError('usage', `${file}: entries: no person ${entry.person} on the roster`);
    }
  }

  const enrolled: Enrolled[] = [];
  for (const one of persons) enrolled.push(await enrolPerson(photosOf(one, folder), networks));
  const others = data.others === undefined ? [] : listRoster(resolve(folder, data.others));
  const strange: Enrolled[] = [];
  for (const one of others) strange.push(await enrolPerson({ ...one, person: `others/${one.person}` }, networks));

  const at = (ms: number | null): EventMs | undefined => (ms === null ? undefined : plusMs(startAt, ms));
  const openedAt = plusMs(startAt, data.opens);
  const closedAt = at(data.closes);
  const enterUntil = at(data.enterUntil);
  return {
    session: {
      ...{ id: evaluationId(data.id), project: data.project, projectName: data.projectName, version: 1 },
      rooms: rooms.map((room, i) => ({ room: roomId(room), venue: i === 0 ? 'main' : 'branch' })),
      ...{ plannedStart: openedAt, plannedEnd: closedAt ?? plusMs(openedAt, DAY_MS), openedAt, state: 'open' },
      ...(closedAt === undefined ? {} : { closedAt }),
      ...(enterUntil === undefined ? {} : { enterUntil }),
      ...{ roster: persons.map(rosterPerson), bidders: [], signIn: [], reentryAllowed: data.reentryAllowed },
    },
    entries: data.entries.map(({ person: who, room, from, to }) => ({
      ...{ person: who, room, from: plusMs(startAt, from), to: at(to) },
    })),
    roster: templatesOf(enrolled),
    others: templatesOf(strange),
    enrolled: [...enrolled, ...strange],
  };
}

const DAY_MS = 86_400_000;

type Person = z.output<typeof person>;

const templatesOf = (persons: readonly Enrolled[]): Template[] =>
  persons.flatMap(({ template }) => (template ? [template] : []));

const rosterPerson = ({ id: who, name = who, role, category, batch, rooms }: Person): RosterPerson => ({
  ...{ id: personId(who), name, role, category, batch, rooms: rooms.map(roomId) },
});

/** A folder's name is the person's, and their id where it can be one. */
const foldersAsPersons = (folder: string): Person[] =>
  listRoster(folder).map(({ person: name, photos }, i) =>
    person.parse({ id: ID_PATTERN.test(name) ? name : `P${i + 1}`, name, photos }),
  );

function photosOf({ id: who, photos }: Person, folder: string): PersonFolder {
  if (typeof photos !== 'string') return { person: who, photos: photos.map((photo) => resolve(folder, photo)) };
  const path = resolve(folder, photos);
  const own = listRoster(dirname(path)).find((one) => resolve(dirname(path), one.person) === path);
  if (!own) throw new AppError('usage', `photos of ${who}: ${path}: no such folder`);
  return { person: who, photos: own.photos };
}

function textOf(file: string): string {
  if (!existsSync(file)) throw new AppError('usage', `--evaluation ${file}: no such file`);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw storageError(`--evaluation ${file}`, cause);
  }
}
