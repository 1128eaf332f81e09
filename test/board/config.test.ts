import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBoard, textOf } from './support/boardHarness.js';
import { HALL_YAML } from './support/hall.js';

const ZONE = [
  [0.2, 0.2],
  [0.4, 0.2],
  [0.4, 0.8],
];

describe('editing the configuration on the board', () => {
  it('writes a zone into the file, keeps the comments, and takes it over', async () => {
    const { signIn, configFile, config } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const { etag } = (await admin.get('/api/zones/A01')).body;
    const saved = await admin.put('/api/zones/A01', { zones: { citizenZone: ZONE }, etag });
    expect(saved.body).toMatchObject({ effect: 'reloaded', zones: { zones: { citizenZone: ZONE } } });
    expect(config().windows[0]!.citizenZone).toEqual(ZONE);
    const lines = textOf(configFile).split('\n');
    expect(HALL_YAML.split('\n').every((line) => lines.includes(line))).toBe(true);
    expect(lines.filter((line) => line.includes('citizenZone'))).toEqual([
      '    citizenZone: [[0.2, 0.2], [0.4, 0.2], [0.4, 0.8]]',
    ]);
  });

  it('refuses a zone that is none, one that is not of this subject, and a file somebody changed', async () => {
    const { signIn, configFile } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const { etag } = (await admin.get('/api/zones/A01')).body;
    const put = (path: string, zones: object, tag = etag) => admin.put(path, { zones, etag: tag });
    const crossed = await put('/api/zones/A01', {
      staffZone: [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    });
    expect(crossed.body.error).toMatchObject({ code: 'bad-input', fields: [{ path: 'windows[0].staffZone' }] });
    expect((await put('/api/zones/A01', { zone: ZONE })).status).toBe(400);
    expect(
      (
        await put('/api/zones/A01', {
          staffZone: [
            [0, 0],
            [2, 0],
            [1, 1],
          ],
        })
      ).status,
    ).toBe(400);
    expect((await put('/api/zones/A01', { staffZone: ZONE }, 'old')).body.error.code).toBe('conflict');
    expect((await put('/api/zones/Z99', { staffZone: ZONE })).status).toBe(404);
    expect(textOf(configFile)).toBe(HALL_YAML);
  });

  it('says so where there is no file', async () => {
    const { signIn, configFile } = await startBoard();
    const admin = await signIn('admin', 'root2');
    rmSync(configFile);
    const answer = await admin.put('/api/zones/A01', { zones: { staffZone: ZONE }, etag: 'none' });
    expect(answer.body.error).toMatchObject({
      code: 'no-config-file',
      hint: expect.stringContaining('hall.example.yaml'),
    });
  });

  it('changes a rule as a new version with its author and note', async () => {
    const { signIn, config, configFile } = await startBoard();
    const manager = await signIn('manager', 'chen');
    const { items, etag } = (await manager.get('/api/rules')).body;
    const absence = items.find(({ rule }: { rule: string }) => rule === 'absence');
    const parameter = absence.parameters.find(({ key }: { key: string }) => key === 'absentAfter');
    expect(parameter).toMatchObject({ kind: 'duration', value: '15m', default: '15m', text: { zh: '离岗多久报警' } });
    const body = { parameters: { absentAfter: '10m', tiers: '20m, 40m' }, note: '试行', etag };
    const changed = await manager.put('/api/rules/absence', body);
    expect(changed.body.rule.versions[0]).toMatchObject({
      by: { name: 'chen' },
      note: '试行',
      parameters: { absentAfter: '10m' },
    });
    expect(config().rules.absence).toMatchObject({ absentAfter: 600_000, tiers: [1_200_000, 2_400_000] });
    expect(textOf(configFile)).toContain('absence: { absentAfter: 10m, tiers: [20m, 40m] }');
    const only = { parameters: { minStaff: 2 }, window: 'A01', note: '双人岗', etag: changed.body.etag };
    expect((await manager.put('/api/rules/absence', only)).body.rule.overrides).toMatchObject([
      { window: 'A01', parameters: { minStaff: 2 } },
    ]);
    const wrong = await manager.put('/api/rules/absence', {
      parameters: { absentAfter: 'soon' },
      note: 'x',
      etag: only.etag,
    });
    expect(wrong.status).toBe(409);
  });

  it('changes the calendar and the lunch rota', async () => {
    const { signIn, config } = await startBoard();
    const user = await signIn('hall-supervisor');
    let { etag } = (await user.get('/api/duty/shifts')).body;
    const lunch = [{ from: '12:00', to: '13:00' }];
    etag = (await user.put('/api/duty/shifts/A01', { hours: 'day', lunch, etag })).body.etag;
    etag = (await user.put('/api/duty/calendar/2026-10-11', { open: true, note: '预约日', etag })).body.etag;
    etag = (await user.post('/api/duty/calendar/2026-10-10/remove', { etag })).body.etag;
    expect(config().windows[0]).toMatchObject({ hours: 'day', lunch });
    expect((await user.get('/api/duty/calendar?year=2026')).body).toMatchObject({
      overlay: [{ date: '2026-10-11', open: true, note: '预约日' }],
      warnings: [],
      etag,
    });
    expect((await user.put('/api/duty/shifts/A01', { hours: 'night', lunch, etag })).status).toBe(400);
  });

  it('adds a camera whose password no answer, no log entry and no config names', async () => {
    const { signIn, configFile, folder, ledger } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const camera = {
      id: 'cam-new',
      name: '新机',
      source: 'rtsp://10.0.0.9/sub',
      user: 'viewer',
      password: '密码 p@ss/word',
    };
    const added = await admin.post('/api/cameras', camera);
    expect(added.body).toMatchObject({
      effect: 'reloaded',
      camera: { id: 'cam-new', hasCredentials: true, kind: 'rtsp' },
    });
    const file = join(folder, 'secrets', 'cam-new');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['密码 p@ss/word\n', 0o600]);
    const cameras = await admin.get('/api/cameras');
    const audit = JSON.stringify(ledger.audit.list({ limit: 100 }));
    for (const text of [JSON.stringify(cameras.body), JSON.stringify(added.body), textOf(configFile), audit]) {
      expect(text).not.toContain('p@ss');
    }
    expect((await admin.post('/api/cameras', camera)).status).toBe(409);
    expect((await admin.post('/api/cameras', { ...camera, id: 'cam-x', source: 'ftp://x' })).status).toBe(400);
    expect((await admin.post('/api/cameras', { ...camera, id: 'cam-y', source: 'rtsp://u:p@h/x' })).status).toBe(400);
  });
});
