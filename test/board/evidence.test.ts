import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipFolder } from '../../src/alerts/evidence/package/zipFolder.js';
import type { PackageJob, ProofPort } from '../../src/board/evidencePort.js';
import { sha256 } from '../../src/core/hash.js';
import { cameraId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { temporaryFolder } from '../support/ledger.js';
import { startBoard } from './support/boardHarness.js';

/** A port whose packages are ready at once. */
function proof(): ProofPort {
  const jobs: PackageJob[] = [];
  return {
    status: () => ({
      recorders: [{ camera: 'cam-1', recording: true, stream: 'sub', fallback: 'main-unreachable', mode: 'ring' }],
      notRecorded: [],
      disk: { freeBytes: 5, totalBytes: 10, hoursLeft: undefined, state: 'ok' },
      keepMs: { ring: 1, hall: 2, evidence: 3, session: 4 },
      ...{ key: { algorithm: 'ed25519', fingerprint: 'f' }, blurExports: true, clipsWaiting: 0 },
    }),
    packages: {
      ask({ kind, target, by }) {
        const made = { state: 'ready' as const, askedAt: 1, until: 2, files: 1, bytes: 3, remarks: [], problem: '' };
        const job = { id: `p${jobs.length}`, kind, target, by, ...made };
        jobs.push(job);
        return job;
      },
      list: (by) => jobs.filter((job) => job.by === by),
      open(id, by) {
        if (!jobs.some((job) => job.id === id && job.by === by)) return undefined;
        return {
          name: `${id}.zip`,
          bytes: (async function* () {
            yield Buffer.from('zip');
          })(),
        };
      },
      remove: () => false,
    },
  };
}

describe('packages', () => {
  it('need a reason, stand in the viewing register, and go to who asked for them alone', async () => {
    const { signIn, raise, ledger } = await startBoard({ proof: proof() });
    const supervisor = await signIn('hall-supervisor', 'wang');
    const other = await signIn('hall-supervisor', 'li');
    const id = raise({ subject: 'A01' });
    expect((await supervisor.post(`/api/incidents/${id}/package`, { reason: ' ' })).status).toBe(400);
    const made = await supervisor.post(`/api/incidents/${id}/package`, { reason: '申诉' });
    expect(made.body).toMatchObject({ id: 'p0', kind: 'incident', target: id, state: 'ready' });
    expect(ledger.viewings.list({ limit: 1 })).toMatchObject([
      { object: `package:incidents/${id}`, reason: '申诉', user: supervisor.id },
    ]);
    expect((await supervisor.get('/api/evidence/packages')).body.total).toBe(1);
    expect((await other.get('/api/evidence/packages')).body.total).toBe(0);
    expect((await supervisor.get('/api/evidence/packages/p0/file')).status).toBe(200);
    expect((await other.get('/api/evidence/packages/p0/file')).status).toBe(404);
  });

  it('of rooms and evaluations are for those who may see them', async () => {
    const { signIn, raise } = await startBoard({ proof: proof() });
    const supervisor = await signIn('hall-supervisor');
    const bid = await signIn('bid-supervisor');
    const id = raise({ subject: 'R1', rule: 'sealedRoom' });
    expect((await supervisor.post(`/api/incidents/${id}/package`, { reason: 'r' })).status).toBe(403);
    expect((await bid.post(`/api/incidents/${id}/package`, { reason: 'r' })).status).toBe(200);
    expect((await supervisor.post('/api/evaluations/e1/package', { reason: 'r' })).status).toBe(403);
    expect((await bid.post('/api/evaluations/e1/package', { reason: 'r' })).status).toBe(404);
  });

  it('are told unavailable where nothing is recorded', async () => {
    const { signIn, raise } = await startBoard();
    const supervisor = await signIn('hall-supervisor');
    expect((await supervisor.get('/api/evidence/status')).body).toEqual({
      state: 'unavailable',
      reason: 'no-recording',
    });
    const id = raise({ subject: 'A01' });
    expect((await supervisor.post(`/api/incidents/${id}/package`, { reason: 'r' })).status).toBe(503);
  });
});

it('a hold is placed by one and lifted by nobody else', async () => {
  const { signIn, raise } = await startBoard({ proof: proof() });
  const wang = await signIn('hall-supervisor', 'wang');
  const li = await signIn('manager', 'li');
  const id = raise({ subject: 'A01' });
  const placed = await wang.post('/api/evidence/holds', { kind: 'incident', target: id, reason: '投诉' });
  expect(placed.body).toMatchObject({ kind: 'incident', target: id, mayRelease: true, by: { name: 'wang' } });
  expect((await li.get('/api/evidence/holds')).body.items).toMatchObject([{ target: id, mayRelease: false }]);
  const release = `/api/evidence/holds/${placed.body.id}/release`;
  expect((await li.post(release, { note: '不需要' })).status).toBe(403);
  expect((await wang.post(release, { note: '结案' })).body).toMatchObject({ releaseNote: '结案', mayRelease: false });
  expect((await wang.post(release, { note: '再次' })).status).toBe(409);
  const room = raise({ subject: 'R1', rule: 'sealedRoom' });
  expect((await wang.post('/api/evidence/holds', { kind: 'incident', target: room, reason: 'r' })).status).toBe(404);
  expect((await wang.post('/api/evidence/holds', { kind: 'camera', target: 'cam-1', reason: 'r' })).status).toBe(400);
});

it('a clip is given in ranges, as a player asks for it', async () => {
  const bytes = Buffer.from('0123456789');
  const { signIn, raise, ledger } = await startBoard({ evidence: { read: () => bytes } });
  const supervisor = await signIn('hall-supervisor');
  const id = raise({ subject: 'A01' });
  const file = {
    incident: id,
    ordinal: 1,
    at: eventMs(0),
    camera: cameraId('cam-1'),
    sha256: sha256(bytes),
    bytes: 10,
  };
  ledger.snapshots.add({ ...file, kind: 'clip', path: `2026-10-08/${id}/1/clip.mp4` });
  ledger.snapshots.add({ ...file, kind: 'clip-facts', path: `2026-10-08/${id}/1/clip.json` });
  ledger.clips.plan({ incident: id, ordinal: 1, camera: cameraId('cam-1'), from: eventMs(0), to: eventMs(1) });
  ledger.clips.settle(id, 1, { state: 'incomplete', note: 'begins-late, offline' });
  const { media } = (await supervisor.get(`/api/incidents/${id}`)).body;
  expect(media.items).toMatchObject([{ kind: 'clip', name: '1-clip.mp4', mime: 'video/mp4' }]);
  const path = `/api/incidents/${id}/media/1-clip.mp4`;
  const part = await supervisor.get(path, { range: 'bytes=2-4' });
  expect([part.status, part.body, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
  expect((await supervisor.get(path)).body).toBe('0123456789');
  expect((await supervisor.get(path, { range: 'bytes=20-' })).status).toBe(416);
  expect(media.clips).toEqual([{ ordinal: 1, state: 'incomplete', note: 'begins-late, offline' }]);
});

it('a ZIP of a package is what other programs read', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'in', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'in', 'a.txt'), 'first');
  writeFileSync(join(folder, 'in', 'deep', '录像.mp4'), Buffer.alloc(100_000, 7));
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipFolder(join(folder, 'in'), 'root')) chunks.push(chunk);
  const path = join(folder, 'out.zip');
  writeFileSync(path, Buffer.concat(chunks));
  const read = `import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), *sorted(z.namelist()), len(z.read('root/deep/录像.mp4')))`;
  expect(
    execFileSync('python3', ['-c', read, path], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    }).trim(),
  ).toBe('None root/a.txt root/deep/录像.mp4 100000');
});
