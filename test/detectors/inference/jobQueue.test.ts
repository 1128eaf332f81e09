import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.js';
import { jobQueue } from '../../../src/detectors/inference/jobQueue.js';
import type { Job, JobResult } from '../../../src/detectors/inference/protocol.js';
import type { WorkerSlot } from '../../../src/detectors/inference/workerSlot.js';

/** A slot whose jobs the test finishes by hand. */
function handSlot() {
  const started: Array<{ name: string; finish(): void; fail(error: AppError): void }> = [];
  let closed = 0;
  const slot: WorkerSlot = {
    crashes: 0,
    perform: (job) =>
      new Promise<JobResult>((resolve, reject) => {
        started.push({
          name: job.network.name,
          finish: () => resolve({ kind: 'run', backend: job.network.name, outputs: {} }),
          fail: reject,
        });
      }),
    close: async () => {
      closed += 1;
    },
  };
  return { slot, started, closed: () => closed };
}

const job = (name: string): Job => ({ kind: 'run', network: { name, width: 1, height: 1 }, inputs: {} });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('job queue', () => {
  it('gives each slot the job it runs and the next one, oldest first', async () => {
    const { slot, started } = handSlot();
    const queue = jobQueue([slot], { queueLength: 9 });
    const results = ['a', 'b', 'c'].map((name) => queue.submit(job(name)));
    expect(queue.stats()).toMatchObject({ running: 2, waiting: 1 });
    expect(started.map(({ name }) => name)).toEqual(['a', 'b']);
    for (let i = 0; i < 3; i++) {
      started[i]!.finish();
      await settle();
    }
    expect((await Promise.all(results)).map((result) => result.kind === 'run' && result.backend)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(queue.stats()).toEqual({ running: 0, waiting: 0, done: 3, dropped: 0, crashes: 0 });
  });

  it('drops the oldest waiting job when it is full, and counts it', async () => {
    const { slot } = handSlot();
    const queue = jobQueue([slot], { queueLength: 1 });
    void queue.submit(job('running'));
    void queue.submit(job('next'));
    const old = queue.submit(job('old'));
    void queue.submit(job('new'));
    await expect(old).rejects.toMatchObject({ code: 'conflict', retryable: true });
    expect(queue.stats()).toMatchObject({ running: 2, waiting: 1, dropped: 1 });
  });

  it('takes a cancelled job out of the queue', async () => {
    const { slot, started } = handSlot();
    const queue = jobQueue([slot], { queueLength: 9 });
    const stop = new AbortController();
    const running = queue.submit(job('running'), stop.signal);
    const next = queue.submit(job('next'), stop.signal);
    const waiting = queue.submit(job('waiting'), stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(next).rejects.toMatchObject({ code: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(queue.submit(job('late'), stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    started[0]!.finish();
    await settle();
    expect(started).toHaveLength(2);
  });

  it('goes on with the next job after one failed', async () => {
    const { slot, started } = handSlot();
    const queue = jobQueue([slot], { queueLength: 9 });
    const first = queue.submit(job('first'));
    const second = queue.submit(job('second'));
    started[0]!.fail(new AppError('process', 'died', { retryable: true }));
    await expect(first).rejects.toMatchObject({ code: 'process' });
    await settle();
    started[1]!.finish();
    await expect(second).resolves.toMatchObject({ kind: 'run' });
  });

  it('cancels what waits and closes every slot', async () => {
    const hands = [handSlot(), handSlot()];
    const queue = jobQueue(
      hands.map((hand) => hand.slot),
      { queueLength: 9 },
    );
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => queue.submit(job(name)));
    const waiting = expect(jobs[4]).rejects.toMatchObject({ code: 'cancelled' });
    await queue.close();
    await waiting;
    expect(hands.map((hand) => hand.closed())).toEqual([1, 1]);
    await expect(queue.submit(job('late'))).rejects.toMatchObject({ code: 'cancelled' });
  });
});
