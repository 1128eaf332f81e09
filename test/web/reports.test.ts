import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Role } from '../../src/board/access/actions.js';
import { ensureBuilt, hasChromium, launch, signIn, watchedPage } from './support/browser.js';
import { fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

describe.skipIf(!hasChromium())('the monthly report', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function visit(
    role: Role,
    path: string,
    { width = 1366, height = 768, language = 'zh-CN' as 'zh-CN' | 'en' } = {},
  ) {
    const server = await fixtureServer(worldAt(Date.now()));
    server.world.role = role;
    const watched = await watchedPage(browser, { url: server.url, width, height, language });
    onTestFinished(async () => {
      await watched.context.close();
      await server.close();
    });
    await signIn(watched.page);
    await watched.page.goto(path);
    return { ...watched, server };
  }
  const shot = process.env.HALLWATCH_SHOTS ?? '';

  it.each([
    [1366, 768],
    [1920, 1080],
  ])('is drawn at %i by %i without a fault or a refused style', async (width, height) => {
    const { page, faults } = await visit('manager', '/reports', { width, height });
    await page.locator('.trend canvas').waitFor();
    expect(await page.locator('.page [role=img]').count()).toBe(4);
    expect(await page.locator('.summary li').count()).toBe(7);
    await page.locator('.trend canvas').hover({ position: { x: 300, y: 150 } });
    if (shot) {
      await page.screenshot({ path: `${shot}/reports-${width}.png` });
      await page.evaluate("document.querySelector('.page').scrollTo(0, 700)");
      await page.screenshot({ path: `${shot}/reports-${width}-2.png` });
      await page.evaluate("document.querySelector('.page').scrollTo(0, 1600)");
      await page.screenshot({ path: `${shot}/reports-${width}-3.png` });
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    expect(faults).toEqual([]);
  });

  it('leads from a figure to the alerts behind it', async () => {
    const { page, faults } = await visit('manager', '/reports/2026-10');
    await page.locator('table a').first().click();
    await page.waitForURL(/\/alerts\?/);
    const query = new URL(page.url()).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      from: '2026-10-01',
      to: '2026-10-31',
      verdict: 'confirmed',
      view: 'all',
    });
    await page.goBack();
    await page.locator('.trend canvas').click({ position: { x: 320, y: 255 } });
    expect(faults).toEqual([]);
  });

  it('lists what was corrected after the freeze with both values, beside a hash that did not change', async () => {
    const { page, faults } = await visit('manager', '/reports/2026-10');
    const verdicts = page.locator('.verdicts tbody tr');
    await verdicts.first().waitFor();
    expect(await verdicts.first().textContent()).toMatch(/A03.*属实.*误报.*王督导/);
    const figures = page.locator('.figures tbody tr');
    expect(await figures.allTextContents()).toHaveLength(4);
    expect(await figures.nth(0).locator('td').allTextContents()).toEqual(['属实告警', '74', '73']);
    expect(await figures.nth(2).locator('td').allTextContents()).toEqual(['无故离岗', '41.2 小时', '40.7 小时']);
    expect(await page.locator('.hash').textContent()).toContain('b94d27b9934d3e08');
    if (shot) {
      await page.locator('.verdicts').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${shot}/reports-corrections.png` });
    }
    expect(faults).toEqual([]);
  });

  it('is frozen after a question, by a manager', async () => {
    const { page, server } = await visit('manager', '/reports/2026-09');
    await page.locator('.page-head button').click();
    await page.locator('.el-message-box__btns .el-button--primary').click();
    await page.locator('.el-message--success').waitFor();
    expect(server.world.received.map(({ route }) => route)).toContain('freezeMonth');
  });

  it('offers files', async () => {
    const { page } = await visit('auditor', '/reports/2026-09');
    await page.locator('.trend canvas').waitFor();
    expect(await page.locator('a.file').first().getAttribute('href')).toBe(
      '/api/reports/months/2026-09/file?format=xlsx',
    );
  });

  it('shows staff their own month', async () => {
    const { page, faults } = await visit('staff', '/my-month');
    await page.locator('.fact').first().waitFor();
    expect(await page.locator('.fact').count()).toBe(11);
    if (shot) await page.screenshot({ path: `${shot}/my-month.png` });
    expect(faults).toEqual([]);
  });

  it('speaks English', async () => {
    const { page } = await visit('manager', '/reports', { language: 'en' });
    await page.locator('.trend canvas').waitFor();
    expect(await page.locator('.cards').textContent()).toContain('Clean days');
  });
});
