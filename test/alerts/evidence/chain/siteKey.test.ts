import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openManifests } from '../../../../src/alerts/evidence/chain/manifests.js';
import { openSiteKey } from '../../../../src/alerts/evidence/chain/siteKey.js';
import { fakeClock } from '../../../support/fakeClock.js';
import { temporaryFolder } from '../../../support/ledger.js';

describe('the site key', () => {
  it.each(['ed25519', 'sm2'] as const)('%s is made at first use, for its owner alone, and stays', (algorithm) => {
    const folder = temporaryFolder();
    const options = {
      keyFile: undefined,
      site: 's',
      dataFolder: join(folder, 'data'),
      algorithm,
      env: { XDG_DATA_HOME: folder },
    };
    const first = openSiteKey(options);
    expect(statSync(join(folder, 'hallwatch', 'keys', `s-${algorithm}.pem`)).mode & 0o777).toBe(0o600);
    expect(openSiteKey(options).fingerprint).toBe(first.fingerprint);
  });

  it.each([
    ['in the data folder', (folder: string) => join(folder, 'data', 'key.pem'), 'outside the data folder'],
    ['readable by others', (folder: string) => join(folder, 'key.pem'), 'chmod 600'],
  ])('is refused %s', (_, place, hint) => {
    const folder = temporaryFolder();
    const keyFile = place(folder);
    const open = () =>
      openSiteKey({ keyFile, site: 's', dataFolder: join(folder, 'data'), algorithm: 'ed25519', env: {} });
    if (!keyFile.includes('data')) {
      open();
      chmodSync(keyFile, 0o644);
    }
    expect(open).toThrow(expect.objectContaining({ code: 'config', hint: expect.stringContaining(hint) }));
  });
});

it('a day goes on from the head of the day before, also after a restart', async () => {
  const folder = temporaryFolder();
  const signer = openSiteKey({
    keyFile: join(folder, 'key.pem'),
    site: 's',
    dataFolder: join(folder, 'd'),
    algorithm: 'ed25519',
    env: {},
  });
  const open = () => openManifests({ folder: join(folder, 'd'), digest: 'sha256', signer, clock: fakeClock() });
  const first = await open().append('cam-1/2026-10-08', { type: 'file', path: 'a' });
  const second = await open().append('cam-1/2026-10-08', { type: 'file', path: 'b' });
  const next = await open().append('cam-1/2026-10-09', { type: 'file', path: 'c' });
  expect([first.seq, second.seq, next.seq]).toEqual([1, 2, 1]);
  expect([second.previous, next.previous]).toEqual([first.hash, second.hash]);
});
