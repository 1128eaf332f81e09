import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Role } from '../../src/board/access/actions.js';
import { ensureBuilt, hasChromium, launch, signIn, type Watched, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

const folder = process.env.HALLWATCH_SHOTS ?? '';
const only = process.env.HALLWATCH_SHOT;
const SIZES: Array<[number, number]> = [
  [1366, 768],
  [1920, 1080],
];

interface Shot {
  name: string;
  path: string;
  role: Role;
  /** What must be there before the picture is taken. */
  wait: string;
  sizes?: Array<[number, number]>;
}

const SHOTS: Shot[] = [
  { name: 'board', path: '/', role: 'hall-supervisor', wait: '.card img' },
  { name: 'alerts', path: '/alerts', role: 'hall-supervisor', wait: '.list strong' },
  { name: 'detail', path: '/alerts/absence-a03000000000000', role: 'hall-supervisor', wait: '.evidence img' },
  { name: 'cameras', path: '/cameras/cam-a2', role: 'admin', wait: '.pane img' },
  { name: 'zones', path: '/cameras/cam-a1/zones', role: 'admin', wait: '.canvas img' },
  { name: 'duty', path: '/duty', role: 'hall-supervisor', wait: 'form.panel-body' },
  { name: 'rules', path: '/rules', role: 'admin', wait: '.card' },
  { name: 'rooms', path: '/rooms/R1', role: 'admin', wait: '.room' },
  { name: 'speech', path: '/rooms/R1', role: 'bid-supervisor', wait: '.hits' },
  { name: 'words', path: '/words', role: 'bid-supervisor', wait: 'table' },
  { name: 'system', path: '/system', role: 'admin', wait: '.cards' },
  { name: 'evidence', path: '/evidence', role: 'bid-supervisor', wait: '.gauge' },
  { name: 'plan', path: '/plan', role: 'admin', wait: 'h1' },
  { name: 'wall', path: '/wall', role: 'hall-supervisor', wait: '.card img', sizes: [[3840, 1080]] },
];

/** Pictures for people to look at: set HALLWATCH_SHOTS to a folder, HALLWATCH_SHOT to one name for that one alone. */
describe.skipIf(!folder || !hasChromium())('screenshots', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function visit(
    options: { role: Role; width: number; height: number; language?: 'en' },
    look: (watched: Watched, server: FixtureServer) => Promise<void>,
  ): Promise<void> {
    const server = await fixtureServer(worldAt(Date.now()));
    server.world.role = options.role;
    if (options.language) server.world.live.simulated = { catchingUp: false, behindMs: 0, speed: 1 };
    const watched = await watchedPage(browser, { url: server.url, ...options });
    await look(watched, server);
    await watched.context.close();
    await server.close();
  }

  it('of every page and of the moments that matter', { timeout: 600_000 }, async () => {
    for (const { name, path, role, wait, sizes = SIZES } of SHOTS.filter((shot) => !only || shot.name === only)) {
      for (const [width, height] of sizes) {
        await visit({ role, width, height }, async ({ page }) => {
          await signIn(page);
          await page.goto(path);
          await page.locator(wait).first().waitFor();
          await page.screenshot({ path: `${folder}/${name}-${width}.png` });
        });
      }
    }
    if (!only || only === 'desk') await visit({ role: 'hall-supervisor', width: 1366, height: 1000 }, desk);
    if (!only || only === 'moments')
      await visit({ role: 'hall-supervisor', width: 1366, height: 768, language: 'en' }, moments);
  });

  async function desk({ page }: Watched): Promise<void> {
    await signIn(page);
    await page.locator('.card img').first().waitFor();
    await page.locator('.tile').nth(2).click();
    await page.locator('.desk .pictures img').first().waitFor();
    await page.screenshot({ path: `${folder}/desk.png` });
  }

  async function moments({ page }: Watched, server: FixtureServer): Promise<void> {
    const shot = (name: string) => page.screenshot({ path: `${folder}/moment-${name}.png` });
    await page.goto('/');
    await page.locator('#name').waitFor();
    await shot('sign-in');
    await signIn(page);
    await page.locator('.card img').first().waitFor();
    await shot('english');
    await page.locator('.tile').nth(2).click();
    await page.locator('.el-dialog img').first().waitFor();
    await shot('window');
    await page.goto('/alerts/absence-a03000000000000');
    await page.locator('.acts button').nth(1).click();
    await page.locator('.el-dialog .el-radio').nth(1).click();
    await shot('verdict');
    await page.goto('/');
    await page.locator('.card img').first().waitFor();
    server.cut();
    await page.locator('.banner.lost').waitFor();
    await shot('lost');
  }
});
