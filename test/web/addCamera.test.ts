import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock as clock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { silentLogger as log } from '../../src/core/log.js';
import { type Service, startService } from '../../src/pipeline/service.js';
import { clientOf } from '../board/support/client.js';
import { clockCamera } from '../support/clockCamera.js';
import { fakeOnvif } from '../support/fakeOnvif.js';
import { temporaryFolder } from '../support/ledger.js';
import { shareModels } from '../support/modelCache.js';
import { hasRtspServer } from '../support/rtspServer.js';
import { ensureBuilt, hasChromium, launch, watchedPage } from './support/browser.js';

const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const PASSWORD = 'long enough 密码';

/** Answers WS-Discovery on 127.0.0.1 as a camera at that port would. */
async function announced(onvifPort: number): Promise<{ address: string; port: number }> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.on('message', (probe, from) => {
    const id = /<\w*:?MessageID[^>]*>([^<]+)</.exec(probe.toString())?.[1] ?? '';
    const scopes = 'onvif://www.onvif.org/name/%E5%8D%97%E9%97%A8 onvif://www.onvif.org/hardware/DS-2CD';
    socket.send(
      '<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="w" xmlns:d="d"><e:Header>' +
        `<w:RelatesTo>${id}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch><w:EndpointReference>` +
        '<w:Address>urn:uuid:south</w:Address></w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>' +
        `<d:Scopes>${scopes}</d:Scopes><d:XAddrs>http://127.0.0.1:${onvifPort}/onvif/device_service</d:XAddrs>` +
        '</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>',
      from.port,
      from.address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: '127.0.0.1', port: socket.address().port };
}

/** A running hall of one camera and one window; its only other camera is found on the network. */
async function hall(): Promise<{ service: Service; configFile: string }> {
  const south = await clockCamera();
  const device = await fakeOnvif({ user: 'viewer', password: 'p@ss', now: clock.now, streamUri: south.url });
  const first = await clockCamera();
  const folder = temporaryFolder();
  shareModels(join(folder, 'var'));
  const configFile = join(folder, 'hall.yaml');
  writeFileSync(
    configFile,
    `site: { id: add, name: 加装大厅 } # 一个大厅
cameras:
  - { id: cam-1, name: 一号, source: "${first.url}" }
windows:
  - { id: A01, name: A01 综合窗口, camera: cam-1, staffZone: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]] }
storage: { data: ${join(folder, 'var')} }
faces: { keys: ${join(folder, 'keys')} }
board: { host: 127.0.0.1, port: 0 }
mqtt: { enabled: false }
recording: { enabled: false }
`,
  );
  const service = await startService({
    config: parseConfig(readFileSync(configFile, 'utf8'), configFile),
    ...{ configFile, env: {}, clock, log, version: 'test', webFolder },
    discoverAt: await announced(device.port),
  });
  onTestFinished(async () => {
    await service.close();
    await device.close();
    await Promise.all([south.stop(), first.stop()]);
  });
  return { service, configFile };
}

async function signedIn(browser: Browser, { board, firstPasswords }: Service): Promise<Page> {
  const { name, password } = firstPasswords[0]!;
  const client = clientOf(board.url);
  await client.signIn(name, password);
  await client.post('/api/session/password', { current: password, next: PASSWORD });
  const { page, context, faults } = await watchedPage(browser, { url: board.url });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await page.goto('/');
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.locator('main#content').waitFor();
  return page;
}

describe.skipIf(!hasChromium() || !hasRtspServer())('a camera on the network, in a hall that runs', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('is found by ONVIF, seen and named in three steps, is live without a restart, and goes as it came', async () => {
    const { service, configFile } = await hall();
    const page = await signedIn(browser, service);
    await page.goto('/cameras');
    await page.getByRole('button', { name: '添加摄像机' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '搜索局域网 ONVIF 设备' }).click();
    await dialog.locator('.device', { hasText: '南门' }).click({ timeout: 15_000 });

    await dialog.getByLabel('用户名').fill('viewer');
    await dialog.getByLabel('密码').fill('wrong');
    await dialog.getByRole('button', { name: '试连' }).click();
    await dialog.locator('.failure').waitFor({ timeout: 30_000 });
    await dialog.getByLabel('密码').fill('p@ss');
    await dialog.getByRole('button', { name: '试连' }).click();

    await dialog.locator('img').waitFor({ timeout: 60_000 });
    await dialog.getByText('h264', { exact: false }).waitFor();
    await dialog.getByLabel('编号').fill('cam-south');
    await dialog.getByRole('button', { name: '添加摄像机' }).click();
    await page.getByText('已保存并生效').waitFor();

    // The very service that runs opens it: a picture of its own, and its video.
    const row = page.locator('tbody tr', { hasText: 'cam-south' });
    await row.getByText('秒前').first().waitFor({ timeout: 60_000 });
    await row.getByRole('button').click();
    await page.locator('video.shown').waitFor({ timeout: 30_000 });
    const written = readFileSync(configFile, 'utf8');
    expect(written).toContain('# 一个大厅');
    expect(written).not.toContain('p@ss');
    expect(await page.content()).not.toContain('p@ss');

    await page.getByRole('button', { name: '修改摄像机' }).click();
    await dialog.getByRole('button', { name: '移除' }).click();
    await page.locator('.el-message-box').getByRole('button', { name: '确定' }).click();
    await row.waitFor({ state: 'detached' });
    expect(readFileSync(configFile, 'utf8')).not.toContain('cam-south');
  }, 180_000);
});
