import { readFileSync } from 'node:fs';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { fragmentReader, type StreamedFragment } from '../../src/core/mp4/reader.js';
import type { RecordingClass } from '../../src/core/recording.js';
import { type EventMs, eventMs, plusMs } from '../../src/core/time.js';
import { type ClosedFile, type FileWriterOptions, fileWriter } from '../../src/ingest/recording/fileWriter.js';
import { type RecordingIndex, recordingLibrary } from '../../src/ingest/recording/library.js';
import { ffmpeg } from './clips.js';
import { fakeClock } from './fakeClock.js';

/** The fragments that recording a file gives, freshly copied. */
export function fragmentsOf(path: string, sound: string[] = ['-c:a', 'copy']): StreamedFragment[] {
  const flags = '+frag_keyframe+empty_moov+default_base_moof+frag_discont';
  const bytes = ffmpeg([
    ...['-i', path, '-map', '0:V:0', '-map', '0:a:0?', '-c:v', 'copy', ...sound],
    ...['-movflags', flags, '-frag_duration', '1000000', '-f', 'mp4', 'pipe:1'],
  ]);
  return fragmentReader().push(bytes);
}

/** A copy that a writer may move in time. */
export const copyOf = (fragment: StreamedFragment): StreamedFragment => ({
  ...fragment,
  bytes: Uint8Array.from(fragment.bytes),
});

export const NINE = eventMs(Date.UTC(2026, 9, 8, 1, 0, 0));

export interface Recorded {
  folder: string;
  index: RecordingIndex;
  files: ClosedFile[];
}

/** Records a clip `times` times over, one after the other from `start` on, as one camera. */
export async function recordClip(
  folder: string,
  clip: string,
  options: {
    start?: EventMs;
    times?: number;
    kind?: RecordingClass;
    camera?: string;
    /** How late each fragment of the clip is stamped, ms, from the first on; those beyond the list are not. */
    lateMs?: readonly number[];
  } & Partial<FileWriterOptions> = {},
): Promise<Recorded> {
  const { start = NINE, times = 1, kind = 'ring', camera = cameraId('cam-1'), lateMs = [], ...more } = options;
  const index = more.index ?? recordingLibrary(folder);
  const files: ClosedFile[] = [];
  const writer = fileWriter({
    ...{ camera, folder, index, clock: fakeClock(), log: silentLogger },
    ...{ classOf: () => kind, onFile: (file) => files.push(file), onGap: () => {}, onFailure: () => {} },
    ...more,
  });
  writer.from('main', []);
  const fragments = fragmentsOf(clip);
  const last = fragments.at(-1)!;
  const lengthMs = Math.round(last.startMs + last.durationMs);
  for (let n = 0; n < times; n++) {
    for (const [i, fragment] of fragments.entries()) {
      const at = plusMs(start, n * lengthMs + Math.round(fragment.startMs) + (lateMs[i] ?? 0));
      writer.write({ ...copyOf(fragment), at });
    }
  }
  await writer.close();
  return { folder, index, files };
}

/** The bytes of a recorded file. */
export const bytesOf = (folder: string, path: string): Uint8Array => readFileSync(`${folder}/${path}`);
