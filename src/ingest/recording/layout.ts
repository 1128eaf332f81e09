import { type CameraId, cameraId } from '../../core/ids.js';
import type { RecordedSpan, RecordingClass } from '../../core/recording.js';
import { type EventMs, eventMs, isoOf, plusMs } from '../../core/time.js';

/**
 * Where recordings lie below the recordings folder: `CLASS/CAMERA/DAY/START-LENGTHms-STREAM.mp4`, all in UTC ms of event
 * time, and `open/CAMERA/START-STREAM.part` while one is written. The names are the index: nothing else has to be kept in
 * step with the disk.
 */

const NAME = /^(\d+)-(\d+)-(main|sub)\.mp4$/;
const OPEN_NAME = /^(\d+)-(main|sub)\.part$/;
/** No file is longer, so one that begins earlier than this before a span cannot reach into it. */
export const LONGEST_FILE_MS = 60_000;

/** The UTC day of an instant, `2026-10-08`. */
export const dayOf = (at: EventMs): string => isoOf(at).slice(0, 10);

/** Path of a finished file. */
export function pathOf(span: Pick<RecordedSpan, 'camera' | 'class' | 'start' | 'end' | 'stream'>): string {
  const { camera, start, end, stream } = span;
  return `${span.class}/${camera}/${dayOf(start)}/${start}-${end - start}-${stream}.mp4`;
}

/** Path of a file that is being written. */
export const openPathOf = (camera: CameraId, start: EventMs, stream: 'main' | 'sub'): string =>
  `open/${camera}/${start}-${stream}.part`;

/** A finished file by its name in its folder; undefined for anything else that lies there. */
export function spanOf(
  folder: { class: RecordingClass; camera: string; day: string },
  name: string,
): RecordedSpan | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const start = eventMs(Number(match[1]));
  return {
    camera: cameraId(folder.camera),
    class: folder.class,
    stream: match[3] as 'main' | 'sub',
    start,
    end: plusMs(start, Number(match[2])),
    path: `${folder.class}/${folder.camera}/${folder.day}/${name}`,
    open: false,
  };
}

/** Start and stream of a file that was being written, by its name. */
export function openSpanOf(name: string): { start: EventMs; stream: 'main' | 'sub' } | undefined {
  const match = OPEN_NAME.exec(name);
  return match ? { start: eventMs(Number(match[1])), stream: match[2] as 'main' | 'sub' } : undefined;
}

/** A finished file by its path below the recordings folder; undefined for anything else. */
export function spanAt(path: string): RecordedSpan | undefined {
  const [kind, camera, day, name] = path.split('/');
  if (kind !== 'ring' && kind !== 'hall' && kind !== 'session') return undefined;
  if (camera === undefined || day === undefined || name === undefined) return undefined;
  return spanOf({ class: kind, camera, day }, name);
}
