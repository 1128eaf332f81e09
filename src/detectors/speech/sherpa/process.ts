import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '../../../core/clock.js';
import { AppError } from '../../../core/errors.js';
import type { Logger } from '../../../core/log.js';
import type { FromSherpa, ToSherpa } from './protocol.js';

/** One process that listens, started again whenever it ends. */
export interface SherpaProcess {
  /** Whether its networks are loaded and it takes sound. */
  readonly ready: boolean;
  /** Why it is not ready: a stable code. */
  readonly reason: string;
  readonly pid: number | undefined;
  /** Sends where it is ready. Returns whether it was sent. */
  send(message: ToSherpa): boolean;
  close(): Promise<void>;
}

export interface SherpaProcessOptions {
  clock: Clock;
  log: Logger;
  /** What to load, asked anew at each start: files are compared with their hashes each time. @throws where it must not be loaded */
  prepare(): Promise<Extract<ToSherpa, { type: 'load' }>>;
  onMessage(message: FromSherpa): void;
  /** It takes sound now: rooms have to be opened again. */
  onReady(): void;
  /** It ended or fell silent. */
  onLost(reason: string): void;
  /** The compiled child. Default: beside this file. */
  entry?: string;
}

const LADDER_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
/** A process that worked this long was a good one: the ladder begins anew. */
const GOOD_AFTER_MS = 60_000;
/** Loading the large network takes seconds; longer than this it hangs. */
const LOAD_LIMIT_MS = 60_000;
/** With sound to listen to it answers each chunk; silent for this long it hangs. */
const SILENT_LIMIT_MS = 10_000;
const KILL_AFTER_MS = 3000;

/** Starts and keeps the process. Nothing that happens in it can end this one. */
export function sherpaProcess(options: SherpaProcessOptions): SherpaProcess {
  const { clock, log } = options;
  let child: ChildProcess | undefined;
  let ready = false;
  let reason = 'engine-starting';
  let closing = false;
  let attempt = 0;
  let readyAtMs = 0;
  let heardAtMs = 0;
  let owes = 0;
  let timer: Timer | undefined;
  let stopped: Promise<void> = Promise.resolve();

  const lost = (why: string): void => {
    const was = ready;
    ready = false;
    reason = why;
    owes = 0;
    child = undefined;
    if (closing) return;
    if (was && clock.monotonicMs() - readyAtMs > GOOD_AFTER_MS) attempt = 0;
    const waitMs = LADDER_MS[Math.min(attempt, LADDER_MS.length - 1)]!;
    attempt += 1;
    log.warn({ reason: why, waitMs, attempt }, 'speech process lost, it is started again');
    options.onLost(why);
    timer = clock.after(waitMs, () => void start());
  };

  const receive = (from: ChildProcess, message: FromSherpa): void => {
    if (child !== from) return;
    heardAtMs = clock.monotonicMs();
    if (message.type === 'loaded') {
      ready = true;
      readyAtMs = heardAtMs;
      options.onReady();
    } else if (message.type === 'failed') reason = 'engine-failed';
    else {
      if (message.type === 'heard') owes = Math.max(0, owes - 1);
      options.onMessage(message);
    }
  };

  const start = async (): Promise<void> => {
    if (closing) return;
    let load: Extract<ToSherpa, { type: 'load' }>;
    try {
      load = await options.prepare();
    } catch (error) {
      log.error({ error: String(error) }, 'speech networks are not loaded');
      lost('model-damaged');
      return;
    }
    if (closing) return;
    const started = fork(options.entry ?? compiledEntry('child', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    heardAtMs = clock.monotonicMs();
    // Drained, its tail kept: a full pipe would stop the child, and its last words say why it ended.
    let tail = '';
    started.stderr?.on('data', (data: Buffer) => {
      tail = (tail + data.toString('utf8')).slice(-500);
    });
    started.on('message', (message: FromSherpa) => receive(started, message));
    started.on('error', (error) => log.warn({ error: error.message }, 'speech process'));
    stopped = new Promise((resolve) => {
      started.once('exit', (code, signal) => {
        resolve();
        if (child !== started || closing) return;
        log.warn({ code, signal, tail: tail.trim().split('\n').at(-1) }, 'speech process ended');
        lost(reason === 'engine-failed' ? reason : 'engine-crashed');
      });
    });
    started.send(load);
  };

  const watch = (): void => {
    if (!child) return;
    const silentMs = clock.monotonicMs() - heardAtMs;
    const hangs = ready ? owes > 0 && silentMs > SILENT_LIMIT_MS : silentMs > LOAD_LIMIT_MS;
    if (!hangs) return;
    const silent = child;
    lost('engine-silent');
    silent.kill('SIGKILL');
  };

  const watcher = clock.every(1000, watch);
  void start();
  return {
    get ready() {
      return ready;
    },
    get reason() {
      return ready ? '' : reason;
    },
    get pid() {
      return child?.pid;
    },
    send(message) {
      if (!ready || !child?.connected) return false;
      if (message.type === 'sound') {
        if (owes === 0) heardAtMs = clock.monotonicMs();
        owes += 1;
      }
      child.send(message);
      return true;
    },
    async close() {
      closing = true;
      timer?.cancel();
      watcher.cancel();
      const last = child;
      if (!last || last.exitCode !== null) return;
      if (last.connected) last.disconnect();
      const killer = clock.after(KILL_AFTER_MS, () => last.kill('SIGKILL'));
      await stopped;
      killer.cancel();
    },
  };
}

/**
 * The compiled child: a process cannot run TypeScript on Node 20, so code that itself runs from `src/` uses that of `dist/`.
 * @param from address of the caller's module, in this folder
 * @throws AppError `internal` where it has not been built
 */
export function compiledEntry(name: string, from: string): string {
  const place = from.endsWith('.ts') ? `../../../../dist/detectors/speech/sherpa/${name}.js` : `./${name}.js`;
  const path = fileURLToPath(new URL(place, from));
  if (existsSync(path)) return path;
  throw new AppError('internal', `speech process: ${path}: not built`, { hint: 'run npm run build' });
}
