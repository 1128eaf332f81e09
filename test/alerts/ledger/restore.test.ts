import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/alerts/ledger/openLedger.js';
import { type FakeClock, fakeClock } from '../../support/fakeClock.js';
import { alertStep, temporaryFolder, testLedger } from '../../support/ledger.js';

const HOUR = 3_600_000;
const STEPS = 90;
/** Bytes, https://sqlite.org/fileformat2.html#walformat; a transaction of ours has several frames. */
const WAL_HEADER = 32;
const WAL_FRAME = 24 + 4096;

interface Hall {
  folder: string;
  path: string;
  clock: FakeClock;
  open(): Ledger;
}

/** 90 steps with a backup after 36 and after 72 of them; the last ones are only in the journal. */
async function hall(): Promise<Hall & { ledger: Ledger }> {
  const folder = temporaryFolder();
  const path = join(folder, 'ledger.sqlite');
  const clock = fakeClock();
  const open = (): Ledger => testLedger(path, { clock });
  const ledger = open();
  for (let n = 0; n < STEPS; n++) {
    ledger.commitStep(alertStep(n), [{ sink: 'mqtt', kind: 'alert', key: 'W01', payload: `{"n":${n}}` }]);
    if (n % 36 === 35) {
      await clock.advance(HOUR);
      // The backup copies in steps on the main loop; it is done when its file has its name.
      while (!existsSync(join(folder, 'backups', `ledger-${String(n + 1).padStart(12, '0')}.sqlite`))) {
        await clock.advance(0);
      }
    }
  }
  return { folder, path, clock, open, ledger };
}

function damagePages(path: string): void {
  const file = openSync(path, 'r+');
  for (let page = 1; page < statSync(path).size / 4096; page++)
    writeSync(file, Buffer.alloc(3000, 0xa5), 0, 3000, page * 4096 + 8);
  closeSync(file);
}

const expectWhole = (ledger: Ledger): void => {
  expect(ledger.stepsAfter(0, 1000).map(({ seq, step }) => [seq, step.id])).toEqual(
    Array.from({ length: STEPS }, (_, n) => [n + 1, alertStep(n).id]),
  );
  expect(ledger.incidents.count({})).toBe(STEPS);
  expect(ledger.outbox.depth('mqtt').depth).toBe(STEPS);
  expect(ledger.commitStep(alertStep(STEPS), [])).toEqual({ outcome: 'committed', seq: STEPS + 1 });
};

describe('a ledger that is not whole at start', () => {
  it.each([
    ['pages were overwritten', ({ path }: Hall) => damagePages(path)],
    ['the header is gone', ({ path }: Hall) => writeFileSync(path, Buffer.alloc(20_000, 0xff))],
    ['the file was deleted', ({ path }: Hall) => rmSync(path)],
    ['the file was emptied', ({ path }: Hall) => truncateSync(path, 0)],
    ['the file was cut short', ({ path }: Hall) => truncateSync(path, 40_960)],
    [
      'somebody put an old backup in its place',
      ({ path, folder }: Hall) => copyFileSync(join(folder, 'backups', 'ledger-000000000036.sqlite'), path),
    ],
    [
      'the newest backup is damaged too',
      ({ path, folder }: Hall) => {
        damagePages(path);
        damagePages(join(folder, 'backups', 'ledger-000000000072.sqlite'));
      },
    ],
    [
      'all backups are gone too',
      ({ path, folder }: Hall) => {
        rmSync(path);
        rmSync(join(folder, 'backups'), { recursive: true });
      },
    ],
  ])('is whole again when %s', async (_, damage) => {
    const made = await hall();
    await made.ledger.close();
    damage(made);
    const ledger = made.open();
    expect(ledger.findings.map(({ kind }) => kind)).toContain('damaged');
    expect(ledger.findings.map(({ kind }) => kind)).toContain('replayed');
    expect(ledger.findings.map(({ kind }) => kind)).not.toContain('incomplete');
    expect(readdirSync(made.folder).some((name) => name.startsWith('ledger.sqlite.damaged-'))).toBe(true);
    expectWhole(ledger);
    await ledger.close();
    expect(made.open().findings).toEqual([]);
  });

  it('is whole again when its write-ahead log was cut', async () => {
    const made = await hall();
    const copy = temporaryFolder();
    mkdirSync(join(copy, 'journal'));
    // As a power cut leaves it: database and log as they lie, all but the log's first frame missing.
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal']) copyFileSync(join(made.folder, name), join(copy, name));
    for (const name of readdirSync(join(made.folder, 'journal'))) {
      copyFileSync(join(made.folder, 'journal', name), join(copy, 'journal', name));
    }
    truncateSync(join(copy, 'ledger.sqlite-wal'), WAL_HEADER + WAL_FRAME);
    const ledger = testLedger(join(copy, 'ledger.sqlite'));
    expect(ledger.findings.map(({ kind }) => kind)).toEqual(['replayed']);
    expectWhole(ledger);
  });

  it('says so when transactions are in no journal', async () => {
    const made = await hall();
    await made.ledger.close();
    rmSync(made.path);
    rmSync(join(made.folder, 'backups'), { recursive: true });
    rmSync(join(made.folder, 'journal', '000000000037.jsonl'));
    const ledger = made.open();
    expect(ledger.findings.at(-1)).toEqual({ kind: 'incomplete', detail: '36 transactions are in no journal' });
    expect(ledger.lastSeq()).toBe(STEPS);
  });

  it('drops journal files that no kept backup needs', async () => {
    const made = await hall();
    for (let n = STEPS; n < STEPS + 3; n++) {
      made.ledger.commitStep(alertStep(n), []);
      await made.clock.advance(HOUR);
      await made.clock.advance(0);
    }
    await made.ledger.close();
    expect(readdirSync(join(made.folder, 'backups')).length).toBeLessThanOrEqual(3);
    expect(readdirSync(join(made.folder, 'journal')).sort()[0]! > '000000000001.jsonl').toBe(true);
    rmSync(made.path);
    expect(made.open().lastSeq()).toBe(STEPS + 3);
  });

  it('refuses a ledger of a newer Hallwatch', async () => {
    const { path, ledger, open } = await hall();
    await ledger.close();
    const { default: Database } = await import('better-sqlite3');
    const raw = new Database(path);
    raw.pragma('user_version = 99');
    raw.close();
    expect(open).toThrow(/schema 99/);
  });
});
