import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertStep, temporaryFolder, testLedger } from '../../support/ledger.js';
import { transpileRooms } from '../../support/transpile.js';

/** Commits steps for ever and prints each number once its commit has returned, making backups all the while. */
const WRITER = `
  import { writeSync } from 'node:fs';
  import { openLedger } from './src/alerts/ledger/openLedger.js';
  import { systemClock } from './src/core/clock.js';
  import { silentLogger } from './src/core/log.js';
  const [path, first, template] = process.argv.slice(2);
  const ledger = openLedger(path, { clock: systemClock, log: silentLogger, backupEveryMs: 40, reserveBytes: 0 });
  const commit = (n) => {
    const step = { ...JSON.parse(template), id: 'absence-' + n };
    ledger.observations.append({ subject: 'W01', kind: 'staff', at: n * 1000, value: n % 3 });
    const { seq } = ledger.commitStep(step, [{ sink: 'mqtt', kind: 'alert', key: 'W01', payload: String(n) }]);
    writeSync(1, seq + '\\n');
    setImmediate(commit, n + 1);
  };
  commit(Number(first));
`;

/** Runs the writer until it has printed \`count\` numbers, kills it with SIGKILL, and returns the last number it printed. */
async function killedWriter(folder: string, ledgerPath: string, first: number, count: number): Promise<number> {
  const args = [join(folder, 'writer.js'), ledgerPath, String(first), JSON.stringify(alertStep(1))];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdout.on('data', (text) => {
    printed += text;
    if (printed.split('\n').length > count) child.kill('SIGKILL');
  });
  await gone;
  return Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
}

it('has each committed step exactly once after kill -9 in the middle of commits, backups and all', async () => {
  const folder = temporaryFolder();
  transpileRooms(folder, ['core', 'alerts/ledger', 'alerts/evaluations']);
  writeFileSync(join(folder, 'writer.js'), WRITER);
  const path = join(folder, 'data', 'ledger.sqlite');
  let total = 0;
  for (const count of [3, 41, 17, 88, 5]) {
    const committed = await killedWriter(folder, path, total, count);
    expect(committed).toBeGreaterThanOrEqual(total + count);
    const ledger = testLedger(path, { backupEveryMs: 0 });
    total = ledger.lastSeq();
    // What was being written when the kill came may be there too, whole.
    expect(total - committed).toBeGreaterThanOrEqual(0);
    expect(ledger.findings.map(({ kind }) => kind).filter((kind) => kind !== 'replayed')).toEqual([]);
    await ledger.close();
  }
  const whole = (): void => {
    const ledger = testLedger(path, { backupEveryMs: 0 });
    const numbers = Array.from({ length: total }, (_, i) => i);
    expect(ledger.stepsAfter(0, 10_000).map(({ seq }) => seq)).toEqual(numbers.map((n) => n + 1));
    expect(new Set(ledger.stepsAfter(0, 10_000).map(({ step }) => step.id)).size).toBe(total);
    expect([ledger.incidents.count({}), ledger.outbox.depth('mqtt').depth]).toEqual([total, total]);
    void ledger.close();
  };
  whole();
  rmSync(path);
  whole();
}, 120_000);
