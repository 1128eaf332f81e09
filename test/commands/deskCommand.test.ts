import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { addDeskCommand } from '../../src/commands/deskCommand.js';
import { sharedPath } from '../support/shared.js';

const folder = mkdtempSync(join(tmpdir(), 'desk-'));
const standard = mkdtempSync(join(tmpdir(), 'desk-standard-'));
const plain = join(folder, 'plain.png');
const garbage = join(folder, 'garbage.jpg');

beforeAll(async () => {
  await sharp({ create: { width: 320, height: 180, channels: 3, background: '#c8c0b0' } })
    .png()
    .toFile(plain);
  writeFileSync(garbage, 'no picture');
});
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});
afterAll(() => {
  for (const path of [folder, standard]) rmSync(path, { recursive: true, force: true });
});

/** Runs `desk check --json` and gives its lines and exit code. */
async function check(images: string[], { zone = '[]', dir = standard } = {}) {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command();
  addDeskCommand(program);
  await program.parseAsync([
    'node',
    'hallwatch',
    'desk',
    'check',
    '--standard',
    dir,
    '--zone',
    zone,
    '--json',
    ...images,
  ]);
  const lines = printed.trim().split('\n');
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), exitCode: process.exitCode };
}

describe('desk check', () => {
  it('gives one line a picture; one that cannot be read costs only its own', async () => {
    const { lines, exitCode } = await check([garbage, plain]);
    expect(lines).toMatchObject([
      { file: garbage, error: { code: 'bad-input' } },
      { file: plain, verdict: 'tidy', reasons: [], references: 'none' },
    ]);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['[[0,0', 'in JSON'],
    ['[[0,0],[1,1],[1,0],[0,1]]', 'the edges of the zone cross'],
    ['[0,0,2,2]', 'outside the picture'],
  ])('refuses the zone %s', async (zone, why) => {
    await expect(check([plain], { zone })).rejects.toThrow(why);
  });

  it('refuses a standard that is no folder', async () => {
    await expect(check([plain], { dir: join(folder, 'none') })).rejects.toMatchObject({ code: 'usage' });
  });

  const cluttered = sharedPath('footage/desk/unsplash_QQkQcaz7qmY.jpg');
  it.runIf(cluttered)('calls a cluttered desk disorder, with boxes', async () => {
    const { lines, exitCode } = await check([cluttered!], { zone: '[0,0,1,1]' });
    expect(lines).toMatchObject([{ verdict: 'disorder' }]);
    expect((lines[0]!.reasons as { box: unknown }[]).filter(({ box }) => Array.isArray(box)).length).toBeGreaterThan(2);
    expect(exitCode).toBe(1);
  });
});
