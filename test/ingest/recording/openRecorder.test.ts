import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { joinClip } from '../../../src/alerts/evidence/clips/joinClip.js';
import { systemClock as clock } from '../../../src/core/clock.js';
import type { CameraConfig } from '../../../src/core/config/schema.js';
import { cameraId } from '../../../src/core/ids.js';
import { silentLogger as log } from '../../../src/core/log.js';
import { plusMs } from '../../../src/core/time.js';
import { recorderClock } from '../../../src/ingest/live/recorderClock.js';
import { readContents } from '../../../src/ingest/recording/describe.js';
import { type ClosedFile, fileWriter } from '../../../src/ingest/recording/fileWriter.js';
import { recordingLibrary } from '../../../src/ingest/recording/library.js';
import { openRecorder, type RecorderState } from '../../../src/ingest/recording/openRecorder.js';
import { testCamera, testIngest } from '../../support/cameras.js';
import { ffmpeg, makeClip, temporaryFolder } from '../../support/clips.js';
import { CLOCK_GRID, clockCamera } from '../../support/clockCamera.js';
import { bytesOf } from '../../support/recordings.js';
import { hasRtspServer } from '../../support/rtspServer.js';

const place = temporaryFolder();

/** A promise that somebody else settles. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((whenDone, whenFailed) => {
    [resolve, reject] = [whenDone, whenFailed];
  });
  return { promise, resolve, reject };
}

/** Records a camera until its first file is closed. */
async function firstFile({ onTestFinished }: TestContext, settings: Partial<CameraConfig>) {
  const folder = mkdtempSync(join(place, 'recorded-'));
  const index = recordingLibrary(folder);
  const states: RecorderState[] = [];
  const stop = new AbortController();
  const first = deferred<ClosedFile>();
  const camera = cameraId('cam-1');
  const writer = fileWriter({
    ...{ camera, folder, index, clock, log, classOf: () => 'hall' as const, onFile: first.resolve },
    ...{ onGap: () => {}, onFailure: first.reject },
  });
  const recorder = openRecorder(testCamera(settings), {
    ...{ clock, log, ingest: testIngest, fleet: undefined, credentials: () => undefined, signal: stop.signal, writer },
    ...{ recorder: recorderClock(clock), onState: (state: RecorderState) => states.push(state), random: () => 0 },
  });
  onTestFinished(() => recorder.close());
  return { file: await first.promise, folder, index, states, recorder };
}

/** The burnt-in clocks of a clip's pictures, UTC ms, each with the picture's own time, ms. */
function clocksOf(path: string): Array<{ ptsMs: number; burntMs: number }> {
  const { block, columns, rows } = CLOCK_GRID;
  // Without a time base of its own the raw pictures get the stream's 1/25 s, where two of them fall on one instant and one is left out.
  const each = ['-map', '0:v', '-fps_mode', 'passthrough', '-enc_time_base', '1/1000'];
  const gray = ffmpeg([
    '-i',
    path,
    '-vf',
    `scale=${columns}:${rows}:flags=area,format=gray`,
    ...each,
    '-f',
    'rawvideo',
    '-',
  ]);
  const times = ffmpeg(['-i', path, ...each, '-f', 'framecrc', '-'])
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('0,') ? [Number(line.split(',')[2])] : []));
  expect(block).toBeGreaterThan(0);
  return times.map((ptsMs, n) => {
    const picture = gray.subarray(n * columns * rows, (n + 1) * columns * rows);
    return { ptsMs, burntMs: [...picture].reduce((ms, luma) => ms * 2 + (luma > 128 ? 1 : 0), 0) };
  });
}

// Each waits 4 to 10 s for a file to be full: all of them together wait once.
describe.skipIf(!hasRtspServer()).concurrent('a recorded RTSP camera', () => {
  it('gives clips whose times are those of a clock in the picture', async (test) => {
    const camera = await clockCamera();
    test.onTestFinished(() => camera.stop());
    const { file, folder } = await firstFile(test, { source: camera.url, main: camera.url });
    expect(file).toMatchObject({ stream: 'main', notes: [] });
    const source = { path: file.path, start: file.start, bytes: bytesOf(folder, file.path) };
    const [from, to] = [plusMs(file.start, 3000), plusMs(file.start, 7000)];
    const clip = joinClip([source], from, to)!;
    const path = join(folder, 'clip.mp4');
    writeFileSync(path, clip.bytes);
    const pictures = clocksOf(path);
    const burnt = pictures.map(({ burntMs }) => burntMs);
    const recorded = clocksOf(join(folder, file.path)).map(({ burntMs }) => burntMs);
    const first = recorded.indexOf(burnt[0]!);
    // Every recorded picture of the span, and no other: a fragment that came late is none that can be left out.
    expect(burnt).toEqual(recorded.slice(first, first + burnt.length));
    const off = pictures.map(({ ptsMs, burntMs }) => clip.start + ptsMs - burntMs);
    const sorted = [...off].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    console.info(
      `${off.length} pictures: clip time minus burnt-in clock: ${sorted[0]} to ${sorted.at(-1)} ms, median ${median} ms; ` +
        `begins ${from - clip.start} ms before what was asked for`,
    );
    // Within a connection pictures stand at the distances of the stream: what is left is how steadily the camera takes them. All of them
    // together are late by the shortest way from the camera to here, which is as long as the machine is busy.
    expect(sorted.at(-1)! - sorted[0]!).toBeLessThan(200);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(10_000);
    expect(from - clip.start).toBeGreaterThanOrEqual(0);
    expect(from - clip.start).toBeLessThanOrEqual(2100);
  }, 60_000);

  it('is recorded from its sub-stream where the main one gives nothing, and says so', async (test) => {
    const camera = await clockCamera();
    test.onTestFinished(() => camera.stop());
    const { file, states } = await firstFile(test, { source: camera.url, main: 'rtsp://127.0.0.1:1/main' });
    expect(file).toMatchObject({ stream: 'sub', notes: ['main-unreachable'] });
    expect(states.at(-1)).toMatchObject({ stream: 'sub', recording: true, fallback: 'main-unreachable' });
  }, 60_000);
});

describe.concurrent('a recorded stream', () => {
  it.for([
    ['H.264 with AAC', 'libx264', ['-c:a', 'aac'], { video: 'avc1', audio: 'mp4a', notes: ['no-main-stream'] }],
    [
      'H.265 with G.711, its sound encoded',
      'libx265',
      ['-c:a', 'pcm_alaw'],
      { video: 'hev1', audio: 'mp4a', notes: ['sound-encoded-as-aac', 'no-main-stream'] },
    ],
    ['H.264 without sound', 'libx264', undefined, { video: 'avc1', audio: undefined, notes: ['no-main-stream'] }],
  ] as const)('%s', { timeout: 60_000 }, async ([_, codec, sound, expected], test) => {
    const source = join(mkdtempSync(join(place, 'source-')), 'source.mkv');
    makeClip(source, { seconds: 4, codec, ...(sound ? { audio: true, more: [...sound] } : {}) });
    const { file, folder } = await firstFile(test, { source: `file:${source}` });
    const { init, parts } = readContents(bytesOf(folder, file.path))!;
    const audio = init.tracks.find(({ kind }) => kind === 'audio')?.codec;
    expect({ video: init.video.codec, audio, notes: file.notes }).toEqual(expected);
    // Event time follows the recorder's clock, the parts are as long as the stream says.
    const lengthMs = parts.reduce((sum, part) => sum + part.ms, 0);
    expect(Math.abs(lengthMs - (file.end - file.start))).toBeLessThan(500);
  });
});
