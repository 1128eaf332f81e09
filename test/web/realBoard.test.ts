import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type Harness, PASSWORD, startBoard } from '../board/support/boardHarness.js';
import { ensureBuilt, hasChromium, launch, type Watched, watchedPage } from './support/browser.js';

const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/** The pages against the real board: its routes, its policy, its headers, its ledger. */
describe.skipIf(!hasChromium())('the pages on the real board', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function open(harness: Harness, name: string): Promise<Watched> {
    const watched = await watchedPage(browser, { url: harness.board.url });
    const { page } = watched;
    await page.goto('/');
    await page.locator('#name').fill(name);
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    return watched;
  }

  it('an alert arrives, is taken up, judged, assigned, answered, reviewed and closed', async () => {
    const harness = await startBoard({ webFolder });
    await harness.signIn('hall-supervisor', 'wang');
    await harness.signIn('hall-supervisor', 'li');
    const wang = await open(harness, 'wang');
    const { page } = wang;
    await page.locator('.link.live').waitFor();
    const at = eventMs(harness.clock.now());
    const away = { id: windowId('A01'), state: 'away', since: at, staff: 0, citizens: 'unknown' } as const;
    harness.live.publish({ type: 'window', window: away }, at);
    await page.locator('.tile', { hasText: '暂离' }).waitFor();

    const id = harness.raise({ subject: 'A01' });
    await page.locator('.card').getByRole('button', { name: '确认收到' }).click();
    await page.locator('.card', { hasText: '核实中' }).waitFor();
    await page.locator('.card .title').click();

    const dialog = page.getByRole('dialog');
    const press = (name: string) => page.locator('.acts').getByRole('button', { name, exact: true }).click();
    await press('判定');
    await dialog.getByText('属实', { exact: true }).click();
    await dialog.getByRole('button', { name: '判定' }).click();
    await page.locator('.loop dd', { hasText: '属实' }).waitFor();
    await press('指派');
    await dialog.getByRole('combobox').click();
    await page.getByRole('option', { name: /^li/ }).click();
    await dialog.getByRole('button', { name: '指派' }).click();
    await page.locator('.way .now', { hasText: '已指派' }).waitFor();

    const li = await open(harness, 'li');
    await li.page.goto(`/alerts/${id}`);
    await li.page.locator('.acts').getByRole('button', { name: '开始处理' }).click();
    await li.page.locator('.acts').getByRole('button', { name: '反馈结果' }).click();
    await li.page.getByRole('dialog').getByRole('textbox').fill('<b>已提醒</b>');
    await li.page.getByRole('dialog').getByRole('button', { name: '反馈结果' }).click();

    // What the other supervisor did shows here by itself.
    await page.locator('.note', { hasText: '<b>已提醒</b>' }).waitFor();
    await press('复核');
    await dialog.getByText('通过').click();
    await dialog.getByRole('button', { name: '复核' }).click();
    await press('办结');
    await page.locator('.way .now', { hasText: '已办结' }).waitFor();
    expect([...wang.faults, ...li.faults]).toEqual([]);
    await wang.context.close();
    await li.context.close();
  });

  it('every page an administrator sees opens without a fault', async () => {
    const harness = await startBoard({ webFolder });
    await harness.signIn('admin', 'root');
    const { page, context, faults } = await open(harness, 'root');
    for (const entry of await page.locator('nav a').all()) {
      await entry.click();
      await page.locator('main#content h1, main#content h2').first().waitFor();
      await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined);
      expect(await page.locator('main#content [role=alert]').allTextContents()).toEqual([]);
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});
