import { readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../../core/errors.js';
import { storageError } from '../../../core/files.js';
import { RETENTION_CLASSES } from '../../../core/recording.js';
import { parseInstant } from '../../../core/time.js';
import type { HoldRecord } from '../../ledger/holds.js';
import type { RetentionUnit } from './planRetention.js';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What a hold covers, in the terms of what lies on the disk. Times in UTC ms. */
export interface HeldSpans {
  /** Stretches of cameras. */
  cameras: ReadonlyArray<{ camera: string; from: number; to: number }>;
  incidents: ReadonlySet<string>;
}

/** Where an incident or an evaluation was seen: filled in by the ledger. */
export interface HeldLookup {
  /** Cameras and span of an incident; undefined where it is unknown. */
  incident(id: string): { cameras: string[]; from: number; to: number } | undefined;
  evaluation(id: string): { cameras: string[]; from: number; to: number; incidents: string[] } | undefined;
}

/** What the holds in force cover. A target that is unknown covers nothing on the disk. */
export function heldSpans(holds: readonly HoldRecord[], lookup: HeldLookup): HeldSpans {
  const cameras: Array<{ camera: string; from: number; to: number }> = [];
  const incidents = new Set<string>();
  for (const { target } of holds) {
    if (target.kind === 'camera') {
      cameras.push({ camera: target.id, from: target.from, to: target.to });
      continue;
    }
    if (target.kind === 'incident') incidents.add(target.id);
    const evaluation = target.kind === 'evaluation' ? lookup.evaluation(target.id) : undefined;
    const seen = target.kind === 'incident' ? lookup.incident(target.id) : evaluation;
    for (const id of evaluation?.incidents ?? []) incidents.add(id);
    for (const camera of seen?.cameras ?? []) cameras.push({ camera, from: seen!.from, to: seen!.to });
  }
  return { cameras, incidents };
}

/**
 * Everything below the data folder that retention decides over, not measured yet (`bytes` is 0): `recordings/CLASS/CAMERA/DAY` and `evidence/DAY/INCIDENT`.
 * @throws AppError `storage`
 */
export function retentionUnits(data: string, held: HeldSpans): RetentionUnit[] {
  return [...recordingUnits(data, held), ...evidenceUnits(data, held)];
}

function* recordingUnits(data: string, held: HeldSpans): Generator<RetentionUnit> {
  for (const kind of RETENTION_CLASSES) {
    if (kind === 'evidence') continue;
    for (const camera of namesIn(join(data, 'recordings', kind))) {
      for (const day of namesIn(join(data, 'recordings', kind, camera)).filter((name) => DAY.test(name))) {
        const id = `recordings/${kind}/${camera}/${day}`;
        const span = spanOfDay(day);
        const isHeld = held.cameras.some((one) => one.camera === camera && one.from < span.to && one.to > span.from);
        yield { id, class: kind, ...span, bytes: 0, held: isHeld };
      }
    }
  }
}

function* evidenceUnits(data: string, held: HeldSpans): Generator<RetentionUnit> {
  for (const day of namesIn(join(data, 'evidence')).filter((name) => DAY.test(name))) {
    for (const incident of namesIn(join(data, 'evidence', day))) {
      const id = `evidence/${day}/${incident}`;
      const span = spanOfDay(day);
      yield { id, class: 'evidence', ...span, bytes: 0, held: held.incidents.has(incident) };
    }
  }
}

function spanOfDay(day: string): { from: number; to: number } {
  const from = parseInstant(`${day}T00:00:00Z`, 'folder');
  return { from, to: from + DAY_MS };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw storageError(`${folder}: list`, cause);
  }
}

/** Bytes of all files below a folder; a file that goes meanwhile counts nothing. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}
