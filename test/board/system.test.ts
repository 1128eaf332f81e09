import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKFLOW_ACTIONS } from '../../src/alerts/workflow/workflow.js';
import { loopRoutes } from '../../src/board/api/contract/loop.js';
import { openApiDocument, openApiText } from '../../src/board/api/openapi.js';
import { eventMs } from '../../src/core/time.js';
import { PASSWORD, startBoard } from './support/boardHarness.js';

/** A path as it is, without the clean-up that `fetch` does. */
function rawGet(url: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, agent: false, headers: { accept: 'text/html' } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the front end', () => {
  async function withPages() {
    const folder = mkdtempSync(join(tmpdir(), 'hallwatch-web-'));
    mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'dist', 'index.html'), '<h1>page</h1>');
    writeFileSync(join(folder, 'dist', 'assets', 'app-1a2b.js'), 'run()');
    return startBoard({ webFolder: join(folder, 'dist') });
  }

  it('is served with its own routes, hashed files for ever, the page anew', async () => {
    const { board } = await withPages();
    const page = await fetch(`${board.url}/incidents/absence-1`, { headers: { accept: 'text/html' } });
    expect([await page.text(), page.headers.get('cache-control')]).toEqual(['<h1>page</h1>', 'no-cache']);
    const asset = await fetch(`${board.url}/assets/app-1a2b.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${board.url}/assets/gone.js`, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await fetch(`${board.url}/api/nothing`)).status).toBe(401);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/%00',
  ])('gives nothing outside its folder: %s', async (path) => {
    const { board } = await withPages();
    expect((await rawGet(board.url, path)).body).not.toContain('secret');
  });
});

describe('the system', () => {
  it('answers probes to anybody, and metrics on loopback only', async () => {
    const { board, raise } = await startBoard({ metricsPort: 0, system: { sinks: ['mqtt'] } });
    raise({ subject: 'A01' });
    expect((await fetch(`${board.url}/livez`)).status).toBe(200);
    expect((await fetch(`${board.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${board.url}/metrics`)).status).toBe(404);
    const text = await (await fetch(board.metricsUrl!)).text();
    expect(text).toMatch(/^hallwatch_ledger_seq 1$/m);
    expect(text).toMatch(/^hallwatch_outbox_depth\{sink="mqtt"\} 0$/m);
    expect(text).toMatch(/^hallwatch_board_requests_total\{status="2xx"\} \d+$/m);
  });

  it('is not ready without its ledger', async () => {
    const { board, ledger } = await startBoard();
    const lastSeq = ledger.lastSeq;
    ledger.lastSeq = () => {
      throw new Error('disk gone');
    };
    const { status, body } = await rawGet(board.url, '/readyz');
    ledger.lastSeq = lastSeq;
    expect([status, body]).toEqual([503, 'not ready\n']);
  });

  it('shows queue depth, disk and ledger, and honest gaps', async () => {
    const { signIn, ledger } = await startBoard({ system: { sinks: ['mqtt'] } });
    ledger.outbox.enqueue([{ sink: 'mqtt', kind: 'alert', key: 'k', payload: '{}' }]);
    const admin = await signIn('admin', 'root2');
    expect((await admin.get('/api/system/status')).body).toMatchObject({
      sinks: [{ name: 'mqtt', depth: 1, quarantined: 0, state: 'ok' }],
      disk: { state: 'ready' },
      events: { clients: 0 },
    });
    expect((await admin.get('/api/system/models')).body).toEqual({ state: 'unavailable', reason: 'no-models' });
    const bid = await signIn('bid-supervisor');
    expect((await bid.get('/api/rooms/R1')).body).toMatchObject({
      room: { name: '第一评标室', speech: 'off' },
      roster: { state: 'unavailable', reason: 'no-roster' },
    });
  });

  it('writes each act and each refusal into a chained log, without secrets', async () => {
    const { signIn, ledger } = await startBoard();
    const user = await signIn('manager', 'chen');
    await user.put('/api/floorplan', { areas: [] });
    await user.put('/api/session/language', { language: 'en' });
    const auditor = await signIn('auditor');
    const { items } = (await auditor.get(`/api/system/audit?user=${user.id}`)).body;
    expect(items.map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`)).toEqual([
      'setLanguage done',
      'putFloorplan refused',
      'changePassword done',
      'signIn done',
    ]);
    expect(items[0]).toMatchObject({ who: { name: 'chen' }, unit: '一科', address: '127.0.0.1' });
    expect(JSON.stringify(ledger.audit.list({ limit: 99 }))).not.toContain(PASSWORD);
    expect((await auditor.post('/api/system/audit/verify')).body).toMatchObject({ chain: 'ok', brokenAt: null });
    const page = (await auditor.get('/api/system/audit?limit=2')).body;
    expect(page.items.map(({ seq }: { seq: number }) => seq)).toEqual([page.next + 1, page.next]);
  });

  it('keeps one administrator, and gives new one-time passwords', async () => {
    const { signIn, board, anonymous } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const { items } = (await admin.get('/api/system/users')).body;
    const first = items.find(({ name }: { name: string }) => name === 'admin');
    expect((await admin.patch(`/api/system/users/${first.id}`, { role: 'manager' })).status).toBe(200);
    expect((await admin.patch(`/api/system/users/${admin.id}`, { disabled: true })).body.error.code).toBe(
      'not-allowed-now',
    );
    const reset = (await admin.post(`/api/system/users/${first.id}/reset`)).body;
    expect((await anonymous.signIn('admin', board.firstPassword!.password)).status).toBe(401);
    expect((await anonymous.signIn('admin', reset.oneTimePassword)).body.user.role).toBe('manager');
    expect((await admin.post('/api/system/users', { name: 'root2', displayName: 'x', role: 'staff' })).status).toBe(
      409,
    );
  });

  it('lets an administrator alone accept a new view of a camera, with a note in the audit log', async () => {
    const accepted: string[] = [];
    const acceptView = (camera: string): boolean => camera === 'cam-1' && accepted.push(camera) > 0;
    const { signIn, ledger } = await startBoard({ cameras: { picture: async () => undefined, acceptView } });
    const supervisor = await signIn('hall-supervisor');
    const path = '/api/cameras/cam-1/accepted-view';
    expect((await supervisor.post(path, { reason: 'x' })).status).toBe(403);
    const admin = await signIn('admin', 'root');
    expect((await admin.post(path, {})).status).toBe(400);
    expect(accepted).toEqual([]);
    expect((await admin.post(path, { reason: '摄像机调整角度' })).body).toEqual({ ok: true });
    expect(accepted).toEqual(['cam-1']);
    expect((await admin.post('/api/cameras/cam-r/accepted-view', { reason: 'x' })).status).toBe(503);
    expect(ledger.audit.list({ action: 'acceptView', limit: 9 }).map(({ actor, detail }) => [actor, detail])).toEqual([
      [admin.id, expect.objectContaining({ outcome: 'failed' })],
      [admin.id, expect.objectContaining({ outcome: 'done', body: { reason: '摄像机调整角度' } })],
      [admin.id, expect.objectContaining({ outcome: 'failed' })],
      [supervisor.id, expect.objectContaining({ outcome: 'refused' })],
    ]);
  });

  it('shows the findings of a camera as they came and went', async () => {
    const finding = { finding: 'offline', state: 'raised', at: eventMs(5), detail: 'no frame' } as const;
    const { signIn } = await startBoard({ system: { sinks: [], healthHistory: () => [finding] } });
    const admin = await signIn('admin', 'root');
    expect((await admin.get('/api/cameras/cam-1')).body.history).toEqual([finding]);
  });

  it('gives the newest picture of a camera and writes down who looked into a room', async () => {
    const jpeg = Buffer.from('jpeg');
    const { signIn, ledger } = await startBoard({ cameras: { picture: async () => ({ at: eventMs(42), jpeg }) } });
    const bid = await signIn('bid-supervisor');
    const picture = await bid.bytes('/api/cameras/cam-r/picture');
    expect([picture.bytes.toString(), picture.headers.get('x-captured-at')]).toEqual(['jpeg', '42']);
    expect((await bid.get('/api/cameras/cam-1/picture')).status).toBe(403);
    const hall = await signIn('hall-supervisor');
    expect((await hall.bytes('/api/cameras/cam-1/picture')).status).toBe(200);
    expect((await hall.get('/api/cameras/cam-r/picture')).status).toBe(403);
    expect(ledger.viewings.list({ limit: 9 })).toMatchObject([{ object: 'camera:cam-r', user: bid.id }]);
    expect((await bid.get('/api/cameras/cam-r/video')).body.error.code).toBe('unavailable');
    expect((await hall.post('/api/cameras/cam-1/look', { zones: [] })).status).toBe(503);
  });
});

describe('the description of the API', () => {
  it('in docs/openapi.json is that of the contract: else run `node scripts/generate-openapi.mjs` after a build', () => {
    const written = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    expect(written).toBe(openApiText());
  });

  it('has a route for each action of the loop', () => {
    const addresses = Object.values(loopRoutes).map(({ path }) => path.replace('/api/incidents/:id/', ''));
    expect(addresses).toEqual(expect.arrayContaining([...WORKFLOW_ACTIONS]));
  });

  it('names every route once, with its action', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, { operationId: string }>> };
    const operations = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(operations).size).toBe(operations.length);
  });
});
