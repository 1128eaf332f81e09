import { expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import type { CourtesyOutcome } from '../../src/core/courtesy.js';
import { cameraId, windowId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import type { ServiceSession } from '../../src/core/service.js';
import type { SpeechEngine } from '../../src/core/speech.js';
import { eventMs } from '../../src/core/time.js';
import { noneEngine } from '../../src/detectors/speech/none.js';
import { replayEngine } from '../../src/detectors/speech/replay.js';
import { hallCourtesy } from '../../src/pipeline/windowSound.js';
import { fakeClock } from '../support/fakeClock.js';

const START = 1_000_000;
const config = (enabled: boolean) =>
  parseConfig(
    JSON.stringify({
      site: { id: 'test', name: 'test' },
      cameras: [{ id: 'cam-1', source: 'sim:hall-1' }],
      windows: [{ id: 'A01', camera: 'cam-1', audio: 'cam-1', staffZone: [] }],
      rules: { courtesy: { enabled, notice: '取号机旁' } },
    }),
    'test',
  );
const session: ServiceSession = {
  ...{ window: windowId('A01'), kind: 'served', source: 'camera', endedBy: 'gone', steps: [] },
  ...{ start: eventMs(START + 10_000), end: eventMs(START + 100_000), waitMs: 0, serviceMs: 90_000, unknownMs: 0 },
};

async function judged(
  engine: SpeechEngine,
  enabled = true,
  deafFrom = Number.POSITIVE_INFINITY,
): Promise<CourtesyOutcome[]> {
  const kept: CourtesyOutcome[] = [];
  const clock = fakeClock(START);
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* items() {
    for (let at = START; at < START + 130_000; at += 200) {
      const amplitude = at - START >= deafFrom ? 0 : 0.1;
      const samples = Float32Array.from({ length: 3200 }, (_, i) => amplitude * Math.sin(i / 9));
      yield {
        type: 'audio' as const,
        chunk: { camera: cameraId('cam-1'), at: eventMs(at), sampleRate: 16_000, samples },
      };
    }
    finish();
  }
  const courtesy = hallCourtesy({
    ...{ config: config(enabled), engine, clock, log: silentLogger, keep: (outcome) => kept.push(outcome) },
    openSound: () => ({ camera: cameraId('cam-1'), items, close: async () => {} }),
  });
  if (enabled) await done;
  courtesy.sessionEnded(session);
  await clock.advance(31_000);
  await courtesy.close();
  return kept;
}

const said = (text: string, from: number) => ({
  ...{ type: 'segment' as const, text },
  ...{ start: eventMs(from * 1000), end: eventMs((from + 2) * 1000) },
});

it('judges a session by what was said at its window, and keeps no word', async () => {
  const kept = await judged(replayEngine([said('您好,请坐', 11), said('身份证号是一二三', 40)]));
  expect(kept).toEqual([{ window: 'A01', start: START + 10_000, greeting: true, farewell: false, wait: 'not-due' }]);
});

it('is unknown where nobody can tell, and nothing at all where it is off', async () => {
  expect(await judged(noneEngine('no-model'))).toMatchObject([{ greeting: 'unknown', farewell: 'unknown' }]);
  expect(await judged(replayEngine([said('您好', 11)]), false)).toEqual([]);
});

it('is unknown, never missing, where the microphone was dead', async () => {
  const [outcome] = await judged(replayEngine([said('您好', 11)]), true, 60_000);
  expect(outcome).toMatchObject({ greeting: true, farewell: 'unknown' });
});
