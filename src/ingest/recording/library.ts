import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errnoOf } from '../../core/errors.js';
import { storageError } from '../../core/files.js';
import type { CameraId } from '../../core/ids.js';
import type { RecordedSpan, RecordingClass, RecordingGap, RecordingLibrary } from '../../core/recording.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';
import { dayOf, LONGEST_FILE_MS, openPathOf, openSpanOf, spanOf } from './layout.js';

const CLASSES: readonly RecordingClass[] = ['ring', 'hall', 'session'];
const DAY_MS = 86_400_000;
/** Gaps remembered for one camera; older ones stand in its manifest. */
const MOST_GAPS = 500;
const PART = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/;

/** The library with the two doors that recorders write through. */
export interface RecordingIndex extends RecordingLibrary {
  /** A camera is on the disk up to here. */
  reachedTo(camera: CameraId, at: EventMs): void;
  noteGap(gap: RecordingGap): void;
  /** End of the newest finished file of a camera, however old; undefined where there is none. */
  newestEnd(camera: CameraId): EventMs | undefined;
}

/** Makes the index of the recordings below `folder`. Reads names, keeps none: the disk is the truth. */
export function recordingLibrary(folder: string): RecordingIndex {
  const reached = new Map<CameraId, EventMs>();
  const gaps = new Map<CameraId, RecordingGap[]>();

  const dayFiles = (kind: RecordingClass, camera: string, day: string): RecordedSpan[] =>
    namesIn(join(folder, kind, camera, day)).flatMap((name) => spanOf({ class: kind, camera, day }, name) ?? []);

  const openFiles = (camera: CameraId): RecordedSpan[] =>
    namesIn(join(folder, 'open', camera)).flatMap((name) => {
      const found = openSpanOf(name);
      if (!found) return [];
      const path = openPathOf(camera, found.start, found.stream);
      const end = eventMs(Math.max(found.start, reached.get(camera) ?? found.start));
      return [{ camera, class: 'ring', ...found, end, path, open: true } as const];
    });

  return {
    files(camera, from, to) {
      const days = daysOf(plusMs(from, -LONGEST_FILE_MS), to);
      const closed = CLASSES.flatMap((kind) => days.flatMap((day) => dayFiles(kind, camera, day)));
      return [...closed, ...openFiles(camera)]
        .filter((file) => file.start < to && file.end > from)
        .sort((a, b) => a.start - b.start);
    },
    gaps: (camera, from, to) => (gaps.get(camera) ?? []).filter((gap) => gap.from < to && gap.to > from),
    read(path) {
      if (!path.split('/').every((part) => PART.test(part))) {
        throw new AppError('bad-input', `recording ${JSON.stringify(path)}: not a path of a recording`);
      }
      try {
        return readFileSync(join(folder, path));
      } catch (cause) {
        if (errnoOf(cause) === 'ENOENT') throw new AppError('not-found', `recording ${path}: gone`, { cause });
        throw storageError(`recording ${path}: read`, cause);
      }
    },
    reached: (camera) => reached.get(camera),
    reachedTo: (camera, at) => void reached.set(camera, at),
    noteGap(gap) {
      const known = gaps.get(gap.camera) ?? [];
      known.push(gap);
      if (known.length > MOST_GAPS) known.shift();
      gaps.set(gap.camera, known);
    },
    newestEnd(camera) {
      const ends = CLASSES.flatMap((kind) => {
        const day = namesIn(join(folder, kind, camera))
          .sort()
          .at(-1);
        return day === undefined ? [] : dayFiles(kind, camera, day).map(({ end }) => end);
      });
      return ends.length > 0 ? eventMs(Math.max(...ends)) : undefined;
    },
  };
}

/** Names in a folder; none where it does not exist. @throws AppError `storage` where it cannot be read */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw storageError(`recordings ${folder}: list`, cause);
  }
}

function daysOf(from: EventMs, to: EventMs): string[] {
  const days: string[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at <= to; at += DAY_MS) days.push(dayOf(eventMs(at)));
  return days;
}
