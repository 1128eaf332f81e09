import { existsSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger as log, makeLogger } from '../../../src/core/log.js';
import { rememberSecret } from '../../../src/core/secrets.js';
import type { ToolCommand } from '../../../src/ingest/ffmpeg/ffmpegCommand.js';
import { runFfmpeg, runningFfmpegCount, startFfmpeg, stopAllFfmpeg } from '../../../src/ingest/ffmpeg/ffmpegProcess.js';
import { fakeClock } from '../../support/fakeClock.js';

/** A stand-in for ffmpeg: the supervision must hold for any program. */
const shell = (script: string, stdin?: string): ToolCommand => ({
  program: '/bin/sh' as ToolCommand['program'],
  args: ['-c', script],
  ...(stdin === undefined ? {} : { stdin }),
});

const firstLine = async (stream: NodeJS.ReadableStream): Promise<string> => {
  for await (const chunk of stream) return String(chunk).trim();
  return '';
};

const alive = (pid: number): boolean => {
  if (!existsSync(`/proc/${pid}`)) return false;
  // A zombie that its new parent has not yet collected no longer runs.
  return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
};

/** Waits by event-loop turns, not by time. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

afterEach(() => stopAllFfmpeg());

describe('startFfmpeg', () => {
  it('gives the output and the exit status', async () => {
    const child = startFfmpeg(shell('echo hello; exit 3'), { clock: systemClock, log });
    expect(await firstLine(child.stdout)).toBe('hello');
    expect(await child.exited).toMatchObject({ code: 3, stopped: false });
  });

  it('hands over standard input and closes it', async () => {
    const output = await runFfmpeg(shell('cat', 'playlist'), { clock: systemClock, log });
    expect(output.toString()).toBe('playlist');
  });

  it('ends a child by SIGTERM', async () => {
    const child = startFfmpeg(shell('echo up; sleep 100'), { clock: fakeClock(), log });
    await firstLine(child.stdout);
    expect(await child.stop()).toMatchObject({ signal: 'SIGTERM', stopped: true });
  });

  it('kills a child that ignores SIGTERM after five seconds, with its own children', async () => {
    const clock = fakeClock();
    const script = 'trap "" TERM; (trap "" TERM; sleep 100) & echo $!; while :; do sleep 100; done';
    const child = startFfmpeg(shell(script), { clock, log });
    const grandchild = Number(await firstLine(child.stdout));
    let exited = false;
    const stopped = child.stop().then((exit) => {
      exited = true;
      return exit;
    });
    await clock.advance(4999);
    expect(exited).toBe(false);
    expect(alive(grandchild)).toBe(true);
    await clock.advance(1);
    expect(await stopped).toMatchObject({ signal: 'SIGKILL', stopped: true });
    await until(() => !alive(grandchild));
    expect(clock.pending).toBe(0);
  });

  it('takes the children of a child that ends by itself along', async () => {
    const child = startFfmpeg(shell('sleep 100 >/dev/null 2>&1 & echo $!'), { clock: fakeClock(), log });
    const grandchild = Number(await firstLine(child.stdout));
    await child.exited;
    await until(() => !alive(grandchild));
  });

  it('stops when the signal fires, also before the start', async () => {
    const stop = new AbortController();
    const options = { clock: fakeClock(), log, signal: stop.signal };
    const child = startFfmpeg(shell('echo up; sleep 100'), options);
    await firstLine(child.stdout);
    stop.abort();
    expect(await child.exited).toMatchObject({ stopped: true });
    expect(await startFfmpeg(shell('sleep 100'), options).exited).toMatchObject({ stopped: true });
  });

  it('keeps the tail of standard error and drains the rest', async () => {
    const child = startFfmpeg(shell('for i in $(seq 20000); do echo line $i >&2; done'), { clock: systemClock, log });
    child.stdout.resume();
    const { stderrTail } = await child.exited;
    expect(stderrTail).toHaveLength(20);
    expect(stderrTail.at(-1)).toBe('line 20000');
  });

  it('redacts what standard error says', async () => {
    rememberSecret('Sesam-öffne-dich');
    const lines: string[] = [];
    const secrets = 'echo "rtsp://admin:hunter2@10.0.0.1/sub failed, Sesam-öffne-dich" >&2';
    const child = startFfmpeg(shell(secrets), { clock: systemClock, log, onStderr: (line) => lines.push(line) });
    child.stdout.resume();
    const { stderrTail } = await child.exited;
    for (const text of [lines.join(), stderrTail.join()]) {
      expect(text).toContain('10.0.0.1/sub failed');
      expect(text).not.toMatch(/hunter2|Sesam/);
    }
  });

  it('says what to install where the program is missing', async () => {
    const command = { program: 'no-such-ffmpeg' as ToolCommand['program'], args: [] };
    const { failure } = await startFfmpeg(command, { clock: systemClock, log }).exited;
    expect(failure).toMatchObject({ code: 'process', retryable: false });
    expect(failure?.hint).toContain('apt-get install ffmpeg');
    await expect(runFfmpeg(command, { clock: systemClock, log })).rejects.toMatchObject({ hint: failure?.hint });
  });

  it('knows what runs, and ends all of it', async () => {
    const children = [1, 2, 3].map(() => startFfmpeg(shell('echo up; sleep 100'), { clock: systemClock, log }));
    await Promise.all(children.map((child) => firstLine(child.stdout)));
    expect(runningFfmpegCount()).toBe(3);
    await stopAllFfmpeg();
    expect(runningFfmpegCount()).toBe(0);
    for (const child of children) expect(alive(child.pid!)).toBe(false);
  });
});

describe('runFfmpeg', () => {
  it('throws with the last words of a child that fails', async () => {
    const run = runFfmpeg(shell('echo boom >&2; exit 1'), { clock: systemClock, log });
    await expect(run).rejects.toMatchObject({ code: 'process', message: '/bin/sh: boom' });
  });

  it('refuses endless output', async () => {
    const run = runFfmpeg(shell('yes'), { clock: systemClock, log, maxBytes: 1000 });
    await expect(run).rejects.toMatchObject({ code: 'process' });
  });

  it('throws cancelled when the signal fires', async () => {
    const stop = new AbortController();
    const run = runFfmpeg(shell('sleep 100'), {
      clock: systemClock,
      log: makeLogger({ level: 'silent' }),
      signal: stop.signal,
    });
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });
});
