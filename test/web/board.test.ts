import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { openStep } from './support/steps.js';
import { worldAt } from './support/world.js';

describe.skipIf(!hasChromium())('the live board', () => {
  let browser: Browser;
  let server: FixtureServer;
  let watched: Watched;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await fixtureServer(worldAt(Date.now()));
    watched = await watchedPage(browser, { url: server.url });
  });
  afterEach(async () => {
    await watched.context.close();
    await server.close();
    // No script error, nothing refused by the content security policy, no address outside the server.
    expect(watched.faults).toEqual([]);
  });

  it('refuses a wrong password in words and forces the first one to be changed', async () => {
    const { page } = watched;
    server.world.mustChangePassword = true;
    await page.goto('/');
    await page.locator('#name').fill('duban');
    await page.locator('#password').fill('错误的密码');
    await page.locator('button[type=submit]').click();
    await page.getByText('用户名或密码不正确').waitFor();
    await page.locator('#password').fill('正确的密码');
    await page.locator('button[type=submit]').click();
    await page.locator('#current').fill('正确的密码');
    await page.locator('#next').fill('短');
    await page.getByText('至少 10 位').last().waitFor();
    await page.locator('#next').fill('一个足够长的新密码啊');
    await page.locator('#again').fill('一个足够长的新密码啊');
    await page.getByRole('button', { name: '修改密码' }).click();
    await page.getByRole('region', { name: '当前告警' }).waitFor();
  });

  it('says each state in a word, and never calls an unseen window fine', async () => {
    const { page } = watched;
    await signIn(page);
    const tile = (name: string) => page.locator('.tile', { hasText: `${name} 综合窗口` });
    await tile('A03').waitFor();
    expect(await tile('A03').getAttribute('class')).toContain('urgent');
    expect(await tile('A03').textContent()).toContain('等候 2');
    expect(await tile('A07').textContent()).toMatch(/未知[\s\S]*画面冻结/);
    expect(await tile('A07').textContent()).not.toContain('在岗');
    expect(await tile('A01').getAttribute('aria-label')).toContain('在岗');
    expect(await tile('B05').textContent()).toContain('暂停服务');
    await page.getByRole('button', { name: /未知/ }).first().click();
    expect(await page.locator('.tile').count()).toBe(3);
  });

  it('follows a window that changes, and its clock runs on event time', async () => {
    const { page } = watched;
    await signIn(page);
    const tile = page.locator('.tile', { hasText: 'A01 综合窗口' });
    await tile.waitFor();
    const row = server.world.live.windows.find((one) => one.id === 'A01')!;
    server.send('window', { ...row, state: 'away', staff: 0, since: server.world.live.at - 65_000 });
    await tile.getByText('暂离').waitFor();
    await tile.getByText(/^1:0\d$/).waitFor();
  });

  it('shows an alert as it arrives, with its picture, says it aloud and lets it be acknowledged', async () => {
    const { page } = watched;
    await signIn(page);
    await page.locator('.card').nth(1).waitFor();
    server.send('step', openStep(server.world, { window: 'C01', seq: 41, high: true }));
    const card = page.locator('.card', { hasText: 'C01 综合窗口' });
    await card.waitFor();
    await page.locator('[role=alert]', { hasText: '紧急告警：C01 综合窗口' }).waitFor();
    expect(await page.locator('.card').first().textContent()).toContain('综合窗口');
    await card.locator('img').waitFor();
    await card.getByRole('button', { name: '确认收到' }).click();
    await card.getByText('核实中').waitFor();
    expect(server.world.received.at(-1)).toMatchObject({ route: 'acknowledgeIncident', body: { ifSteps: 0 } });
  });

  it('shows a lost connection at once, heals by itself and has missed nothing', async () => {
    const { page } = watched;
    await signIn(page);
    await page.locator('.card').nth(1).waitFor();
    server.cut();
    await page.locator('.banner.lost').waitFor();
    expect(await page.locator('.banner.lost').textContent()).toMatch(/画面停留在 \d\d:\d\d:\d\d/);
    expect(await page.locator('.shell').getAttribute('class')).toContain('lost');
    for (const seq of [41, 42, 43]) server.send('step', openStep(server.world, { window: `C0${seq - 38}`, seq }));
    server.restore();
    await page.getByRole('button', { name: '立即重连' }).click();
    await page.locator('.banner.lost').waitFor({ state: 'detached' });
    for (const name of ['C03', 'C04', 'C05']) {
      await page.locator('.card', { hasText: `${name} 综合窗口` }).waitFor();
      expect(await page.locator('.card', { hasText: `${name} 综合窗口` }).count()).toBe(1);
    }
    await page.locator('.link.live').waitFor();
  });

  it('returns to the sign-in page when the session ends elsewhere, and says why', async () => {
    const { page } = watched;
    await signIn(page);
    await page.locator('.card').first().waitFor();
    server.world.user = null;
    server.cut();
    server.restore();
    await page.getByText('会话已结束，请重新登录').waitFor();
  });

  it('says that a simulated hall is not real', async () => {
    const { page } = watched;
    server.world.live.simulated = { catchingUp: false, behindMs: 0, speed: 1 };
    await signIn(page);
    await page.getByText('不是真实监控').waitFor();
  });

  it('draws the hall as the administrator drew it, and lists what is on no plan', async () => {
    const { page } = watched;
    server.world.plan = {
      areas: [{ id: 'hall', name: '一楼', items: [{ subject: 'A03', x: 0.1, y: 0.1, w: 0.2, h: 0.2 }], walls: [] }],
    };
    await signIn(page);
    await page.locator('.plan .item.urgent', { hasText: 'A03' }).waitFor();
    await page.locator('.unplaced .chip', { hasText: 'A07' }).click();
    await page.getByRole('dialog').getByText('画面冻结').waitFor();
  });

  it('shows a staff member what is said of them and nothing of the hall', async () => {
    const { page } = watched;
    server.world.role = 'staff';
    await signIn(page);
    await page.getByText('可申诉 2 条').waitFor();
    // What is said of them, and their own month.
    expect(await page.locator('nav a').count()).toBe(2);
  });
});
