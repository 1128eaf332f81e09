import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock as clock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { type Frame, makeFrame } from '../../src/core/frame.js';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs, plusMs } from '../../src/core/time.js';
import { confirmFrames } from '../../src/pipeline/confirmFrames.js';
import { clockCamera } from '../support/clockCamera.js';
import { hasRtspServer } from '../support/rtspServer.js';

const CAMERA = cameraId('cam-1');
const never = new AbortController().signal;
const analysed = makeFrame({
  ...{ camera: CAMERA, at: eventMs(1_000_000), width: 4, height: 2, rgb: new Uint8Array(24), keyframe: true },
});

function frames(camera: string) {
  const config = parseConfig(
    `site: { id: t, name: t }\ncameras:\n  - { id: cam-1, ${camera} }\nwindows:\n  - { id: A, name: A, camera: cam-1, staffZone: [[0, 0], [1, 0], [1, 1]] }\n`,
    'hall.yaml',
  );
  const pictures = new Map<string, Frame>([['cam-1', analysed]]);
  return confirmFrames({ config, env: {}, pictures, clock, log });
}
const opening = { camera: CAMERA, at: analysed.at, step: 'open' } as const;

describe('the picture that confirms an incident', () => {
  it.skipIf(!hasRtspServer())(
    'is a key frame of the main stream, at its size, and is the one the supervisor sees',
    async () => {
      const camera = await clockCamera();
      onTestFinished(() => camera.stop());
      const { best, shown } = frames(`source: "rtsp://127.0.0.1:1/sub", main: "${camera.url}"`);
      const frame = await best(CAMERA, never);
      expect(frame).toMatchObject({ camera: 'cam-1', at: analysed.at, width: 256, height: 192 });
      expect(shown({ ...opening, step: 'ended' })).toBeUndefined();
      expect(shown(opening)).toBe(frame);
      expect(shown(opening)).toBeUndefined();
      // One that confirmed nothing shows nothing of what happens a minute later.
      await best(CAMERA, never);
      expect(shown({ ...opening, at: plusMs(analysed.at, 60_000) })).toBeUndefined();
    },
  );

  it.each([
    ['the main stream gives none', 'source: "rtsp://127.0.0.1:1/sub", main: "rtsp://127.0.0.1:1/main"'],
    ['there is no main stream', 'source: "rtsp://127.0.0.1:1/sub"'],
    ['the camera is simulated', 'source: "sim:counter"'],
  ])('is the analysed one where %s', async (_, camera) => {
    const { best, shown } = frames(camera);
    expect(await best(CAMERA, never)).toBe(analysed);
    expect(shown(opening)).toBeUndefined();
  });
});
