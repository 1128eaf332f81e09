import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock as clock } from '../../src/core/clock.js';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import type { RecordedSpan } from '../../src/core/recording.js';
import { eventMs } from '../../src/core/time.js';
import { recordedSound } from '../../src/pipeline/recordedSound.js';
import { makeClip } from '../support/clips.js';
import { temporaryFolder } from '../support/ledger.js';

const START = 1_700_000_000_000;
const CAMERA = cameraId('cam-r1');

/** Level of a stretch, 0-1. */
const levelOf = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length));

it('gives the sound of a stretch out of several recordings, and nothing where most of it is missing', async () => {
  const folder = temporaryFolder();
  makeClip(join(folder, 'a.mp4'), { seconds: 4, audio: true });
  makeClip(join(folder, 'b.mp4'), { seconds: 4, audio: true });
  makeClip(join(folder, 'silent.mp4'), { seconds: 4 });
  const span = (path: string, fromS: number): RecordedSpan => ({
    ...{ camera: CAMERA, class: 'session', stream: 'main', path, open: false },
    ...{ start: eventMs(START + fromS * 1000), end: eventMs(START + (fromS + 4) * 1000) },
  });
  const all = [span('a.mp4', 0), span('b.mp4', 4), span('silent.mp4', 20)];
  const sound = recordedSound({
    ...{ folder: dirname(join(folder, 'a.mp4')), clock, log, signal: new AbortController().signal },
    library: { files: (_camera, from, to) => all.filter(({ start, end }) => start < to && end > from) },
  });
  const of = (fromS: number, toS: number) => sound(CAMERA, eventMs(START + fromS * 1000), eventMs(START + toS * 1000));

  const across = (await of(3, 5))!;
  expect(across).toHaveLength(32_000);
  expect(levelOf(across.subarray(0, 14_000))).toBeGreaterThan(0.05);
  expect(levelOf(across.subarray(18_000))).toBeGreaterThan(0.05);
  // Half of it lies behind the last recording.
  expect(await of(7.5, 9)).toBeUndefined();
  expect(await of(12, 14)).toBeUndefined();
  expect(await of(21, 22)).toBeUndefined();
});
