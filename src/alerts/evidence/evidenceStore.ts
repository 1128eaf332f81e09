import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { storageError, writeFileAtomic } from '../../core/files.js';
import { canonicalJson, sha256 } from '../../core/hash.js';
import type { CameraId, IncidentId } from '../../core/ids.js';
import type { LabelledBox } from '../../core/observation.js';
import { type EventMs, isoOf } from '../../core/time.js';

/** A file of evidence. `path` is relative to the evidence folder, with `/` between its parts. */
export interface EvidenceFile {
  kind: 'plain' | 'boxed' | 'facts' | 'clip' | 'clip-facts' | 'main' | 'record';
  path: string;
  /** 64 hex digits. */
  sha256: string;
  bytes: number;
}

/** What a picture shows, kept beside it. */
export interface SnapshotFacts {
  camera: CameraId;
  /** Capture time. */
  at: EventMs;
  /** Step of the incident it proves. */
  ordinal: number;
  /** Size of the picture, pixels. */
  width: number;
  height: number;
  boxes: readonly LabelledBox[];
}

export interface Snapshot {
  /** JPEG bytes, as captured. */
  plain: Uint8Array;
  /** JPEG bytes, with boxes drawn. */
  boxed: Uint8Array;
  facts: SnapshotFacts;
}

/** The names of the files beside the snapshots of a step. */
const NAMES = { clip: 'clip.mp4', 'clip-facts': 'clip.json', main: 'main.jpg', record: 'record.json' } as const;

export interface NewEvidenceFile {
  incident: IncidentId;
  ordinal: number;
  kind: keyof typeof NAMES;
  /** Decides the day's folder. */
  at: EventMs;
  bytes: Uint8Array;
}

export interface EvidenceStore {
  /**
   * Keeps the pictures of one step. `facts.json` is written last and holds the hashes of the pictures: where it lies, the
   * snapshot is whole. A snapshot that is there already is left as it is, and its own facts are returned.
   * @throws AppError `bad-input`, `storage` or `disk-full`
   */
  saveSnapshot(incident: IncidentId, snapshot: Snapshot): EvidenceFile[];
  /**
   * Keeps one further file of a step: a clip, what is known of it, or the record of the incident. One that is there already
   * stays: evidence is never replaced.
   * @throws AppError `bad-input`, `storage` or `disk-full`
   */
  saveFile(file: NewEvidenceFile): EvidenceFile;
  /**
   * The bytes of a file that the ledger lists.
   * @throws AppError `not-found`, `bad-input` for a path that leads out of the folder, `storage` where the hash differs
   */
  read(path: string, expectedSha256: string): Uint8Array;
}

/** What may stand in a path; no `..` can be made of it because a part begins with a letter or digit. */
const PART = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/;

/** Evidence as files below `folder`: `DAY/INCIDENT/ORDINAL/{plain.jpg,boxed.jpg,facts.json,clip.mp4,...}`, the day in UTC. */
export function evidenceStore(folder: string): EvidenceStore {
  return {
    saveSnapshot(incident, { plain, boxed, facts }) {
      if (!PART.test(incident))
        throw new AppError('bad-input', `snapshot of ${JSON.stringify(incident)}: not an incident id`);
      const place = `${isoOf(facts.at).slice(0, 10)}/${incident}/${facts.ordinal}`;
      const factsPath = join(folder, place, 'facts.json');
      if (existsSync(factsPath)) return filesOf(place, readFileSync(factsPath));
      const text = Buffer.from(`${canonicalJson(factsOf(incident, { plain, boxed, facts }))}\n`);
      write(folder, place, { 'plain.jpg': plain, 'boxed.jpg': boxed, 'facts.json': text });
      return filesOf(place, text);
    },
    saveFile({ incident, ordinal, kind, at, bytes }) {
      if (!PART.test(incident)) throw new AppError('bad-input', `evidence of ${JSON.stringify(incident)}: not an id`);
      const path = `${isoOf(at).slice(0, 10)}/${incident}/${ordinal}/${NAMES[kind]}`;
      if (!existsSync(join(folder, path))) {
        writeFileAtomic(join(folder, path), bytes);
        return { kind, path, sha256: sha256(bytes), bytes: bytes.length };
      }
      const kept = readBytes(join(folder, path), path);
      return { kind, path, sha256: sha256(kept), bytes: kept.length };
    },
    read(path, expectedSha256) {
      if (!path.split('/').every((part) => PART.test(part))) {
        throw new AppError('bad-input', `evidence ${JSON.stringify(path)}: not a path of evidence`);
      }
      const bytes = readBytes(join(folder, path), path);
      if (sha256(bytes) !== expectedSha256) {
        throw new AppError('storage', `evidence ${path}: its hash is not the recorded one`, {
          hint: 'the file was changed or damaged after it was recorded; do not rely on it',
        });
      }
      return bytes;
    },
  };
}

/** Writes files one after the other; the last one's presence means that all are there. */
function write(folder: string, place: string, files: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(files)) writeFileAtomic(join(folder, place, name), bytes);
}

const factsOf = (incident: IncidentId, { plain, boxed, facts }: Snapshot) => ({
  schema: 1,
  incident,
  ...facts,
  at: isoOf(facts.at),
  pictures: {
    plain: { sha256: sha256(plain), bytes: plain.length },
    boxed: { sha256: sha256(boxed), bytes: boxed.length },
  },
});

interface Pictures {
  pictures: Record<'plain' | 'boxed', { sha256: string; bytes: number }>;
}

function filesOf(place: string, facts: Uint8Array): EvidenceFile[] {
  const { pictures } = JSON.parse(Buffer.from(facts).toString('utf8')) as Pictures;
  return [
    { kind: 'plain', path: `${place}/plain.jpg`, ...pictures.plain },
    { kind: 'boxed', path: `${place}/boxed.jpg`, ...pictures.boxed },
    { kind: 'facts', path: `${place}/facts.json`, sha256: sha256(facts), bytes: facts.length },
  ];
}

function readBytes(file: string, path: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (!existsSync(file)) throw new AppError('not-found', `evidence ${path}: the file is gone`, { cause });
    throw storageError(`evidence ${path}: read`, cause);
  }
}
