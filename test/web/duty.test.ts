import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

/** 2026-10-08 09:07 in Ningbo; the browser of these tests stands in London. */
const MORNING = Date.UTC(2026, 9, 8, 1, 7, 0);

describe.skipIf(!hasChromium())('the duty page', () => {
  let browser: Browser;
  let server: FixtureServer;
  let watched: Watched;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await fixtureServer(worldAt(MORNING));
    watched = await watchedPage(browser, { url: server.url });
    await signIn(watched.page);
    await watched.page.locator('.tile').first().waitFor();
    await watched.page.locator('nav a', { hasText: '值班请假' }).click();
  });
  afterEach(async () => {
    await watched.context.close();
    await server.close();
    expect(watched.faults).toEqual([]);
  });

  it('registers an outing at the hall’s own time', async () => {
    const { page } = watched;
    const form = page.locator('form.panel-body');
    await form.getByRole('combobox', { name: '窗口' }).click();
    await page.getByRole('option', { name: /^A03/ }).click();
    await form.getByLabel('人员').fill('陈敏');
    await form.getByRole('button', { name: '登记' }).click();
    await page.locator('tbody tr', { hasText: 'A03 综合窗口' }).waitFor();
    expect(await page.locator('.list tbody tr').textContent()).toMatch(
      /外出登记[\s\S]*陈敏[\s\S]*2026-10-08 09:00[\s\S]*2026-10-08 10:00/,
    );
    expect(server.world.received.at(-1)?.body).toMatchObject({
      window: 'A03',
      kind: 'outing',
      from: Date.UTC(2026, 9, 8, 1, 0, 0),
      to: Date.UTC(2026, 9, 8, 2, 0, 0),
    });
  });

  it('checks a CSV file first and shows each fault with its row', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: '导入 CSV' }).click();
    const head = 'window,person,kind,from,to,note\n';
    const good = 'A01,陈敏,leave,2026-10-08 09:00,2026-10-08 12:00,\n';
    const file = (text: string) => ({ name: 'leaves.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const input = page.locator('input[type=file]');
    await input.setInputFiles(file(`${head}${good}Z99,,leave,2026-10-08 09:00,2026-10-08 12:00,\n`));
    await page.getByText('没有窗口 Z99').waitFor();
    const store = page.getByRole('dialog').getByRole('button', { name: '导入', exact: true });
    expect(await store.isDisabled()).toBe(true);
    await input.setInputFiles(file(head + good));
    await page.getByText('1 行，没有错误').waitFor();
    await store.click();
    await page.getByText('已导入 1 行').waitFor();
    expect(server.world.received.map((one) => (one.body as { dryRun?: boolean } | undefined)?.dryRun)).toContain(true);
  });

  it('shows polite phrases in sums with their n, withheld where there are too few, and what nobody could tell', async () => {
    const { page } = watched;
    await page.locator('.el-tabs__item', { hasText: '文明用语' }).click();
    const first = page.locator('tbody tr', { hasText: 'A01' });
    await first.waitFor();
    expect(await first.textContent()).toMatch(/90%（55\/61）[\s\S]*另有 3 次无法判断[\s\S]*样本不足（n=9，至少 20）/);
    expect(await page.locator('tbody tr', { hasText: 'A03' }).textContent()).toMatch(/样本不足（n=12，至少 20）/);
    expect(await page.getByText('%').count()).toBe(2);
  });
});
