import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { openStep } from './support/steps.js';
import { moveOn, worldAt } from './support/world.js';

const A03 = 'absence-a03000000000000';

describe.skipIf(!hasChromium())('the alerts page', () => {
  let browser: Browser;
  let server: FixtureServer;
  let watched: Watched;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await fixtureServer(worldAt(Date.now(), { history: 10_000 }));
    watched = await watchedPage(browser, { url: server.url });
    await signIn(watched.page);
  });
  afterEach(async () => {
    await watched.context.close();
    await server.close();
    expect(watched.faults).toEqual([]);
  });

  it('explains an incident: sentence, boxes, timeline with what was not seen, rule in plain words', async () => {
    const { page } = watched;
    await page.goto(`/alerts/${A03}`);
    const detail = page.locator('article.detail');
    await detail.getByText('期间画面覆盖率 98%').waitFor();
    await detail.locator('.evidence img').waitFor();
    await detail.locator('.evidence .tag', { hasText: '群众 81%' }).waitFor();
    expect(await detail.locator('.stretch.unknown').count()).toBe(1);
    await detail.getByText('窗口无人满 15 分 报警').waitFor();
    await detail.getByText('群众等候超过 30 秒 升为紧急').waitFor();
  });

  it('walks an incident from found to closed', async () => {
    const { page } = watched;
    await page.goto(`/alerts/${A03}`);
    const press = (name: string) => page.locator('.acts').getByRole('button', { name, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await press('确认收到');
    await page.locator('.way .now', { hasText: '核实中' }).waitFor();

    await press('判定');
    const give = dialog.getByRole('button', { name: '判定' });
    expect(await give.isDisabled()).toBe(true);
    await dialog.getByText('有正当理由').click();
    expect(await give.isDisabled(), 'a reason is needed').toBe(true);
    await dialog.getByText('属实', { exact: true }).click();
    await give.click();
    await page.locator('.loop dd', { hasText: '属实' }).waitFor();

    await press('指派');
    await dialog.getByRole('combobox').click();
    await page.getByRole('option', { name: /李主任/ }).click();
    await dialog.getByRole('button', { name: '指派' }).click();
    await page.locator('.way .now', { hasText: '已指派' }).waitFor();
    await press('开始处理');
    await press('反馈结果');
    await dialog.getByRole('textbox').fill('<img src=x onerror=alert(1)> 已提醒');
    await dialog.getByRole('button', { name: '反馈结果' }).click();
    await page.locator('.note', { hasText: '<img src=x' }).waitFor();
    await press('复核');
    await dialog.getByText('通过').click();
    await dialog.getByRole('button', { name: '复核' }).click();
    await press('办结');
    await page.locator('.way .now', { hasText: '已办结' }).waitFor();
    expect(server.world.received.map((one) => one.route)).toEqual([
      'signIn',
      'acknowledgeIncident',
      'giveVerdict',
      'assignIncident',
      'startIncident',
      'answerIncident',
      'reviewIncident',
      'closeIncident',
    ]);
  });

  it('shows the new state when somebody else moved first', async () => {
    const { page } = watched;
    await page.goto(`/alerts/${A03}`);
    await page.locator('.acts').getByRole('button', { name: '确认收到' }).waitFor();
    moveOn(server.world, { id: A03, ifSteps: 0, action: 'acknowledge', to: 'verifying' });
    await page.locator('.acts').getByRole('button', { name: '确认收到' }).click();
    await page.getByText('其他人刚刚处理过，已为您刷新').waitFor();
    await page.locator('.way .now', { hasText: '核实中' }).waitFor();
  });

  it('decides an appeal', async () => {
    const { page } = watched;
    const appealed = server.world.incidents.find((one) => one.workflow.appeal === 'open')!;
    await page.goto(`/alerts/${appealed.id}`);
    await page.locator('.acts').getByRole('button', { name: '申诉审核' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('申诉成立，撤销').click();
    await dialog.getByRole('textbox').fill('当时在接待群众');
    await dialog.getByRole('button', { name: '申诉审核' }).click();
    await page.locator('.loop dd', { hasText: '申诉成立，撤销' }).waitFor();
  });

  it('scrolls ten thousand with a few dozen rows in the page', async () => {
    const { page } = watched;
    await page.goto('/alerts?view=all');
    await page.getByText('10002 条告警').waitFor();
    const list = page.locator('.virtual-list');
    expect(await page.locator('.virtual-list .row[role=listitem]').count()).toBeLessThan(60);
    await list.hover();
    await page.mouse.wheel(0, 58 * 5000);
    await page.locator('[aria-posinset="5002"] strong').waitFor();
    expect(await page.locator('.virtual-list .row[role=listitem]').count()).toBeLessThan(60);
    await page.mouse.wheel(0, 58 * 10_000);
    await page.locator('[aria-posinset="10002"] strong').waitFor();
  });

  it('goes through the list by the arrow keys', async () => {
    const { page } = watched;
    await page.goto('/alerts');
    await page.locator('.list .main').first().click();
    await page.locator('article.detail h1', { hasText: 'A03' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('article.detail h1', { hasText: 'B01' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator('article.detail h1', { hasText: 'A03' }).waitFor();
  });

  it('filters, keeps the filter in the address and takes new alerts in', async () => {
    const { page } = watched;
    await page.goto('/alerts');
    await page.getByPlaceholder('搜索窗口、部门、编号').fill('B01');
    await page.waitForURL(/q=B01/);
    await page.reload();
    await page.locator('.list strong', { hasText: 'B01' }).first().waitFor();
    expect(await page.locator('.list strong', { hasText: 'A03' }).count()).toBe(0);
    await page.goto('/alerts');
    await page.locator('.list strong', { hasText: 'A03' }).first().waitFor();
    await page.locator('.link.live').waitFor();
    server.send('step', openStep(server.world, { window: 'D01', seq: 41, high: true }));
    await page.locator('.list strong', { hasText: 'D01' }).first().waitFor();
  });

  it('handles several at once and says what could not be done', async () => {
    const { page } = watched;
    await page.goto('/alerts');
    const boxes = page.locator('.list .check');
    await boxes.nth(0).click();
    await boxes.nth(1).click();
    await page.getByText('已选 2 条').waitFor();
    await page.locator('.bulk').getByRole('button', { name: '确认收到' }).click();
    await page.getByText('已处理 1 条').waitFor();
    await page.getByText('1 条未处理：其他人刚刚处理过').waitFor();
  });
});
