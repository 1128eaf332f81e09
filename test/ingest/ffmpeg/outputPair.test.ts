import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../src/core/clock.js';
import { silentLogger as log } from '../../../src/core/log.js';
import type { ToolCommand } from '../../../src/ingest/ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from '../../../src/ingest/ffmpeg/ffmpegProcess.js';
import { outputPair } from '../../../src/ingest/ffmpeg/outputPair.js';
import { temporaryFolder } from '../../support/clips.js';

afterEach(() => void vi.unstubAllEnvs());

/** Memory of 1000 bytes that is filled and emptied, as a reader of pictures does. */
function reader() {
  const memory = new Uint8Array(new SharedArrayBuffer(1000));
  const seen: Buffer[] = [];
  let filled = 0;
  return {
    space: () => memory.subarray(filled),
    wrote(bytes: number) {
      filled += bytes;
      if (filled < memory.length) return;
      seen.push(Buffer.from(memory));
      filled = 0;
    },
    text: () => Buffer.concat([...seen, Buffer.from(memory.subarray(0, filled))]).toString('latin1'),
  };
}

const run = async (into: ReturnType<typeof reader>, script: string) => {
  const output = await outputPair(into);
  const child = startFfmpeg({ program: 'sh' as ToolCommand['program'], args: ['-c', script] }, { clock, log, output });
  const closed = new Promise((resolve) => child.stdout.once('close', resolve));
  return { child, closed };
};

describe('outputPair', () => {
  it('brings all a child writes into the memory of its reader, and closes with the child', async () => {
    const into = reader();
    const { child, closed } = await run(
      into,
      'for i in 1 2 3 4 5 6 7 8 9; do head -c 100000 /dev/zero | tr "\\0" $i; done; echo end',
    );
    await closed;
    expect((await child.exited).code).toBe(0);
    const expected = [...'123456789'].map((digit) => digit.repeat(100_000)).join('');
    expect(into.text() === `${expected}end\n`).toBe(true);
  });

  it('leaves no name behind', async () => {
    const names = temporaryFolder();
    vi.stubEnv('TMPDIR', names);
    const { closed } = await run(reader(), 'true');
    await closed;
    expect(readdirSync(names)).toEqual([]);
  });

  it('ends a child that nobody reads any more', async () => {
    const { child, closed } = await run(reader(), 'while :; do echo y; done');
    const exit = await child.stop();
    await closed;
    expect(exit.stopped).toBe(true);
  });

  it('closes where the program is missing', async () => {
    const output = await outputPair(reader());
    const child = startFfmpeg(
      { program: 'no-such-program' as ToolCommand['program'], args: [] },
      { clock, log, output },
    );
    const closed = new Promise((resolve) => child.stdout.once('close', resolve));
    expect((await child.exited).failure?.message).toContain('no-such-program');
    await closed;
  });

  it('fails where the name would be too long for a socket', async () => {
    const long = join(temporaryFolder(), 'a'.repeat(100));
    mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    await expect(outputPair(reader())).rejects.toThrow();
    expect(readdirSync(long)).toEqual([]);
  });
});
