#!/usr/bin/env node
// `npm test`: makes the machine ready, runs the tests and closes with one line that says how it went. Arguments go to
// vitest: `npm test -- test/core`, `npm test -- --coverage`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './build.mjs';
import { prepareMachine } from './prepare-machine.mjs';

/** Counts of a run; a file that could not even be loaded counts as one failure. */
function countsOf(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** Runs vitest; SIGINT and SIGTERM reach it too. @returns {Promise<number>} its exit code */
function vitest(report) {
  const given = process.argv.slice(2);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const entry = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [entry, 'run', ...reporters, ...given], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

if (!prepareMachine({ tests: true })) process.exit(2);
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
const report = join(folder, 'report.json');
const code = await vitest(report);
const counts = existsSync(report) ? countsOf(report) : undefined;
rmSync(folder, { recursive: true, force: true });
console.log(
  counts
    ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
    : '0 passed, 0 failed, 0 skipped (vitest did not finish)',
);
process.exitCode = code === 0 && counts === undefined ? 1 : code;
