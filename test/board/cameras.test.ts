import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBoard, textOf } from './support/boardHarness.js';
import { HALL_YAML } from './support/hall.js';

const FRONT_DOOR = { id: 'cam-9', name: '大门', source: 'rtsp://10.0.0.9/sub' };

describe('cameras added, changed and removed on the board', () => {
  it('stand in the file with every comment, the password in a file of its own, and never come back', async () => {
    const harness = await startBoard();
    const admin = await harness.signIn('admin', 'root');
    const password = 'p@ss 密码';
    const added = await admin.post('/api/cameras', { ...FRONT_DOOR, user: 'viewer', password });
    expect(added.status).toBe(200);
    const secret = join(harness.folder, 'secrets', 'cam-9');
    expect([textOf(secret), statSync(secret).mode & 0o777]).toEqual([`${password}\n`, 0o600]);
    for (const line of HALL_YAML.split('\n')) expect(textOf(harness.configFile)).toContain(line);

    const changed = await admin.put('/api/cameras/cam-9', { name: '南大门', source: 'rtsp://10.0.0.10/sub' });
    expect(changed.body).toMatchObject({ effect: 'reloaded', camera: { id: 'cam-9', name: '南大门' } });
    const camera = harness.config().cameras.find(({ id }) => id === 'cam-9');
    expect(camera).toMatchObject({ source: 'rtsp://10.0.0.10/sub', credentials: 'cam-9' });
    expect(textOf(secret)).toBe(`${password}\n`);

    await admin.put('/api/cameras/cam-9', {
      name: '南大门',
      source: 'rtsp://10.0.0.10/sub',
      user: 'root',
      password: 'b',
    });
    expect(textOf(secret)).toBe('b\n');
    expect(harness.config().credentials['cam-9']).toMatchObject({ user: 'root' });
    const all = JSON.stringify([added.body, changed.body, (await admin.get('/api/cameras')).body]);
    expect(all).not.toContain(password);

    expect((await admin.delete('/api/cameras/cam-9')).body).toEqual({ effect: 'reloaded' });
    expect(harness.config().cameras.map(({ id }) => id)).toEqual(['cam-1', 'cam-r']);
    expect([existsSync(secret), textOf(harness.configFile).includes('cam-9')]).toEqual([false, false]);
    for (const line of HALL_YAML.split('\n')) expect(textOf(harness.configFile)).toContain(line);
  });

  it('one that a window needs stays, and so does its name where an address is refused', async () => {
    const harness = await startBoard();
    const admin = await harness.signIn('admin', 'root');
    const before = textOf(harness.configFile);
    expect((await admin.delete('/api/cameras/cam-1')).status).toBe(409);
    expect((await admin.delete('/api/cameras/nobody')).status).toBe(404);
    for (const source of ['gopher://10.0.0.1/', 'rtsp://user:pw@10.0.0.1/', 'javascript:alert(1)']) {
      const refused = await admin.put('/api/cameras/cam-1', { name: '新名', source, user: 'u', password: 'p' });
      expect([source, refused.status]).toEqual([source, 400]);
    }
    expect(textOf(harness.configFile)).toBe(before);
    expect(existsSync(join(harness.folder, 'secrets', 'cam-1'))).toBe(false);
  });

  it('a user without a password is asked for one', async () => {
    const harness = await startBoard();
    const admin = await harness.signIn('admin', 'root');
    await admin.post('/api/cameras', FRONT_DOOR);
    const asked = await admin.put('/api/cameras/cam-9', { name: '大门', source: FRONT_DOOR.source, user: 'viewer' });
    expect(asked.body.error).toMatchObject({ code: 'bad-input', fields: [{ path: 'password' }] });
  });
});
