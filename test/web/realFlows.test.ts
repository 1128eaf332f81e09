import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type Harness, PASSWORD, startBoard, textOf } from '../board/support/boardHarness.js';
import { HALL_YAML } from '../board/support/hall.js';
import { ensureBuilt, hasChromium, launch, type Watched, watchedPage } from './support/browser.js';
import { counterPicture } from './support/picture.js';

const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/** A cable that can be pulled: everything passes until `cut`, nothing afterwards until `restore`. */
async function cable(to: string) {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((client) => {
    const board = connect(Number(new URL(to).port), '127.0.0.1');
    for (const socket of [client, board]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        board.destroy();
      });
    }
    if (!whole) return client.destroy();
    client.pipe(board).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const restore = (): void => {
    whole = true;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, restore };
}

/** What a person goes through, from one end to the other, on the real board with its own rules. */
describe.skipIf(!hasChromium())('flows through the real board', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function signedIn(url: string, name: string): Promise<Watched> {
    const watched = await watchedPage(browser, { url });
    onTestFinished(async () => {
      await watched.context.close();
      expect(watched.faults).toEqual([]);
    });
    const { page } = watched;
    await page.goto('/');
    await page.locator('#name').fill(name);
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    return watched;
  }
  const open = async (harness: Harness, name: string): Promise<Page> => (await signedIn(harness.board.url, name)).page;

  const press = (page: Page, name: string) => page.locator('.acts').getByRole('button', { name, exact: true }).click();

  it('staff appeal what is said of them, another supervisor overturns it, and it counts against nobody', async () => {
    const harness = await startBoard({ webFolder });
    const judge = await harness.signIn('hall-supervisor', 'wang');
    await harness.signIn('hall-supervisor', 'li');
    const staff = await harness.signIn('staff', 'zhao');
    await judge.post('/api/duty/posts', { user: staff.id, window: 'A01', from: 0 });
    const id = harness.raise({ subject: 'A01' });
    await judge.post(`/api/incidents/${id}/acknowledge`, { ifSteps: 0 });
    await judge.post(`/api/incidents/${id}/verdict`, { ifSteps: 1, verdict: 'confirmed' });

    const mine = await open(harness, 'zhao');
    await mine.getByText('可申诉 1 条').waitFor();
    await mine.goto(`/alerts/${id}`);
    await press(mine, '申诉');
    await mine.getByRole('dialog').getByRole('textbox').fill('当时在后台取件');
    await mine.getByRole('dialog').getByRole('button', { name: '申诉' }).click();
    await mine.locator('.loop dd', { hasText: '申诉中' }).waitFor();

    // Who gave the verdict may not decide on it.
    const first = await open(harness, 'wang');
    await first.goto(`/alerts/${id}`);
    await first.locator('.note', { hasText: '当时在后台取件' }).waitFor();
    expect(await first.locator('.acts').getByRole('button', { name: '申诉审核' }).count()).toBe(0);

    const second = await open(harness, 'li');
    await second.goto(`/alerts/${id}`);
    await press(second, '申诉审核');
    const dialog = second.getByRole('dialog');
    await dialog.getByText('申诉成立，撤销').click();
    await dialog.getByRole('textbox').fill('监控显示本人在取件');
    await dialog.getByRole('button', { name: '申诉审核' }).click();
    await second.locator('.loop dd', { hasText: '申诉成立，撤销' }).waitFor();
    await mine.reload();
    await mine.locator('.loop dd', { hasText: '申诉成立，撤销' }).waitFor();
    expect((await judge.get(`/api/incidents/${id}`)).body.incident.workflow).toMatchObject({
      appeal: 'overturned',
      verdict: 'false-alarm',
    });
  });

  it('a leave that is registered stands beside the incident, which is then excused by it', async () => {
    const harness = await startBoard({ webFolder });
    const user = await harness.signIn('hall-supervisor', 'wang');
    harness.live.publish(
      {
        type: 'window',
        window: { id: windowId('A01'), state: 'absent', since: eventMs(1), staff: 0, citizens: 'unknown' },
      },
      eventMs(harness.clock.now()),
    );
    const page = await open(harness, 'wang');
    await page.locator('.link.live').waitFor();
    await page.locator('nav a[href="/duty"]').click();
    const form = page.locator('form.panel-body');
    await form.getByRole('combobox', { name: '窗口' }).click();
    await page.getByRole('option', { name: /^A01/ }).click();
    await form.getByLabel('人员').fill('赵一');
    await form.getByLabel('备注').fill('送件到后台');
    await form.getByRole('button', { name: '登记' }).click();
    await page.locator('tbody tr', { hasText: '赵一' }).waitFor();
    const { from } = (await user.get('/api/duty/leaves')).body.items[0];

    const id = harness.raise({ subject: 'A01', startMs: from + 60_000 });
    await page.goto(`/alerts/${id}`);
    await page.getByText('外出登记').first().waitFor();
    await page.getByText('送件到后台').first().waitFor();
    await press(page, '确认收到');
    await press(page, '判定');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('有正当理由', { exact: false }).first().click();
    await dialog.locator('.el-select').click();
    await page.getByRole('option', { name: '外出登记' }).click();
    await dialog.getByRole('button', { name: '判定' }).click();
    await page.locator('.loop dd', { hasText: '有正当理由' }).waitFor();
    expect(harness.ledger.incidents.get(id)!.excuse).toMatchObject({ kind: 'outing' });
  });

  it('a zone is drawn, tested against what the detector sees, and stands in the configuration with its comments', async () => {
    const jpeg = await counterPicture({ staffed: true, citizen: false });
    const harness = await startBoard({
      webFolder,
      cameras: {
        picture: async () => ({ at: eventMs(1), jpeg }),
        look: async (_camera, zones) => ({
          at: eventMs(1),
          boxes: [],
          zones: zones.map(({ name }) => ({ name, count: 1, boxes: [[0.1, 0.3, 0.2, 0.6] as const] })),
        }),
      },
    });
    await harness.signIn('admin', 'root');
    const page = await open(harness, 'root');
    await page.goto('/cameras/cam-1/zones');
    await page.locator('.canvas img').waitFor();
    await page.locator('.pick', { hasText: '群众区' }).first().click();
    const frame = (await page.locator('.canvas svg').boundingBox())!;
    for (const [x, y] of [
      [0.12, 0.05],
      [0.4, 0.05],
      [0.4, 0.15],
      [0.12, 0.15],
    ] as const)
      await page.mouse.click(frame.x + x * frame.width, frame.y + y * frame.height);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '测试识别' }).click();
    await page.getByText('A01 综合窗口 · 群众区').waitFor();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存并生效').waitFor();
    const written = textOf(harness.configFile);
    expect(written).toMatch(/citizenZone: \[\s*\[0\.1\d*, 0\.0\d*\]/);
    for (const line of HALL_YAML.split('\n')) expect(written).toContain(line);
    expect(harness.config().windows[0]!.citizenZone).toHaveLength(4);
  });

  it('a connection that is cut for a minute loses nothing: every alert is there once, in order, and is told', async () => {
    const harness = await startBoard({ webFolder });
    await harness.signIn('hall-supervisor', 'wang');
    const line = await cable(harness.board.url);
    const watched = await signedIn(line.url, 'wang');
    const { page } = watched;
    await page.locator('.link.live').waitFor();
    const before = harness.raise({ subject: 'A02' });
    await page.locator(`.card a[href="/alerts/${before}"]`).first().waitFor();

    line.cut();
    await page.locator('.banner.lost').waitFor();
    await page.clock.install();
    const missed = Array.from({ length: 12 }, (_, i) => {
      const startMs = harness.clock.now() - 900_000 + i * 1000;
      const id = harness.raise({ subject: 'A01', startMs });
      harness.raise({ subject: 'A01', startMs, step: 'ended' });
      return id;
    });
    const still = harness.raise({ subject: 'A01', startMs: harness.clock.now() - 600_000 });
    await page.clock.fastForward(60_000);
    expect(await page.locator('.shell').getAttribute('class')).toContain('lost');
    line.restore();
    await page.clock.fastForward(6000);
    await page.locator('.banner.lost').waitFor({ state: 'detached' });
    await page.locator(`.card a[href="/alerts/${still}"]`).first().waitFor();
    // Without being loaded anew the page has them all, also those that came and went while it was cut off, each once.
    const all = missed.length + 2;
    const listed = () => page.locator('.cards .row').first().getAttribute('aria-setsize');
    await expect.poll(listed, { timeout: 15_000 }).toBe(String(all));
    await page.locator('nav a[href="/alerts"]').click();
    await page.locator('.list h2', { hasText: `${all} 条告警` }).waitFor();
    expect(await page.locator('.rows .row[role=listitem]').count()).toBe(all);
    const steps = harness.ledger.stepsAfter(0, 100).map(({ seq }) => seq);
    expect(steps).toEqual(Array.from({ length: 2 * missed.length + 2 }, (_, i) => i + 1));
  });
});
