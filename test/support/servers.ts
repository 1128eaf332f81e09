import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** Resolves when `check` holds; polls, because another process is awaited. */
export async function until(what: string, check: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 20) {
    if (await check()) return;
    await pause(20);
  }
  throw new Error(`waited ${limitMs} ms in vain: ${what}`);
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A server process that a test can end and start again on the same port and folder. */
export interface TestServer {
  port: number;
  start(): Promise<void>;
  /** Ends it with the signal and waits for its exit. Nothing to do where it does not run. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** What it has printed since its last start. */
  output(): string;
}

export interface TestServerOptions {
  command: string;
  args: string[];
  port: number;
  env?: Record<string, string>;
  /** Beyond an open port: whether it really answers. */
  answers?: () => Promise<boolean>;
}

/** Describes a server process; `start` runs it. */
export function testServer({ command, args, port, env = {}, answers }: TestServerOptions): TestServer {
  let child: ChildProcess | undefined;
  let printed = '';
  return {
    port,
    output: () => printed,
    async start() {
      printed = '';
      child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout?.on('data', (text) => (printed = (printed + text).slice(-20_000)));
      child.stderr?.on('data', (text) => (printed = (printed + text).slice(-20_000)));
      child.once('error', (error) => (printed += error.message));
      await until(`${command} on ${port}: ${printed}`, () => accepts(port));
      if (answers) await until(`${command} answers`, answers);
    },
    async stop(signal = 'SIGTERM') {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await gone;
    },
  };
}
