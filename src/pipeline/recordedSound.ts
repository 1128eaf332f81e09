import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { CameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { RecordedSpan, RecordingLibrary } from '../core/recording.js';
import type { EventMs } from '../core/time.js';
import { audioDecoder } from '../ingest/ffmpeg/decoder.js';
import { decodeAudioCommand } from '../ingest/ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from '../ingest/ffmpeg/ffmpegProcess.js';
import { SAMPLE_RATE } from '../ingest/soundChunks.js';

export interface RecordedSoundOptions {
  /** The recordings folder. */
  folder: string;
  library: Pick<RecordingLibrary, 'files'>;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/** The sound of `from <= t < to` out of a camera's recordings, 16 kHz mono; undefined where less than half of it was recorded. */
export type RecordedSound = (camera: CameraId, from: EventMs, to: EventMs) => Promise<Float32Array | undefined>;

/** A segment lies in three files at most; the next one begins in the last of them. */
const KEPT = 3;
const LEAST_SHARE = 0.5;

/** Reads recordings. Each file is decoded once where spans are asked for in the order of time. */
export function recordedSound({ folder, library, clock, log, signal }: RecordedSoundOptions): RecordedSound {
  const decoded = new Map<string, Float32Array>();

  const soundOf = async ({ path }: RecordedSpan): Promise<Float32Array> => {
    const known = decoded.get(path);
    if (known) return known;
    const command = decodeAudioCommand({ kind: 'file', path: join(folder, path) }, SAMPLE_RATE);
    const decoder = audioDecoder(startFfmpeg)(command, { clock, log, signal });
    const pieces: Float32Array[] = [];
    for await (const { samples } of decoder.items) pieces.push(samples);
    await decoder.exited;
    const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    decoded.set(path, whole);
    const [oldest] = decoded.keys();
    if (decoded.size > KEPT) decoded.delete(oldest!);
    return whole;
  };

  return async (camera, from, to) => {
    const sound = new Float32Array(samplesIn(to - from));
    let heard = 0;
    for (const file of library.files(camera, from, to)) {
      const samples = await soundOf(file);
      const place = samplesIn(file.start - from);
      const skip = Math.max(0, -place);
      const into = Math.max(0, place);
      const count = Math.min(samples.length - skip, sound.length - into);
      if (count <= 0) continue;
      sound.set(samples.subarray(skip, skip + count), into);
      heard += count;
    }
    return heard < sound.length * LEAST_SHARE || heard === 0 ? undefined : sound;
  };
}

const samplesIn = (ms: number): number => Math.round((ms * SAMPLE_RATE) / 1000);
