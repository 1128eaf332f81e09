import { Worker } from 'node:worker_threads';
import { type Clock, sleep } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import {
  fromWire,
  type Job,
  type JobResult,
  type ToWorker,
  transferable,
  type WorkerMessage,
  type WorkerSetup,
} from './protocol.js';
import { workerEntry } from './workerEntry.js';

/** One place in the pool: a worker thread that is started when there is work and started again after it died. */
export interface WorkerSlot {
  /**
   * Performs a job. The worker does one after the other; a second one may be handed over meanwhile, so that it need not wait
   * for this thread between two jobs.
   * @throws AppError what the job threw; `process` (retryable) where the worker died; `timeout` where it took too long
   */
  perform(job: Job): Promise<JobResult>;
  /** Times the worker died without being asked to. */
  readonly crashes: number;
  /** Ends the thread and waits until it has. */
  close(): Promise<void>;
}

export interface WorkerSlotOptions {
  setup: WorkerSetup;
  clock: Clock;
  log: Logger;
  /** A job that takes longer, behind the one before it, ends its worker, milliseconds. The first one loads and converts a network. */
  jobTimeoutMs: number;
  /** The worker's file. Default: the compiled `worker.js`. */
  entry?: URL;
}

interface Running {
  resolve(result: JobResult): void;
  reject(error: AppError): void;
}

const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
/** A worker that does not end by itself within this is ended. Two looks take a tenth of a second, a conversion some seconds. */
const STOP_WITHIN_MS = 20_000;

/** Makes a slot; no thread is started yet. */
export function workerSlot({ setup, clock, log, jobTimeoutMs, entry }: WorkerSlotOptions): WorkerSlot {
  const closing = new AbortController();
  let worker: Worker | undefined;
  const running = new Map<number, Running>();
  let serial = 0;
  let crashes = 0;
  let crashesInARow = 0;

  const died = (dead: Worker, error: AppError): void => {
    if (worker !== dead) return;
    worker = undefined;
    crashes += 1;
    crashesInARow += 1;
    log.warn({ error: error.message, crashes }, 'inference worker died');
    for (const each of running.values()) each.reject(error);
  };
  const receive = (message: WorkerMessage): void => {
    if (message.type === 'log') {
      log[message.level](message.fields, message.message);
      return;
    }
    const asked = running.get(message.id);
    if (!asked) return;
    crashesInARow = 0;
    if (message.type === 'done') asked.resolve(message.result);
    else asked.reject(fromWire(message.error));
  };
  const start = (): Worker => {
    const started = new Worker(entry ?? workerEntry(), { workerData: setup, name: 'inference' });
    const crashed = (why: string, cause?: unknown): void =>
      died(started, new AppError('process', `inference worker: ended: ${why}`, { cause, retryable: true }));
    started.on('message', receive);
    started.on('error', (error) => crashed(messageOf(error), error));
    started.on('exit', (code) => crashed(`exit code ${code}`));
    return started;
  };
  const awaitRestart = (): Promise<void> => {
    const waitMs = crashesInARow && Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (crashesInARow - 1));
    return waitMs ? sleep(clock, waitMs, closing.signal) : Promise.resolve();
  };
  const stop = async (): Promise<void> => {
    const ending = worker;
    worker = undefined;
    if (!ending) return;
    const exited = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.postMessage('stop' satisfies ToWorker);
    const patience = clock.after(STOP_WITHIN_MS, () => void ending.terminate());
    await exited;
    patience.cancel();
  };

  return {
    get crashes() {
      return crashes;
    },
    async perform(job) {
      if (!worker) await awaitRestart();
      if (closing.signal.aborted) throw cancelled();
      worker ??= start();
      const posted = worker;
      const id = ++serial;
      const timer = clock.after(jobTimeoutMs, () => {
        died(
          posted,
          new AppError('timeout', `inference worker: no answer for ${jobTimeoutMs} ms`, { retryable: true }),
        );
        void posted.terminate();
      });
      try {
        return await new Promise<JobResult>((resolve, reject) => {
          running.set(id, { resolve, reject });
          posted.postMessage({ id, job } satisfies ToWorker, job.kind === 'run' ? transferable(job.inputs) : []);
        });
      } finally {
        timer.cancel();
        running.delete(id);
      }
    },
    async close() {
      closing.abort();
      for (const each of running.values()) each.reject(cancelled());
      await stop();
    },
  };
}

const cancelled = (): AppError => new AppError('cancelled', 'inference: the pool was closed');
