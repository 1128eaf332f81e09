import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openManifests } from '../../../../src/alerts/evidence/chain/manifests.js';
import { openSiteKey } from '../../../../src/alerts/evidence/chain/siteKey.js';
import { enforceRetention } from '../../../../src/alerts/evidence/retention/enforce.js';
import { AppError } from '../../../../src/core/errors.js';
import { silentLogger } from '../../../../src/core/log.js';
import { fakeClock } from '../../../support/fakeClock.js';
import { temporaryFolder, testLedger } from '../../../support/ledger.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-10-08T00:00:00Z');

it('leaves a signed tombstone of what it deletes, and touches nothing that is locked', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const put = (path: string): void => {
    mkdirSync(join(data, path, '..'), { recursive: true });
    writeFileSync(join(data, path), Buffer.alloc(1000));
  };
  const old = 'recordings/hall/cam-1/2026-08-01';
  const held = 'recordings/hall/cam-2/2026-08-01';
  for (const path of [`${old}/1-2-main.mp4`, `${held}/1-2-main.mp4`, 'evidence/2025-09-01/absence-1/1/plain.jpg'])
    put(path);
  const signer = openSiteKey({
    keyFile: join(folder, 'key.pem'),
    site: 's',
    dataFolder: data,
    algorithm: 'ed25519',
    env: {},
  });
  const manifests = openManifests({ folder: join(data, 'manifests'), digest: 'sha256', signer, clock: fakeClock(NOW) });
  const from = Date.parse('2026-08-01T08:00:00Z');
  const done = await enforceRetention({
    ...{ data, manifests, now: NOW, log: silentLogger, disk: { freeBytes: 90, totalBytes: 100 } },
    policy: {
      keepMs: { ring: 600_000, hall: 30 * DAY, evidence: 365 * DAY, session: 5479 * DAY },
      ...{ shed: ['ring', 'hall'], shedBelow: 0.05, shedUntil: 0.08 },
    },
    held: { cameras: [{ camera: 'cam-2', from, to: from + 1000 }], incidents: new Set() },
  });
  expect(done.deleted.map(({ id, why }) => [id, why])).toEqual([
    ['evidence/2025-09-01/absence-1', 'expired'],
    [old, 'expired'],
  ]);
  expect([existsSync(join(data, old)), existsSync(join(data, held))]).toEqual([false, true]);
  expect(manifests.read('cam-1/2026-08-01')).toMatchObject([
    { type: 'deleted', path: old, class: 'hall', bytes: 1000, seq: 1 },
  ]);
  expect(manifests.read('evidence/2025-09-01')).toMatchObject([
    { type: 'deleted', path: 'evidence/2025-09-01/absence-1' },
  ]);
});

it('a hold is lifted by its holder alone', () => {
  const { holds } = testLedger();
  const hold = holds.place({ target: { kind: 'incident', id: 'i1' }, reason: '复议', by: 'u1' });
  expect(() => holds.release(hold.id, 'u2', '')).toThrow(expect.objectContaining({ code: 'forbidden' }) as AppError);
  expect(holds.active()).toHaveLength(1);
  expect(holds.release(hold.id, 'u1', '结案')).toMatchObject({ releaseNote: '结案' });
  expect(() => holds.release(hold.id, 'u1', '')).toThrow(expect.objectContaining({ code: 'conflict' }) as AppError);
  expect([holds.active(), holds.list(10)]).toMatchObject([[], [{ id: hold.id, by: 'u1' }]]);
  expect(() => holds.place({ target: { kind: 'incident', id: 'i1' }, reason: ' ', by: 'u1' })).toThrow(AppError);
});
