#!/usr/bin/env node
// Kills the evidence of a room at random points, again and again, and checks what is left:
//   node scripts/kill-evidence.mjs [KILLS]      (default 100; some four seconds each)
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const kills = Number(process.argv[2] ?? 100);
if (!Number.isInteger(kills) || kills < 1) {
  process.stderr.write('usage: node scripts/kill-evidence.mjs [KILLS]\n');
  process.exit(2);
}
const cwd = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync('npx', ['vitest', 'run', 'test/pipeline/evidenceCrash.test.ts'], {
  cwd,
  stdio: 'inherit',
  env: { ...process.env, HALLWATCH_KILLS: String(kills) },
});
process.exitCode = status ?? 1;
