import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addSpeechCommand } from '../../src/commands/speechCommand.js';
import { sharedPath } from '../support/shared.js';

const folder = mkdtempSync(join(tmpdir(), 'speech-'));
const wordsFile = join(folder, 'words.txt');
const garbage = join(folder, 'garbage.wav');
writeFileSync(wordsFile, '甲方意思\n打高分\n');
writeFileSync(garbage, Buffer.alloc(5000, 7));

afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

/** Runs `speech scan --json` and gives its lines and exit code. */
async function scan(...files: string[]) {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command();
  addSpeechCommand(program);
  await program.parseAsync(['node', 'hallwatch', 'speech', 'scan', '--words', wordsFile, '--json', ...files]);
  const lines = printed.trim().split('\n');
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), exitCode: process.exitCode };
}

describe('speech scan', () => {
  const file = sharedPath('speech/espeak/e04-base.wav');

  it.runIf(file)('gives one line a file, and a bad file costs only its own', async () => {
    const { lines, exitCode } = await scan(garbage, file!);
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatchObject({ file: garbage, state: 'unavailable', hits: [], error: { code: 'bad-input' } });
    expect(lines[1]).toMatchObject({ file, state: 'ok', reason: 'demo-model' });
    expect(lines[1]!.hits).toEqual([
      { word: '甲方意思', tier: 'sound', start: expect.any(Number), end: expect.any(Number) },
    ]);
  });

  it('names a file that is not there', async () => {
    const missing = join(folder, 'missing.wav');
    const { lines, exitCode } = await scan(missing);
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatchObject({ state: 'unavailable', error: { message: expect.stringContaining(missing) } });
    rmSync(folder, { recursive: true });
  });
});
