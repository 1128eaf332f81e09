import { expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { startBoard } from './support/boardHarness.js';
import { HALL_YAML } from './support/hall.js';

const SPAN = '/api/courtesy?from=0&to=1000000';

it('is off until the hall has switched it on and hung its notice', async () => {
  const { signIn } = await startBoard();
  const supervisor = await signIn('hall-supervisor');
  expect((await supervisor.get(SPAN)).body).toEqual({ state: 'unavailable', reason: 'switched-off' });
  const without = HALL_YAML.replace('rules:\n', 'rules:\n  courtesy: { enabled: true }\n');
  expect(() => parseConfig(without, 'test')).toThrow(/notice/);
});

it('gives sums with n and unknown, and no share of fewer than twenty sessions', async () => {
  const text = HALL_YAML.replace('rules:\n', 'rules:\n  courtesy: { enabled: true, notice: 取号机旁 }\n').replace(
    '    camera: cam-1\n',
    '    camera: cam-1\n    audio: cam-1\n',
  );
  const config = parseConfig(text, 'test');
  const { signIn, ledger } = await startBoard({
    config: { current: () => config, file: undefined, apply: () => 'restart-needed' },
  });
  for (let i = 0; i < 25; i += 1) {
    ledger.courtesy.add({
      ...{ window: windowId('A01'), start: eventMs(i * 1000), greeting: i < 15, wait: 'not-due' },
      farewell: i < 10 ? 'unknown' : true,
    });
  }
  const supervisor = await signIn('hall-supervisor');
  expect((await supervisor.get(SPAN)).body.data).toEqual([
    {
      ...{ window: 'A01', sessions: 25 },
      greeting: { n: 25, said: 15, unknown: 0, share: 0.6 },
      farewell: { n: 15, said: 15, unknown: 10, share: null },
      wait: { n: 0, said: 0, unknown: 0, share: null },
    },
  ]);
});
