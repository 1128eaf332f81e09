import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { wallMs } from '../../src/core/time.js';
import { hashedFiles } from '../../src/pipeline/hashedFiles.js';
import { keepFor } from '../../src/pipeline/keepFor.js';
import { fakeClock } from '../support/fakeClock.js';
import { temporaryFolder } from '../support/ledger.js';

const BYTES = Buffer.from('picture');

describe('pictures with their hashes', () => {
  it('come back as they were kept, readable by the service alone', () => {
    const folder = join(temporaryFolder(), 'patrol');
    const files = hashedFiles(folder);
    const { path, sha256 } = files.save('p1/a', BYTES);
    expect(Buffer.from(files.read(path, sha256))).toEqual(BYTES);
    expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600);
  });

  it('say so where they were changed, are gone, or would lie elsewhere', () => {
    const folder = temporaryFolder();
    const files = hashedFiles(folder);
    const { path, sha256 } = files.save('p1', BYTES);
    writeFileSync(join(folder, path), 'other');
    expect(() => files.read(path, sha256)).toThrow(expect.objectContaining({ code: 'storage' }));
    expect(() => files.read('p1/none.jpg', sha256)).toThrow(expect.objectContaining({ code: 'not-found' }));
    for (const bad of ['../x', 'a/../../x', '/etc/passwd', 'a//b']) {
      expect(() => files.read(bad, sha256)).toThrow(expect.objectContaining({ code: 'bad-input' }));
      expect(() => files.save(bad, BYTES)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
  });

  it('go when they are old, and their folders with them', async () => {
    const folder = join(temporaryFolder(), 'patrol');
    const files = hashedFiles(folder);
    expect(files.removeBefore(wallMs(9e15))).toBe(0);
    const clock = fakeClock();
    const old = files.save('p1/old', BYTES);
    const fresh = files.save('p1/new', BYTES);
    const seconds = clock.now() / 1000;
    utimesSync(join(folder, old.path), seconds - 100, seconds - 100);
    utimesSync(join(folder, fresh.path), seconds + 20_000, seconds + 20_000);
    onTestFinished(keepFor(files, 50_000, { clock, log: silentLogger, what: 'patrol' }));
    expect([existsSync(join(folder, 'p1/old')), existsSync(join(folder, fresh.path))]).toEqual([false, true]);
    await clock.advance(12 * 3_600_000);
    expect(existsSync(join(folder, 'p1'))).toBe(false);
  });
});
