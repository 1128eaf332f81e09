import { mkdirSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { AppError, errnoOf, messageOf } from '../../core/errors.js';
import { storageError } from '../../core/files.js';
import type { CameraId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import { makeTimeBox, moveFragment } from '../../core/mp4/fragment.js';
import { type Mp4Init, sameInit } from '../../core/mp4/init.js';
import type { StreamedFragment } from '../../core/mp4/reader.js';
import type { RecordedSpan, RecordingClass, RecordingGap } from '../../core/recording.js';
import { type EventMs, plusMs, type WallMs } from '../../core/time.js';
import { beginsFile } from './cutFiles.js';
import { openPathOf, pathOf } from './layout.js';
import type { RecordingIndex } from './library.js';

/** A fragment that has its event time. */
export interface TimedFragment extends StreamedFragment {
  at: EventMs;
}

/** A file that was just closed. */
export interface ClosedFile extends RecordedSpan {
  wallStart: WallMs;
  wallEnd: WallMs;
  notes: string[];
}

export interface FileWriterOptions {
  camera: CameraId;
  /** The recordings folder. */
  folder: string;
  index: RecordingIndex;
  clock: Clock;
  log: Logger;
  /** What a file with this span is kept as. Asked when it is closed. */
  classOf(from: EventMs, to: EventMs): RecordingClass;
  onFile(file: ClosedFile): void;
  onGap(gap: RecordingGap): void;
  /** A write failed; `disk-full` is tried again with the next key frame. */
  onFailure(error: AppError): void;
  /** From when on the camera should have been recorded, where nothing of it is on the disk. */
  since?: EventMs | undefined;
  /** False while the disk has no room for recordings: what is left belongs to the ledger. Default: always true. */
  hasRoom?(): boolean;
}

/** Writes the fragments of one camera into files of at most 10 s. */
export interface FileWriter {
  /** Takes the next fragment; waits for nothing. Fragments that the disk cannot take in time are dropped, as a gap. */
  write(fragment: TimedFragment): void;
  /** Where the next fragments come from. Begins a new file. */
  from(stream: 'main' | 'sub', notes: readonly string[]): void;
  /** The stream broke off: closes the file, and what is missing until the next fragment is a gap of this cause. */
  lost(cause: string): void;
  /** Declares what is missing up to an instant at which somebody wants to know: an evaluation begins or ends. */
  mark(at: EventMs): Promise<void>;
  /** Waits for what is under way and closes the file. Idempotent. */
  close(): Promise<void>;
}

/** A slower disk than this many waiting bytes costs recordings, not memory. */
const MOST_WAITING_BYTES = 32 << 20;
/** A later fragment than this leaves a hole in the recording. */
const GAP_MS = 1500;

interface OpenFile {
  handle: FileHandle;
  path: string;
  init: Mp4Init;
  start: EventMs;
  end: EventMs;
  size: number;
  shiftMs: number;
  fragments: number;
  wallStart: WallMs;
  stream: 'main' | 'sub';
  notes: string[];
}

export function fileWriter(options: FileWriterOptions): FileWriter {
  const { camera, folder, index, clock, log } = options;
  let chain: Promise<void> = Promise.resolve();
  let waitingBytes = 0;
  let file: OpenFile | undefined;
  let source: { stream: 'main' | 'sub'; notes: readonly string[] } = { stream: 'main', notes: [] };
  let lastEnd = index.newestEnd(camera) ?? options.since;
  let cause = 'service-down';
  let lastKeyAt: EventMs | undefined;
  let keyEveryMs: number | undefined;
  /** After a failure nothing is written before the next key frame. */
  let failed = false;
  /** Fragments of this connection so far, dropped ones included: a clip sees by the numbers what follows without a break. */
  let given = 0;

  const then = (run: () => Promise<void>): void => {
    chain = chain.then(run).catch((error) => {
      log.error({ camera, error: messageOf(error) }, 'recording failed');
    });
  };

  const begin = async (fragment: TimedFragment): Promise<OpenFile> => {
    const { stream, notes } = source;
    const path = openPathOf(camera, fragment.at, stream);
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    const handle = await open(join(folder, path), 'w', 0o640);
    const { init, at } = fragment;
    const begun: OpenFile = {
      ...{ handle, path, init, stream, start: at, end: at, notes: [...notes] },
      ...{ size: 0, shiftMs: -fragment.startMs, fragments: 0, wallStart: clock.now() },
    };
    try {
      await append(begun, init.bytes);
    } catch (error) {
      await handle.close();
      await rm(join(folder, path), { force: true });
      throw error;
    }
    return begun;
  };

  const finish = async (): Promise<void> => {
    const done = file;
    file = undefined;
    if (!done) return;
    try {
      await done.handle.datasync();
    } finally {
      await done.handle.close();
    }
    if (done.fragments === 0) return void (await rm(join(folder, done.path), { force: true }));
    const span = { camera, stream: done.stream, start: done.start, end: done.end };
    const kind = options.classOf(done.start, done.end);
    const path = pathOf({ ...span, class: kind });
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    await rename(join(folder, done.path), join(folder, path));
    const { wallStart, notes } = done;
    options.onFile({ ...span, class: kind, path, open: false, wallStart, wallEnd: clock.now(), notes });
  };

  const put = async (fragment: TimedFragment, sequence: number): Promise<void> => {
    if (failed && !fragment.key) return;
    if (fragment.key) learnKeys(fragment.at);
    if (file && endsBefore(file, fragment)) await finish();
    if (!file && !(options.hasRoom?.() ?? true))
      throw new AppError('disk-full', `recording of ${camera}: no room left`);
    file ??= await begin(fragment);
    const { bytes, init, at, durationMs } = fragment;
    moveFragment(bytes, init, { shiftMs: file.shiftMs, sequence });
    await append(file, Buffer.concat([makeTimeBox(init.video.id, at), bytes]));
    // Told once something is written after it: while the disk stays full, each key frame would tell a longer one.
    tellGap(at);
    file.fragments += 1;
    file.end = plusMs(at, Math.round(durationMs));
    lastEnd = file.end;
    failed = false;
    index.reachedTo(camera, file.end);
  };

  const endsBefore = (open: OpenFile, next: TimedFragment): boolean =>
    !sameInit(open.init, next.init) ||
    Math.abs(next.at - open.end) > GAP_MS ||
    open.stream !== source.stream ||
    beginsFile({ lengthMs: open.end - open.start, keyEveryMs }, next);

  const learnKeys = (at: EventMs): void => {
    if (lastKeyAt !== undefined) keyEveryMs = at - lastKeyAt;
    lastKeyAt = at;
  };

  const tellGap = (at: EventMs): void => {
    if (lastEnd !== undefined && at - lastEnd > GAP_MS) {
      const gap = { camera, from: lastEnd, to: at, cause };
      index.noteGap(gap);
      options.onGap(gap);
    }
    cause = 'stream-gap';
  };

  /** What was written stays, up to its last whole fragment. */
  const fail = async (thrown: unknown): Promise<void> => {
    const error = thrown instanceof AppError ? thrown : storageError(`recording of ${camera}`, thrown);
    cause = error.code === 'disk-full' ? 'disk-full' : 'storage';
    failed = true;
    options.onFailure(error);
    try {
      await finish();
    } catch (second) {
      log.error({ camera, error: messageOf(second) }, 'recording could not be closed');
    }
  };

  return {
    write(fragment) {
      given += 1;
      const sequence = given;
      if (waitingBytes + fragment.bytes.length > MOST_WAITING_BYTES) {
        if (!failed) log.warn({ camera, waitingBytes }, 'disk too slow, recording dropped');
        failed = true;
        cause = 'disk-slow';
        return;
      }
      waitingBytes += fragment.bytes.length;
      then(async () => {
        try {
          await put(fragment, sequence);
        } catch (error) {
          await fail(error);
        } finally {
          waitingBytes -= fragment.bytes.length;
        }
      });
    },
    from(stream, notes) {
      then(async () => {
        if (file && (stream !== source.stream || notes.join() !== source.notes.join())) await finish();
        source = { stream, notes };
      });
    },
    lost(why) {
      given = 0;
      then(async () => {
        await finish();
        cause = why;
        lastKeyAt = undefined;
      });
    },
    async mark(at) {
      then(async () => {
        const known = cause;
        if (lastEnd === undefined || at - lastEnd > GAP_MS) {
          tellGap(at);
          lastEnd = at;
        }
        // It still lasts.
        cause = known;
      });
      await chain;
    },
    async close() {
      then(finish);
      await chain;
    },
  };
}

/** Adds bytes at the end; where the disk takes only some of them, none stay. */
async function append(file: OpenFile, bytes: Uint8Array): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) {
      written += (await file.handle.write(bytes, written, bytes.length - written, file.size + written)).bytesWritten;
    }
    file.size += bytes.length;
  } catch (cause) {
    await file.handle.truncate(file.size).catch((error) => {
      // Fsck cuts a torn end off as well; the first error is the one to tell.
      if (errnoOf(error) === undefined) throw error;
    });
    throw cause;
  }
}
