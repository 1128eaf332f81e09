import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Role } from '../../src/board/access/actions.js';
import { worldAt } from './support/answers.js';
import { ensureBuilt, hasChromium, launch, signIn, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';

const folder = process.env.HALLWATCH_SHOTS ?? '';
const only = process.env.HALLWATCH_SHOT;

const PAGES: Array<{ name: string; path: string; role: Role; wait?: string; width?: number; height?: number }> = [
  { name: 'board', path: '/', role: 'hall-supervisor', wait: '.card img' },
  { name: 'alerts', path: '/alerts', role: 'hall-supervisor' },
  { name: 'detail', path: '/alerts/absence-a03000000000000', role: 'hall-supervisor', wait: '.evidence img' },
  { name: 'cameras', path: '/cameras/cam-a2', role: 'admin', wait: '.pane img' },
  { name: 'zones', path: '/cameras/cam-a1/zones', role: 'admin', wait: '.canvas img' },
  { name: 'duty', path: '/duty', role: 'hall-supervisor' },
  { name: 'rules', path: '/rules', role: 'admin' },
  { name: 'rooms', path: '/rooms/R1', role: 'admin' },
  { name: 'system', path: '/system', role: 'admin' },
];

/** Pictures of every page for people to look at: set HALLWATCH_SHOTS to a folder. */
describe.skipIf(!folder || !hasChromium())('screenshots', () => {
  let browser: Browser;
  let server: FixtureServer;
  beforeAll(async () => {
    ensureBuilt();
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  const sizes: Array<[number, number]> = [
    [1366, 768],
    [1920, 1080],
  ];
  const cases = PAGES.filter((page) => !only || page.name === only).flatMap((page) =>
    sizes.map(([width, height]) => ({ ...page, width, height })),
  );
  if (!only || only === 'wall')
    cases.push({ name: 'wall', path: '/wall', role: 'hall-supervisor', wait: '.card img', width: 3840, height: 1080 });
  if (!only || only === 'signin') cases.push({ name: 'signin', path: '', role: 'admin', width: 1366, height: 768 });

  it.skipIf(only !== undefined && only !== 'states')('moments', async () => {
    server = await fixtureServer(worldAt(Date.now()));
    server.world.kind = 'sim';
    const { page, context } = await watchedPage(browser, { url: server.url, language: 'en' });
    const shot = (name: string) => page.screenshot({ path: `${folder}/${name}.png` });
    await signIn(page);
    await page.locator('.card img').first().waitFor();
    await shot('moment-english');
    await page.locator('.tile').nth(2).click();
    await page.locator('.el-dialog img').waitFor();
    await shot('moment-window');
    await page.goto('/alerts/absence-a03000000000000');
    await page.locator('.acts button').nth(1).click();
    await page.locator('.el-dialog .el-radio').nth(1).click();
    await shot('moment-verdict');
    await page.goto('/');
    await page.locator('.card img').first().waitFor();
    server.cut();
    await page.locator('.banner.lost').waitFor();
    await shot('moment-lost');
    await context.close();
    await server.close();
  });

  it.each(cases)('$name at $width', async ({ name, path, role, wait, width, height }) => {
    server = await fixtureServer(worldAt(Date.now()));
    server.world.role = role;
    const { page, context, faults } = await watchedPage(browser, { url: server.url, width, height });
    if (path) {
      await signIn(page);
      await page.goto(path);
      if (wait) await page.locator(wait).first().waitFor();
    } else await page.goto('/');
    await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => undefined);
    await page.screenshot({ path: `${folder}/${name}-${width}.png` });
    if (faults.length) console.warn(name, faults);
    await context.close();
    await server.close();
  });
});
