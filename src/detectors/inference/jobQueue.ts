import { AppError } from '../../core/errors.js';
import type { Job, JobResult } from './protocol.js';
import type { WorkerSlot } from './workerSlot.js';

export interface PoolStats {
  waiting: number;
  /** Jobs that workers have, those included that one of them will do next. */
  running: number;
  done: number;
  /** Jobs that failed because the queue was full. */
  dropped: number;
  /** Times a worker died and was replaced. */
  crashes: number;
}

export interface JobQueue {
  /** The job's result. A signal that fires ends the wait at once; a job that already runs finishes unheard. */
  submit(job: Job, signal?: AbortSignal): Promise<JobResult>;
  stats(): PoolStats;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  /** Jobs that may wait; beyond that the oldest one fails. */
  queueLength: number;
}

interface Waiting {
  job: Job;
  resolve(result: JobResult): void;
  reject(error: unknown): void;
}

/**
 * Jobs that a slot may have at once: one that runs, and the next, which is there when the worker is done. With one alone a worker
 * of a busy hall stood still for a third of its time, waiting for the main thread between two jobs.
 */
export const JOBS_A_SLOT = 2;

/** Hands jobs to slots, oldest first. */
export function jobQueue(slots: readonly WorkerSlot[], { queueLength }: JobQueueOptions): JobQueue {
  const idle = Array.from({ length: JOBS_A_SLOT }, () => slots).flat();
  const waiting: Waiting[] = [];
  const counts = { running: 0, done: 0, dropped: 0 };
  let closed = false;

  const work = async (slot: WorkerSlot, entry: Waiting): Promise<void> => {
    counts.running += 1;
    try {
      entry.resolve(await slot.perform(entry.job));
      counts.done += 1;
    } catch (error) {
      entry.reject(error);
    }
    counts.running -= 1;
    idle.push(slot);
    dispatch();
  };
  const dispatch = (): void => {
    while (!closed && idle.length > 0 && waiting.length > 0) void work(idle.shift()!, waiting.shift()!);
  };
  const drop = (entry: Waiting, error: AppError): void => {
    const at = waiting.indexOf(entry);
    if (at >= 0) waiting.splice(at, 1);
    entry.reject(error);
  };
  const add = (entry: Waiting): void => {
    waiting.push(entry);
    dispatch();
    if (waiting.length <= queueLength) return;
    counts.dropped += 1;
    drop(waiting[0]!, new AppError('conflict', 'inference: queue full: job dropped', { retryable: true }));
  };

  return {
    async submit(job, signal) {
      if (closed || signal?.aborted) throw cancelled();
      let abort = (): void => undefined;
      try {
        return await new Promise<JobResult>((resolve, reject) => {
          const entry: Waiting = { job, resolve, reject };
          abort = () => drop(entry, cancelled());
          signal?.addEventListener('abort', abort, { once: true });
          add(entry);
        });
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    stats: () => ({
      waiting: waiting.length,
      ...counts,
      crashes: slots.reduce((total, slot) => total + slot.crashes, 0),
    }),
    async close() {
      closed = true;
      for (const entry of [...waiting]) drop(entry, cancelled());
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

const cancelled = (): AppError => new AppError('cancelled', 'inference: cancelled');
