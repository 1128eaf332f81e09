import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.js';
import { subjectId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';
import { alertStep, temporaryFolder, testLedger } from '../../support/ledger.js';
import { smallDisk } from '../../support/tmpfs.js';

const MEGABYTE = 1 << 20;

/** Fills the disk to the last block. */
function fill(path: string): string {
  const filler = join(path, 'filler');
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  return filler;
}

describe('a full disk', () => {
  it('still takes alerts from the reserve, then says so, and goes on by itself when there is room', async () => {
    const disk = smallDisk(12);
    if (!disk) return;
    const clock = fakeClock();
    const ledger = testLedger(join(disk.path, 'ledger.sqlite'), { clock, reserveBytes: 2 * MEGABYTE });
    ledger.commitStep(alertStep(0), []);
    const filler = fill(disk.path);
    let committed = 1;
    const failure = (): unknown => {
      try {
        for (; committed < 5000; committed++) ledger.commitStep(alertStep(committed), []);
      } catch (error) {
        return error;
      }
    };
    const error = failure();
    expect(committed).toBeGreaterThan(100);
    expect(error).toMatchObject({ code: 'disk-full', retryable: true, hint: 'free space on the disk' });
    expect(ledger.diskFull).toBe(true);
    expect(ledger.lastSeq()).toBe(committed);
    ledger.observations.append({ subject: subjectId('W01'), kind: 'staff', at: eventMs(0), value: 1 });
    await clock.advance(10_000);
    rmSync(filler);
    await clock.advance(30_000);
    expect(ledger.diskFull).toBe(false);
    expect(ledger.commitStep(alertStep(committed), [])).toEqual({ outcome: 'committed', seq: committed + 1 });
    expect(ledger.observations.runsOf(subjectId('W01'), ['staff'], eventMs(0), eventMs(1))).toHaveLength(1);
    await ledger.close();
    const again = testLedger(join(disk.path, 'ledger.sqlite'), { reserveBytes: 0 });
    expect([again.findings, again.lastSeq()]).toEqual([[], committed + 1]);
  });

  it('fails to open with a hint where there is no room at all', () => {
    const disk = smallDisk(1);
    if (!disk) return;
    fill(disk.path);
    expect(() => testLedger(join(disk.path, 'ledger.sqlite'))).toThrow(
      expect.objectContaining({ code: 'disk-full', hint: 'free space on the disk' }),
    );
  });
});

describe('a folder that cannot be written', () => {
  it.each([['new'], ['used']])('is named with a hint when it is read-only and %s', async (state) => {
    const disk = smallDisk(4);
    if (!disk) return;
    const path = join(disk.path, 'ledger.sqlite');
    if (state === 'used') await testLedger(path).close();
    disk.makeReadOnly();
    expect(() => testLedger(path)).toThrow(
      expect.objectContaining({ code: 'storage', hint: expect.stringContaining('HALLWATCH_DATA') }),
    );
  });

  it('is named when its path leads through a file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => testLedger(join(folder, 'file', 'ledger.sqlite'))).toThrow(AppError);
  });
});
