import { describe, expect, it } from 'vitest';
import { boundedQueue } from '../../src/core/boundedQueue.js';
import { parseConfig } from '../../src/core/config/load.js';
import type { CameraConfig } from '../../src/core/config/schema.js';
import type { Detector } from '../../src/core/detector.js';
import { makeFrame } from '../../src/core/frame.js';
import { type CameraId, cameraId, windowId } from '../../src/core/ids.js';
import { makeLiveHub } from '../../src/core/liveHub.js';
import { silentLogger } from '../../src/core/log.js';
import type { CameraSource, SourceItem } from '../../src/core/source.js';
import { eventMs } from '../../src/core/time.js';
import { hallLoops } from '../../src/pipeline/hallLoops.js';
import { hallRecorder } from '../../src/pipeline/hallRecorder.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import type { Sighting } from '../../src/pipeline/observeCamera.js';
import { siteFacts } from '../../src/pipeline/siteFacts.js';
import { HALL_YAML } from '../board/support/hall.js';
import { testLedger } from '../support/ledger.js';

const START = Date.UTC(2026, 9, 8, 1, 0, 0);
const CAMERA = cameraId('cam-1');
const at = (second: number) => eventMs(START + second * 1000);

/** A camera in the hand of the test. */
function handCamera(camera: CameraId) {
  const queue = boundedQueue<SourceItem>({ capacity: 100_000 });
  const asked: number[] = [];
  const source: CameraSource = {
    camera,
    wake(at) {
      asked.push(at);
      queue.push({ type: 'tick', camera, at });
    },
    items: () => queue,
    stats: () => ({ frames: 0, dropped: 0, reconnects: 0, lastFrameAt: undefined, keyframeIntervalS: undefined }),
    close: async () => queue.end(),
  };
  return { source, asked, push: queue.push };
}

/** Says of window A01 what it is told to say. */
const saying = (staff: number): Detector => ({
  kind: 'test',
  observe: async (frame) => [{ subject: windowId('A01'), kind: 'staff', at: frame.at, value: staff, camera: CAMERA }],
});

function hall(leastWidth?: number) {
  const config = parseConfig(HALL_YAML, 'hall.yaml');
  const ledger = testLedger();
  const tracks = hallTracks(config);
  const hub = makeLiveHub(silentLogger);
  const recorder = hallRecorder({
    ...{ ledger, sinks: [], facts: siteFacts(config), hub, log: silentLogger },
    onStep: () => undefined,
  });
  const opened: Array<ReturnType<typeof handCamera>> = [];
  const forgotten: string[] = [];
  let detectors = [saying(0)];
  let seen: () => void = () => undefined;
  const loops = hallLoops({
    sources: {
      open({ id }: CameraConfig) {
        const camera = handCamera(cameraId(id));
        opened.push(camera);
        return camera.source;
      },
      forget: async (camera) => void forgotten.push(camera),
    },
    detectorsOf: () => detectors,
    leastWidthOf: () => leastWidth,
    ...{ judge: makeJudge(tracks.all), recorder, hub, pictures: new Map(), log: silentLogger },
    signal: new AbortController().signal,
    onSighting: (sighting: Sighting) => sighting.at >= wanted && seen(),
  });
  let wanted = 0;
  const [first] = config.cameras;
  return {
    ...{ loops, opened, forgotten, ledger, hub, camera: first! },
    look: (staff: number) => {
      detectors = [saying(staff)];
    },
    /** A tick each second and a picture every two, until all of them are judged. */
    play: async (from: number, to: number) => {
      wanted = at(to);
      const done = new Promise<void>((resolve) => {
        seen = resolve;
      });
      for (let s = from; s <= to; s++) {
        if (s % 2 === 0) {
          const facts = { camera: CAMERA, at: at(s), width: 2, height: 2, rgb: new Uint8Array(12), keyframe: true };
          opened.at(-1)!.push({ type: 'frame', frame: makeFrame(facts) });
        }
        opened.at(-1)!.push({ type: 'tick', camera: CAMERA, at: at(s) });
      }
      await done;
    },
    window: () => hub.snapshot().windows.find(({ id }) => id === 'A01'),
    steps: () => ledger.stepsAfter(0, 10).map(({ step }) => [step.step, (step.at - START) / 1000]),
  };
}

describe('cameras that come and go while the hall runs', () => {
  it('what falls due between two seconds is asked for a tick at its instant', async () => {
    const { loops, camera, opened, play, steps } = hall();
    loops.open(camera);
    // The window opens with the hall at a whole second; the first picture that shows nobody comes half a second later.
    opened[0]!.push({ type: 'tick', camera: CAMERA, at: at(0) });
    const facts = { camera: CAMERA, width: 2, height: 2, rgb: new Uint8Array(12), keyframe: true };
    for (let s = 1; s < 900; s++) {
      if (s % 2 === 0) opened[0]!.push({ type: 'frame', frame: makeFrame({ ...facts, at: at(s - 0.5) }) });
      opened[0]!.push({ type: 'tick', camera: CAMERA, at: at(s) });
    }
    await play(900, 903);
    const due = steps().map(([, second]) => Number(second));
    expect(due).toEqual([901.5]);
    expect(opened[0]!.asked).toEqual([at(901.5)]);
  });

  it('a redrawn zone is looked at from the next picture on, and the absence that runs is right about it', async () => {
    const { loops, camera, look, play, window, steps } = hall();
    loops.open(camera);
    await play(0, 600);
    expect(window()).toMatchObject({ state: 'away' });
    // By the new zone somebody sits there: five seconds of it end what ran.
    look(1);
    await play(601, 602);
    expect(window()).toMatchObject({ staff: 0 });
    loops.redraw('cam-1');
    await play(603, 620);
    expect(window()).toMatchObject({ state: 'present', staff: 1 });
    await play(621, 1600);
    expect(steps()).toEqual([]);
  });

  it('a camera that is changed leaves its windows unknown meanwhile: the span counts as nothing, the absence goes on', async () => {
    const { loops, camera, play, window, steps, forgotten, ledger } = hall();
    loops.open(camera);
    await play(0, 600);
    await loops.close('cam-1');
    expect(forgotten).toEqual(['cam-1']);
    expect(window()).toMatchObject({ staff: 'unknown', reason: 'offline' });
    loops.open(camera);
    expect(loops.sources).toHaveLength(1);
    await play(720, 1018);
    expect(steps()).toEqual([]);
    await play(1019, 1030);
    // 600 s before and 300 s after the two minutes in which nobody looked.
    expect(steps()).toEqual([['open', 1020]]);
    const { seen } = ledger.stepsAfter(0, 1)[0]!.step;
    expect([seen.observedMs, seen.unknownMs]).toEqual([900_000, 120_000]);
  });

  it('a picture that is too small for faces is a finding, and the camera is not blind because of it', async () => {
    const { loops, camera, opened, play, look, window, ledger } = hall(3);
    look(1);
    loops.open(camera);
    await play(0, 4);
    expect([...loops.findingsOf(CAMERA)]).toEqual(['small-faces']);
    expect(window()).toMatchObject({ state: 'present', staff: 1 });
    const large = { camera: CAMERA, at: at(5), width: 3, height: 2, rgb: new Uint8Array(18), keyframe: true };
    opened[0]!.push({ type: 'frame', frame: makeFrame(large) });
    opened[0]!.push({ type: 'tick', camera: CAMERA, at: at(5) });
    await play(7, 7);
    expect([...loops.findingsOf(CAMERA)]).toEqual([]);
    const told = ledger.cameraHealth.of(CAMERA, 9).map(({ state, detail }) => [state, detail]);
    expect(told).toEqual([
      ['cleared', '3 px wide, 3 needed'],
      ['raised', '2 px wide, 3 needed'],
    ]);
  });

  it('what was wrong with a camera is wrong no more once it is gone', async () => {
    const { loops, camera, opened, play, ledger } = hall();
    loops.open(camera);
    opened[0]!.push({ type: 'health', event: { camera: CAMERA, finding: 'covered', state: 'raised', at: at(0) } });
    await play(1, 4);
    expect([...loops.findingsOf(CAMERA)]).toEqual(['covered']);
    await loops.close('cam-1');
    expect([...loops.findingsOf(CAMERA)]).toEqual([]);
    expect(ledger.cameraHealth.of(CAMERA, 9)).toMatchObject([
      { finding: 'covered', state: 'cleared', at: at(4) },
      { finding: 'covered', state: 'raised', at: at(0) },
    ]);
  });
});
