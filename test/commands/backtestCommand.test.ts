import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/alerts/ledger/openLedger.js';
import { subjectId } from '../../src/core/ids.js';
import { makeLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { temporaryFolder } from '../support/clips.js';
import { fakeClock } from '../support/fakeClock.js';

const program = fileURLToPath(new URL('../../bin/hallwatch.js', import.meta.url));
const folder = temporaryFolder();
const data = join(folder, 'data');
const START = Date.UTC(2026, 9, 8, 1);

const hallwatch = (args: string[]): Promise<{ code: unknown; out: string; err: string }> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, HALLWATCH_DATA: data } };
    execFile(process.execPath, [program, ...args], options, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    );
  });

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const hall = write(
  'hall.yaml',
  `site: { id: t, name: t }
cameras:
  - { id: cam, source: "file:x" }
windows:
  - { id: A01, name: A01 综合, camera: cam, staffZone: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]] }
`,
);

/** Twelve minutes away between two spells at the desk. */
async function storeTwelveMinutesAway(): Promise<void> {
  mkdirSync(data, { recursive: true });
  const options = { clock: fakeClock(START), log: makeLogger({ level: 'silent' }), backupEveryMs: 0 };
  const ledger = openLedger(join(data, 'ledger.sqlite'), options);
  for (let second = 0; second < 1200; second += 2) {
    const value = second < 120 || second >= 840 ? 1 : 0;
    ledger.observations.append({
      ...{ subject: subjectId('A01'), kind: 'staff', value },
      at: eventMs(START + second * 1000),
    });
  }
  await ledger.close();
}

const span = ['--from', '2026-10-08T01:00:00Z', '--to', '2026-10-08T02:00:00Z', '--config', hall];

describe('backtest', () => {
  it('says that there is no ledger yet', async () => {
    const change = write('ten.yaml', 'rules: { absence: { absentAfter: 10m } }');
    const outcome = await hallwatch(['backtest', '--rule', change, ...span]);
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.err).toContain('no such file');
  });

  it('names the incidents that a shorter limit would have raised', async () => {
    await storeTwelveMinutesAway();
    const change = write('ten.yaml', 'rules: { absence: { absentAfter: 10m } }');
    const { code, out } = await hallwatch(['backtest', '--rule', change, ...span, '--json']);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      {
        ...{ type: 'incident', change: 'added', subject: 'A01', rule: 'absence' },
        start: '2026-10-08T01:02:00.000Z',
        end: '2026-10-08T01:14:00.000Z',
      },
      expect.objectContaining({ type: 'summary', before: 0, after: 1, added: 1, removed: 0 }),
    ]);
  });

  it.each([
    ['an unknown key', 'rules: { absence: { absentafter: 10m } }', 'rules.absence.absentafter: unknown key'],
    ['a value that is no duration', 'rules: { absence: { absentAfter: soon } }', 'rules.absence.absentAfter'],
  ])('refuses %s with line and path', async (_what, text, said) => {
    const outcome = await hallwatch(['backtest', '--rule', write('bad.yaml', text), ...span]);
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.err).toContain('bad.yaml:1:');
    expect(outcome.err).toContain(said);
  });
});
