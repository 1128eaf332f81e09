import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder outside the repository, removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface ClipOptions {
  seconds?: number;
  fps?: number;
  /** `WIDTHxHEIGHT`. */
  size?: string;
  /** Key-frame distance, pictures. */
  gop?: number;
  bFrames?: number;
  codec?: 'libx264' | 'libx265';
  audio?: boolean;
  /** Further ffmpeg output options. */
  more?: string[];
}

/** Makes a small video of ffmpeg's moving test picture. */
export function makeClip(path: string, options: ClipOptions = {}): string {
  const { seconds = 6, fps = 10, size = '160x120', gop = 20, bFrames = 0, codec = 'libx264', more = [] } = options;
  const sound = options.audio ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=16000', '-c:a', 'aac'] : [];
  const coding =
    codec === 'libx264'
      ? ['-g', String(gop), '-bf', String(bFrames), '-sc_threshold', '0']
      : ['-x265-params', `log-level=error:keyint=${gop}:min-keyint=${gop}:bframes=${bFrames}:scenecut=0`];
  const video = ['-c:v', codec, '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...coding];
  const source = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${fps}`];
  ffmpeg([...source, ...sound.slice(0, 4), ...video, ...sound.slice(4), '-t', String(seconds), ...more, path]);
  return path;
}

/** Runs ffmpeg to its end; throws where it fails. */
export function ffmpeg(args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { maxBuffer: 2 ** 28 });
}
