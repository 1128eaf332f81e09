import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

describe.skipIf(!hasChromium())('floor plan and wall', () => {
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
    server.world.role = 'admin';
  });
  afterEach(async () => {
    await watched.context.close();
    await server.close();
    expect(watched.faults).toEqual([]);
  });

  it('the plan is drawn from the configured areas, moved by hand and shown on the board', async () => {
    watched = await watchedPage(browser, { url: server.url });
    const { page } = watched;
    await signIn(page);
    await page.locator('.tile').first().waitFor();
    await page.getByTitle('编辑平面图').click();
    await page.getByRole('button', { name: '按配置的区域生成' }).click();
    const item = page.locator('.plan .item', { hasText: 'A01' });
    const before = (await item.boundingBox())!;
    await page.mouse.move(before.x + 20, before.y + 10);
    await page.mouse.down();
    await page.mouse.move(before.x + 140, before.y + 150, { steps: 4 });
    await page.mouse.up();
    await item.focus();
    await page.keyboard.press('ArrowRight');
    expect((await item.boundingBox())!.x).toBeGreaterThan(before.x + 100);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').waitFor();
    const placed = server.world.plan.areas.flatMap((area) => area.items.map((one) => one.subject));
    expect(placed.sort()).toEqual(server.world.live.windows.map((row) => row.id).sort());
    await page.locator('nav a', { hasText: '实时看板' }).click();
    await page.locator('.plan .item.urgent', { hasText: 'A03' }).waitFor();
  });

  it('the wall shows 176 windows at 3840 by 1080 without scrolling', async () => {
    const rows = server.world.live.windows;
    server.world.live.windows = Array.from({ length: 176 }, (_, i) => ({ ...rows[i % rows.length]!, id: `W${i}` }));
    watched = await watchedPage(browser, { url: server.url, width: 3840, height: 1080 });
    const { page } = watched;
    await signIn(page);
    await page.goto('/wall');
    await page.locator('.tile').nth(175).waitFor();
    const overflow = await page.evaluate(
      `(() => { const box = document.querySelector('.side .box'); return box.scrollHeight - box.clientHeight; })()`,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
