import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { makeLogger } from '../../../src/core/log.js';
import type { Job } from '../../../src/detectors/inference/protocol.js';
import { type WorkerSlot, workerSlot } from '../../../src/detectors/inference/workerSlot.js';
import { type FakeClock, fakeClock } from '../../support/fakeClock.js';

const entry = new URL('./fixtures/scriptedWorker.mjs', import.meta.url);
const setup = { backend: 'auto', cacheFolder: '' } as const;
const lines: string[] = [];
const log = makeLogger({ write: (line) => lines.push(line) });
const opened: WorkerSlot[] = [];

const slotOn = (clock = systemClock): WorkerSlot => {
  const slot = workerSlot({ setup, clock, log, jobTimeoutMs: 60_000, entry });
  opened.push(slot);
  return slot;
};
const job = (act: string, data: Float32Array<ArrayBufferLike> = Float32Array.of(1, 2)): Job => ({
  kind: 'run',
  network: { name: act, width: 1, height: 1 },
  inputs: { x: { shape: [data.length], data } },
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((slot) => slot.close()));
  lines.length = 0;
});

/** Runs a crashed slot's next job on a clock that only the test moves. */
async function afterWait<T>(clock: FakeClock, ms: number, work: Promise<T>): Promise<T> {
  await clock.advance(ms);
  return work;
}

describe('worker slot', () => {
  it('moves a tensor that owns its buffer and shares one that is shared', async () => {
    const slot = slotOn();
    const owned = Float32Array.of(1, 2);
    await slot.perform(job('echo', owned));
    expect(owned.length).toBe(0);
    const shared = new Float32Array(new SharedArrayBuffer(8));
    await slot.perform(job('echo', shared));
    expect(shared.length).toBe(2);
  });

  it('passes an error on with its code and hint, and what the worker logs', async () => {
    const slot = slotOn();
    await expect(slot.perform(job('refuse'))).rejects.toMatchObject({ code: 'model', hint: 'reinstall' });
    await slot.perform(job('echo'));
    expect(lines.join()).toContain('said');
    expect(slot.crashes).toBe(0);
  });

  it.each([['exit'], ['throw']])('fails the job of a worker that dies by %s and starts another', async (act) => {
    const clock = fakeClock();
    const slot = slotOn(clock);
    await expect(slot.perform(job(act))).rejects.toMatchObject({ code: 'process', retryable: true });
    expect(slot.crashes).toBe(1);
    const next = await afterWait(clock, 100, slot.perform(job('echo')));
    expect(next.kind).toBe('run');
  });

  it('fails the job behind one that ended the worker, too', async () => {
    const slot = slotOn();
    const [first, second] = [slot.perform(job('exit')), slot.perform(job('echo'))];
    await expect(first).rejects.toMatchObject({ code: 'process', retryable: true });
    await expect(second).rejects.toMatchObject({ code: 'process', retryable: true });
  });

  it('does two jobs that were handed over in their order', async () => {
    const slot = slotOn();
    const order: string[] = [];
    await Promise.all(['a', 'b'].map((name) => slot.perform(job('echo')).then(() => order.push(name))));
    expect(order).toEqual(['a', 'b']);
  });

  it('waits longer before each start while workers keep dying', async () => {
    const clock = fakeClock();
    const slot = slotOn(clock);
    await expect(slot.perform(job('exit'))).rejects.toThrow();
    await expect(afterWait(clock, 100, slot.perform(job('exit')))).rejects.toThrow();
    const third = slot.perform(job('echo'));
    await clock.advance(199);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect((await third).kind).toBe('run');
  });

  it('ends a worker that does not answer in time', async () => {
    const clock = fakeClock();
    const slot = slotOn(clock);
    const stuck = slot.perform(job('hang'));
    const failed = expect(stuck).rejects.toMatchObject({ code: 'timeout', retryable: true });
    await clock.advance(60_000);
    await failed;
  });

  it('fails a running job when it is closed', async () => {
    const slot = slotOn();
    await slot.perform(job('echo'));
    const running = slot.perform(job('hang'));
    const failed = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await slot.close();
    await failed;
    await expect(slot.perform(job('echo'))).rejects.toMatchObject({ code: 'cancelled' });
  });
});
