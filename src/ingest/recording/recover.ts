import { mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { type CameraId, cameraId } from '../../core/ids.js';
import type { RecordingClass } from '../../core/recording.js';
import { type EventMs, plusMs, wallMs } from '../../core/time.js';
import { readContents } from './describe.js';
import type { ClosedFile } from './fileWriter.js';
import { openPathOf, openSpanOf, pathOf } from './layout.js';
import { namesIn } from './library.js';

export interface Recovered {
  /** Files closed from what was on the disk. */
  files: ClosedFile[];
  /** Files without a single whole fragment, removed: paths. */
  empty: string[];
  /** Bytes of torn fragments that were cut off. */
  tornBytes: number;
}

/**
 * Closes what a killed process was writing: cuts off the torn fragment, at most the last second, and gives the file its
 * name. Call before recorders are opened.
 * @throws AppError `storage`
 */
export function recoverOpenFiles(
  folder: string,
  classOf: (camera: CameraId, from: EventMs, to: EventMs) => RecordingClass,
): Recovered {
  const found: Recovered = { files: [], empty: [], tornBytes: 0 };
  for (const camera of namesIn(join(folder, 'open'))) {
    for (const name of namesIn(join(folder, 'open', camera))) {
      const span = openSpanOf(name);
      if (span) recover(folder, { camera: cameraId(camera), ...span }, { classOf, found });
    }
  }
  return found;
}

function recover(
  folder: string,
  { camera, start, stream }: { camera: CameraId; start: EventMs; stream: 'main' | 'sub' },
  { classOf, found }: { classOf: (camera: CameraId, from: EventMs, to: EventMs) => RecordingClass; found: Recovered },
): void {
  const path = openPathOf(camera, start, stream);
  const file = join(folder, path);
  const bytes = readFileSync(file);
  const contents = contentsOf(bytes);
  const last = contents?.parts.at(-1);
  if (!contents || !last) {
    rmSync(file);
    found.empty.push(path);
    return;
  }
  const { birthtimeMs, mtimeMs } = statSync(file);
  found.tornBytes += bytes.length - contents.wholeBytes;
  if (contents.wholeBytes < bytes.length) truncateSync(file, contents.wholeBytes);
  const end = plusMs(last.at, last.ms);
  const kind = classOf(camera, start, end);
  const target = pathOf({ camera, class: kind, start, end, stream });
  mkdirSync(join(folder, dirname(target)), { recursive: true });
  renameSync(file, join(folder, target));
  const times = { wallStart: wallMs(Math.round(birthtimeMs)), wallEnd: wallMs(Math.round(mtimeMs)) };
  found.files.push({ camera, class: kind, stream, start, end, path: target, open: false, ...times, notes: [] });
}

/** A header that is no MP4 at all counts as nothing written. */
function contentsOf(bytes: Uint8Array): ReturnType<typeof readContents> {
  try {
    return readContents(bytes);
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-input') return undefined;
    throw error;
  }
}
