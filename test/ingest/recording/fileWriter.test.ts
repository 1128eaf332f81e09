import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/hash.js';
import { cameraId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { RecordingGap } from '../../../src/core/recording.js';
import { eventMs, plusMs } from '../../../src/core/time.js';
import { beginsFile } from '../../../src/ingest/recording/cutFiles.js';
import { describeFile, readContents } from '../../../src/ingest/recording/describe.js';
import { fileWriter } from '../../../src/ingest/recording/fileWriter.js';
import { recordingLibrary } from '../../../src/ingest/recording/library.js';
import { recoverOpenFiles } from '../../../src/ingest/recording/recover.js';
import { trimRing } from '../../../src/ingest/recording/ring.js';
import { ffmpeg, makeClip, temporaryFolder } from '../../support/clips.js';
import { fakeClock } from '../../support/fakeClock.js';
import { bytesOf, copyOf, fragmentsOf, NINE, recordClip } from '../../support/recordings.js';

const folder = temporaryFolder();
const clip = makeClip(join(folder, 'source.mp4'), { seconds: 24, fps: 10, gop: 20, audio: true });
const camera = cameraId('cam-1');
const packetTimes = (path: string): number[] =>
  ffmpeg(['-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'])
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => Number(line.split(',')[1]));

describe('files of a recording', () => {
  it.each([
    [
      'a key frame while there is room for two more',
      { lengthMs: 4000, keyEveryMs: 2000 },
      { key: true, durationMs: 1000 },
      false,
    ],
    ['the last key frame before 10 s', { lengthMs: 8500, keyEveryMs: 2000 }, { key: true, durationMs: 1000 }, true],
    ['a key frame that just fits', { lengthMs: 8000, keyEveryMs: 2000 }, { key: true, durationMs: 1000 }, false],
    ['no key frame, room left', { lengthMs: 8500, keyEveryMs: 2000 }, { key: false, durationMs: 1000 }, false],
    ['no key frame for 10 s', { lengthMs: 9500, keyEveryMs: 30_000 }, { key: false, durationMs: 1000 }, true],
  ])('%s', (_, file, next, expected) => expect(beginsFile(file, next)).toBe(expected));

  it('hold at most 10 s, begin at key frames and at time 0, and carry their true times', async () => {
    const place = temporaryFolder();
    const { files, index } = await recordClip(place, clip);
    // The coded sound begins 64 ms before the first picture, which makes the first file end one key frame sooner.
    expect(files.map(({ start, end }) => [start - NINE, end - start])).toEqual([
      [0, 8064],
      [8064, 10_000],
      [18_064, 6000],
    ]);
    for (const file of files) {
      const described = describeFile(file, bytesOf(place, file.path), { ...file })!;
      expect(described).toMatchObject({
        video: 'avc1',
        audio: 'mp4a',
        width: 160,
        height: 120,
        bytes: described.bytes,
      });
      expect(described.parts[0]).toMatchObject({ at: file.start, key: true });
      expect(described.parts.every(({ ms }) => ms <= 1100)).toBe(true);
      expect(described.parts.reduce((sum, part) => sum + part.ms, 0)).toBe(file.end - file.start);
      expect(packetTimes(join(place, file.path))[0]).toBe(0);
    }
    expect(index.files(camera, plusMs(NINE, 7000), plusMs(NINE, 12_000))).toHaveLength(2);
    expect(index.reached(camera)).toBe(NINE + 24_064);
    expect(index.newestEnd(camera)).toBe(NINE + 24_064);
  });

  it('loses no picture and changes none', async () => {
    const place = temporaryFolder();
    const { files } = await recordClip(place, clip);
    const pictures = (path: string): string[] =>
      ffmpeg(['-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framehash', '-'])
        .toString()
        .split('\n')
        .filter((line) => line.startsWith('0,'))
        .map((line) => line.split(',').at(-1)!.trim());
    expect(files.flatMap(({ path }) => pictures(join(place, path)))).toEqual(pictures(clip));
  });

  it('keep what a stream lost as a gap with its cause, and begin a new file after it', async () => {
    const place = temporaryFolder();
    const gaps: RecordingGap[] = [];
    const index = recordingLibrary(place);
    const files: string[] = [];
    const writer = fileWriter({
      ...{ camera, folder: place, index, clock: fakeClock(), log: silentLogger, classOf: () => 'hall' as const },
      ...{ onFile: ({ path }) => files.push(path), onGap: (gap) => gaps.push(gap), onFailure: () => {} },
    });
    const fragments = fragmentsOf(clip).slice(0, 4);
    for (const one of fragments) writer.write({ ...copyOf(one), at: plusMs(NINE, Math.round(one.startMs)) });
    writer.lost('offline');
    for (const one of fragments) writer.write({ ...copyOf(one), at: plusMs(NINE, 30_000 + Math.round(one.startMs)) });
    await writer.close();
    expect(files).toHaveLength(2);
    const end = fragments.at(-1)!;
    const from = NINE + Math.round(end.startMs + end.durationMs);
    expect(gaps).toEqual([{ camera, from, to: NINE + 30_000, cause: 'offline' }]);
    expect(index.gaps(camera, NINE, plusMs(NINE, 60_000))).toEqual(gaps);
  });

  it('leave the ring by themselves', async () => {
    const place = temporaryFolder();
    const { index } = await recordClip(place, clip);
    expect(trimRing(place, camera, { now: plusMs(NINE, 24_000), keepMs: 10_000 })).toBe(1);
    expect(index.files(camera, NINE, plusMs(NINE, 60_000))).toHaveLength(2);
  });
});

describe('a file that was being written when the process was killed', () => {
  it.each([
    ['a torn fragment', 0.6],
    ['a torn header', 0.001],
  ])('%s', async (_, share) => {
    const place = temporaryFolder();
    const { files } = await recordClip(place, clip);
    const whole = bytesOf(place, files[1]!.path);
    const open = join(place, 'open', 'cam-1');
    mkdirSync(open, { recursive: true });
    const start = eventMs(NINE + 100_000);
    const part = join(open, `${start}-main.part`);
    writeFileSync(part, whole);
    truncateSync(part, Math.round(whole.length * share));
    const recovered = recoverOpenFiles(place, () => 'session');
    expect(readdirSync(open)).toEqual([]);
    if (share < 0.01) return expect(recovered).toMatchObject({ files: [], empty: [`open/cam-1/${start}-main.part`] });
    const [file] = recovered.files;
    expect(file).toMatchObject({ class: 'session', start, stream: 'main' });
    const bytes = bytesOf(place, file!.path);
    const { parts, wholeBytes } = readContents(bytes)!;
    expect(wholeBytes).toBe(bytes.length);
    expect(parts.every((one) => sha256(bytes.subarray(one.offset, one.offset + one.bytes)) === one.sha256)).toBe(true);
    expect(whole.length - bytes.length).toBeGreaterThan(0);
    expect(recovered.tornBytes).toBe(Math.round(whole.length * share) - bytes.length);
  });
});
