import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HealthEvent } from '../../../src/core/health.js';
import { cameraId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { temporaryFolder, testLedger } from '../../support/ledger.js';

const event = (at: number, changes: Partial<HealthEvent> = {}): HealthEvent => ({
  ...{ camera: cameraId('cam-1'), finding: 'offline', state: 'raised', at: eventMs(at) },
  ...changes,
});

describe('findings of cameras', () => {
  it('come back newest first, each camera for itself, also after a restart', async () => {
    const path = join(temporaryFolder(), 'ledger.sqlite');
    const first = testLedger(path);
    first.cameraHealth.add(event(1, { detail: 'no frame for 10 s' }));
    first.cameraHealth.add(event(2, { state: 'cleared' }));
    first.cameraHealth.add(event(3, { camera: cameraId('cam-2'), finding: 'dark' }));
    await first.close();
    const { cameraHealth } = testLedger(path);
    expect(cameraHealth.of(cameraId('cam-1'), 10)).toEqual([
      event(2, { state: 'cleared' }),
      event(1, { detail: 'no frame for 10 s' }),
    ]);
    expect(cameraHealth.of(cameraId('cam-2'), 10)).toHaveLength(1);
  });

  it('of one that flaps for weeks fill neither disk nor page', () => {
    const { cameraHealth } = testLedger();
    for (let i = 0; i < 1020; i++) cameraHealth.add(event(i));
    expect(cameraHealth.of(cameraId('cam-1'), 5000)).toHaveLength(1000);
    expect(cameraHealth.of(cameraId('cam-1'), 1)[0]!.at).toBe(1019);
  });
});
