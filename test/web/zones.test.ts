import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

describe.skipIf(!hasChromium())('the zone editor', () => {
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
    watched = await watchedPage(browser, { url: server.url });
    await signIn(watched.page);
    await watched.page.goto('/cameras/cam-a1/zones');
    await watched.page.locator('.canvas img').waitFor();
  });
  afterEach(async () => {
    await watched.context.close();
    await server.close();
    expect(watched.faults).toEqual([]);
  });

  /** Clicks the picture at fractions of it. */
  async function clickAt(points: ReadonlyArray<readonly [number, number]>): Promise<void> {
    const frame = (await watched.page.locator('.canvas svg').boundingBox())!;
    for (const [x, y] of points) await watched.page.mouse.click(frame.x + x * frame.width, frame.y + y * frame.height);
  }

  const lastZones = (): unknown => (server.world.received.at(-1)?.body as { zones: unknown } | undefined)?.zones;

  it('draws a zone, snaps it to its neighbour, undoes, tests and saves', async () => {
    const { page } = watched;
    await page.locator('.pick', { hasText: '工作人员区' }).first().click();
    // The second corner lies near the corner of A03's zone at (0.2, 0.3) and is pulled there.
    await clickAt([
      [0.05, 0.3],
      [0.203, 0.304],
      [0.2, 0.7],
      [0.05, 0.7],
    ]);
    await page.keyboard.press('Enter');
    await page.getByText('4 个顶点').first().waitFor();
    expect(await page.locator('.corner').count()).toBe(4);

    await page.locator('.corner').first().focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: '测试识别' }).click();
    await page.getByText('A03 综合窗口 · 工作人员区').waitFor();
    expect(await page.locator('.canvas .found').count()).toBe(1);

    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存并生效').waitFor();
    const { staffZone } = lastZones() as { staffZone: number[][] };
    expect(staffZone).toHaveLength(4);
    expect(staffZone[1]).toEqual([0.2, 0.3]);
    expect(staffZone[0]![0]).toBeCloseTo(0.05, 2);
  });

  it('does not save edges that cross, and says so', async () => {
    const { page } = watched;
    await clickAt([
      [0.45, 0.1],
      [0.9, 0.1],
      [0.5, 0.35],
      [0.85, 0.35],
    ]);
    await page.keyboard.press('Enter');
    await page.getByText('边线交叉').waitFor();
    expect(await page.getByRole('button', { name: '保存' }).isDisabled()).toBe(true);
  });

  it('moves a corner with the mouse as one step of undo', async () => {
    const { page } = watched;
    await page.locator('.pick', { hasText: '4 个顶点' }).first().click();
    const corner = (await page.locator('.corner').nth(2).boundingBox())!;
    await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
    await page.mouse.down();
    await page.mouse.move(corner.x + 40, corner.y - 20, { steps: 5 });
    await page.mouse.up();
    expect(await page.getByRole('button', { name: '保存' }).isDisabled()).toBe(false);
    await page.getByRole('button', { name: '撤销' }).click();
    expect(await page.getByRole('button', { name: '撤销' }).isDisabled()).toBe(true);
  });
});
