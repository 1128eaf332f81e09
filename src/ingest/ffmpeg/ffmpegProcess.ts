import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock, Timer } from '../../core/clock.js';
import { AppError, errnoOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { redact } from '../../core/secrets.js';
import type { ToolCommand } from './ffmpegCommand.js';
import type { OutputPair } from './outputPair.js';

/** How a child ended. `stopped` where we asked for it; `failure` where it could not be started at all. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  stopped: boolean;
  /** The last lines of standard error, oldest first, redacted. */
  stderrTail: string[];
  failure?: AppError;
}

export interface FfmpegChild {
  pid: number | undefined;
  /** Raw output; our end of `output` where that was given. Whoever starts the child reads it or destroys it, else the child waits for ever. */
  stdout: Readable;
  /** Open only where the command brings no `stdin` of its own. */
  stdin: Writable;
  exited: Promise<ChildExit>;
  /** SIGTERM to the group, SIGKILL after `killAfterMs`; resolves when the child is gone. Idempotent. */
  stop(): Promise<ChildExit>;
}

export interface StartOptions {
  clock: Clock;
  log: Logger;
  /** Stops the child when it fires. */
  signal?: AbortSignal;
  /** Patience between SIGTERM and SIGKILL, milliseconds. Default 5000. */
  killAfterMs?: number;
  /** Takes standard output in place of a pipe. */
  output?: OutputPair;
  /** Called with each line of standard error, redacted. */
  onStderr?: (line: string) => void;
}

/** The shape of `startFfmpeg`, for those who are given another one by a test. */
export type StartFfmpeg = (command: ToolCommand, options: StartOptions) => FfmpegChild;

const KILL_AFTER_MS = 5000;
const TAIL_LINES = 20;
const LONGEST_LINE = 500;
/** A child that never ends a line cannot fill the memory. */
const MAX_REST = 64 * 1024;

const running = new Set<FfmpegChild>();
let guarded = false;

/**
 * Starts a program in a process group of its own, so that its children end with it. Standard error is always drained:
 * a full pipe would stop the child. Never throws; a program that is missing shows in `exited`.
 */
export const startFfmpeg: StartFfmpeg = (command, options) => {
  const { output } = options;
  const child = spawn(command.program, command.args, {
    detached: true,
    stdio: ['pipe', output?.childEnd ?? 'pipe', 'pipe'],
  });
  // The child has it now: ours would keep the connection open when the child is gone.
  output?.childEnd.destroy();
  const stdout = output?.ourEnd ?? child.stdout!;
  const tail = drainStderr(child, options.onStderr);
  let stopped = false;
  let killer: Timer | undefined;

  const exited = new Promise<ChildExit>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null, failure?: AppError): void => {
      killer?.cancel();
      options.signal?.removeEventListener('abort', stop);
      running.delete(handle);
      resolve({ code, signal, stopped, stderrTail: tail.lines(), ...(failure ? { failure } : {}) });
    };
    child.once('error', (cause) => {
      if (child.pid === undefined) end(null, null, startError(command.program, cause));
    });
    child.once('exit', (code, signal) => {
      // Children of the child, if any, must not outlive it; afterwards its last words are still in the pipe.
      signalGroup(child.pid, 'SIGKILL');
      tail.ended.then(() => end(code, signal));
    });
  });

  const stop = (): Promise<ChildExit> => {
    if (!stopped && child.exitCode === null && child.signalCode === null) {
      stopped = true;
      signalGroup(child.pid, 'SIGTERM');
      killer = options.clock.after(options.killAfterMs ?? KILL_AFTER_MS, () => {
        options.log.warn({ pid: child.pid }, 'child ignores SIGTERM, killed');
        signalGroup(child.pid, 'SIGKILL');
      });
    }
    // Nobody wants the rest, and a child that writes into a full pipe does not end.
    stdout.destroy();
    return exited;
  };

  const handle: FfmpegChild = { pid: child.pid, stdout, stdin: child.stdin!, exited, stop };
  if (child.pid !== undefined) {
    running.add(handle);
    guardExit();
  }
  giveInput(child, command.stdin);
  if (options.signal?.aborted) void stop();
  else options.signal?.addEventListener('abort', stop, { once: true });
  return handle;
};

/** Ends every child that still runs and waits for them: the last step of a shutdown. */
export async function stopAllFfmpeg(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

/** Children running now; for health pages and leak tests. */
export const runningFfmpegCount = (): number => running.size;

export interface RunOptions extends StartOptions {
  /** More output than this is an error, bytes. Default 64 MiB. */
  maxBytes?: number;
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws AppError `process` when it fails (with the last line it said), `cancelled` when the signal fires
 */
export async function runFfmpeg(command: ToolCommand, options: RunOptions): Promise<Buffer> {
  const child = startFfmpeg(command, options);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of child.stdout) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > (options.maxBytes ?? 64 * 2 ** 20)) {
        throw new AppError('process', `${command.program}: more than ${options.maxBytes} bytes of output`);
      }
    }
  } catch (error) {
    const { failure } = await child.stop();
    if (!options.signal?.aborted) throw failure ?? error;
  }
  const exit = await child.exited;
  if (options.signal?.aborted) throw new AppError('cancelled', `${command.program}: stopped`);
  if (exit.failure) throw exit.failure;
  if (exit.code !== 0) {
    // The last line alone often says only that something failed; the ones before it say what.
    const cause = new Error(exit.stderrTail.join('\n'));
    throw new AppError('process', `${command.program}: ${lastWords(exit)}`, { cause });
  }
  return Buffer.concat(chunks);
}

/** Why a child ended, in one line: what it said last, else its exit. */
export function lastWords(exit: ChildExit): string {
  // A hint for those at a terminal follows the reason.
  const said = exit.stderrTail.filter((line) => !line.startsWith('To ignore this')).at(-1);
  return exit.failure?.message ?? said ?? (exit.signal ? `ended by ${exit.signal}` : `exit status ${exit.code}`);
}

function drainStderr(child: ChildProcess, onLine: ((line: string) => void) | undefined) {
  const kept: string[] = [];
  let rest = '';
  const take = (line: string): void => {
    // Redacted before it is cut: half an address is no longer recognised as one.
    const clean = redact(line).trim().slice(0, LONGEST_LINE);
    if (clean === '') return;
    kept.push(clean);
    if (kept.length > TAIL_LINES) kept.shift();
    onLine?.(clean);
  };
  const stderr = child.stderr!;
  stderr.setEncoding('utf8');
  stderr.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()!.slice(-MAX_REST);
    lines.forEach(take);
  });
  const ended = new Promise<void>((resolve) => {
    stderr.once('close', () => {
      take(rest);
      resolve();
    });
  });
  return { lines: () => [...kept], ended };
}

function giveInput(child: ChildProcess, text: string | undefined): void {
  // A child that ends early closes its input; its exit tells more than EPIPE.
  child.stdin!.on('error', () => undefined);
  if (text !== undefined) child.stdin!.end(text);
}

/** ESRCH says that the group is gone already, which is what was wanted. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH' && errnoOf(error) !== 'EPERM') throw error;
  }
}

function startError(program: string, cause: unknown): AppError {
  const missing = errnoOf(cause) === 'ENOENT';
  return new AppError('process', `${program}: cannot be started: ${errnoOf(cause) ?? 'failed'}`, {
    cause,
    ...(missing ? { hint: 'install ffmpeg 5.1 or later: apt-get install ffmpeg' } : { retryable: true }),
  });
}

/** A detached group survives this process; when it ends without a shutdown, its children are killed on the way out. */
function guardExit(): void {
  if (guarded) return;
  guarded = true;
  process.once('exit', () => {
    for (const child of running) signalGroup(child.pid, 'SIGKILL');
  });
}
