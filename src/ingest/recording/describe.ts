import { sha256 } from '../../core/hash.js';
import { initBytesOf, readFragments } from '../../core/mp4/fragment.js';
import { type Mp4Init, readInit } from '../../core/mp4/init.js';
import type { RecordedFile, RecordedPart, RecordedSpan } from '../../core/recording.js';
import { eventMs, type WallMs } from '../../core/time.js';

/** What a recorded file's own bytes say. */
export interface FileContents {
  init: Mp4Init;
  parts: RecordedPart[];
  /** Where the last whole fragment ends. */
  wholeBytes: number;
}

/** Reads a recorded file, whole or torn; undefined where not even its header is there. */
export function readContents(file: Uint8Array): FileContents | undefined {
  const head = initBytesOf(file);
  if (!head) return undefined;
  const init = readInit(head);
  const { fragments, wholeBytes } = readFragments(file, init);
  const parts = fragments.map(({ utcMs, startMs, durationMs, offset, bytes, key }) => ({
    at: eventMs(utcMs ?? Math.round(startMs)),
    ms: Math.round(durationMs),
    ...{ offset, bytes, key },
    sha256: sha256(file.subarray(offset, offset + bytes)),
  }));
  return { init, parts, wholeBytes };
}

/** Everything that the proof of a finished file needs, from its bytes. */
export function describeFile(
  span: RecordedSpan,
  file: Uint8Array,
  more: { wallStart: WallMs; wallEnd: WallMs; notes: string[]; recovered?: true },
): RecordedFile | undefined {
  const contents = readContents(file);
  if (!contents) return undefined;
  const { video, tracks } = contents.init;
  const audio = tracks.find(({ kind }) => kind === 'audio');
  return {
    ...span,
    open: false,
    ...more,
    bytes: file.length,
    sha256: sha256(file),
    video: video.codec,
    ...(audio ? { audio: audio.codec } : {}),
    width: video.width,
    height: video.height,
    parts: contents.parts,
  };
}
