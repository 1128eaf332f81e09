import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinClip } from '../../../../src/alerts/evidence/clips/joinClip.js';
import { clipSpan } from '../../../../src/alerts/evidence/clips/planClip.js';
import { cameraId } from '../../../../src/core/ids.js';
import { eventMs, plusMs } from '../../../../src/core/time.js';
import { ffmpeg, makeClip, temporaryFolder } from '../../../support/clips.js';
import { NINE, type Recorded, recordClip } from '../../../support/recordings.js';

const folder = temporaryFolder();
const clip = makeClip(join(folder, 'source.mp4'), { seconds: 24, fps: 10, gop: 20 });
const camera = cameraId('cam-1');
const sourcesOf = ({ index }: Recorded, from: number, to: number) =>
  index.files(camera, eventMs(from), eventMs(to)).map(({ path, start }) => ({ path, start, bytes: index.read(path) }));
const packets = (path: string): number[] =>
  ffmpeg(['-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'])
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('0,') ? [Number(line.split(',')[2])] : []));
const hashes = (path: string): string[] =>
  ffmpeg(['-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framehash', '-'])
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('0,') ? [line.split(',').at(-1)!.trim()] : []));

describe('a clip', () => {
  it('begins at the key frame before its span and holds its pictures bit for bit', async () => {
    const recorded = await recordClip(temporaryFolder(), clip);
    const [from, to] = [plusMs(NINE, 7300), plusMs(NINE, 15_200)];
    const joined = joinClip(sourcesOf(recorded, from, to), from, to)!;
    expect([joined.start - NINE, joined.holes, joined.sources.length]).toEqual([6000, [], 2]);
    expect(joined.end).toBeGreaterThanOrEqual(to);
    expect(joined.end - to).toBeLessThanOrEqual(1100);
    const path = join(folder, 'clip.mp4');
    writeFileSync(path, joined.bytes);
    const all = hashes(clip);
    const cut = hashes(path);
    expect(all.slice(60, 60 + cut.length)).toEqual(cut);
    expect(packets(path).every((pts, i, list) => i === 0 || pts > list[i - 1]!)).toBe(true);
    const declared = ffmpeg(['-i', path, '-c', 'copy', '-f', 'null', '-']);
    expect(declared).toBeDefined();
  });

  it('loses no picture where fragments came late, and each stands at its true time', async () => {
    // A machine that was busy for the first 13 s: each fragment was stamped when it came, most of them with less delay than the one before,
    // also where one file ends and the next one begins (at 10 s).
    const lateMs = [900, 700, 700, 650, 400, 400, 380, 380, 90, 90, 40, 40, 12];
    const recorded = await recordClip(temporaryFolder(), clip, { lateMs });
    const [from, to] = [plusMs(NINE, 3300), plusMs(NINE, 15_200)];
    const joined = joinClip(sourcesOf(recorded, NINE, to), from, to)!;
    expect([joined.start - NINE, joined.end - NINE, joined.holes]).toEqual([2000, 16_000, []]);
    const path = join(folder, 'late.mp4');
    writeFileSync(path, joined.bytes);
    expect(hashes(path)).toEqual(hashes(clip).slice(20, 160));
    const times = packets(path);
    // In the container's time base of 10240: 10 pictures a second, none nearer or further than the other.
    expect(new Set(times.slice(1).map((pts, i) => pts - times[i]!))).toEqual(new Set([1024]));
  });

  it('keeps a hole as long as it was', async () => {
    const place = temporaryFolder();
    const first = await recordClip(place, clip);
    await recordClip(place, clip, { start: plusMs(NINE, 40_000), index: first.index });
    const [from, to] = [plusMs(NINE, 20_000), plusMs(NINE, 45_000)];
    const joined = joinClip(sourcesOf(first, from, to), from, to)!;
    expect(joined.holes).toEqual([{ from: NINE + 24_000, to: NINE + 40_000 }]);
    const path = join(folder, 'hole.mp4');
    writeFileSync(path, joined.bytes);
    const times = packets(path);
    const steps = times.slice(1).map((pts, i) => pts - times[i]!);
    // 10 pictures a second in a time base of 10240: the hole is 16.1 s from picture to picture.
    expect(Math.max(...steps) / Math.min(...steps)).toBeCloseTo(161, 0);
  });

  it('is none where the span was not recorded', async () => {
    const recorded = await recordClip(temporaryFolder(), clip);
    expect(
      joinClip(sourcesOf(recorded, NINE, NINE + 24_000), plusMs(NINE, 60_000), plusMs(NINE, 70_000)),
    ).toBeUndefined();
    expect(joinClip([], NINE, plusMs(NINE, 1000))).toBeUndefined();
  });

  it.each([
    ['around the moment it was raised', 'open', 900_000, [890_000, 910_000]],
    ['from before its beginning where that was a moment ago', 'open', 3000, [-10_000, 13_000]],
    ['none for its end', 'ended', 900_000, undefined],
  ] as const)('%s', (_, step, afterMs, expected) => {
    const span = clipSpan({ step, start: NINE, at: plusMs(NINE, afterMs) }, { clipBefore: 10_000, clipAfter: 10_000 });
    expect(span && [span.from - NINE, span.to - NINE]).toEqual(expected);
  });
});
