import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  /** What is done on the page before that. */
  act?: (page: Page) => Promise<void>;
}

const tab = (label: string) => (page: Page) => page.locator('.el-tabs__item', { hasText: label }).click();
const press = (label: string) => (page: Page) => page.getByRole('button', { name: label, exact: true }).first().click();

const CSV =
  'window,kind,from,to,person,note\nA01,leave,2026-10-08 09:00,2026-10-08 12:00,赵一,\nZ99,leave,2026-10-08 09:00,2026-10-08 12:00,钱二,\n';

const SHOTS: Shot[] = [
  { name: 'board', path: '/', role: 'hall-supervisor', wait: '.card img' },
  {
    name: 'board-plan',
    path: '/plan',
    role: 'admin',
    wait: '.plan, svg',
    async act(page) {
      await press('按配置的区域生成')(page);
      await press('保存')(page);
      await page.goto('/');
      await press('平面图')(page);
    },
  },
  { name: 'alerts', path: '/alerts', role: 'hall-supervisor', wait: '.list strong' },
  { name: 'detail', path: '/alerts/absence-a03000000000000', role: 'hall-supervisor', wait: '.evidence img' },
  { name: 'cameras', path: '/cameras/cam-a2', role: 'admin', wait: '.pane img' },
  { name: 'camera-edit', path: '/cameras/cam-a2', role: 'admin', wait: '#camera-form', act: press('修改摄像机') },
  { name: 'camera-add', path: '/cameras', role: 'admin', wait: '.el-steps', act: press('添加摄像机') },
  { name: 'zones', path: '/cameras/cam-a1/zones', role: 'admin', wait: '.canvas img' },
  {
    name: 'zones-tested',
    path: '/cameras/cam-a1/zones',
    role: 'admin',
    wait: '.canvas .box, .canvas rect',
    act: press('测试识别'),
  },
  { name: 'duty', path: '/duty', role: 'hall-supervisor', wait: 'form.panel-body' },
  {
    name: 'duty-csv',
    path: '/duty',
    role: 'hall-supervisor',
    wait: '.el-dialog td',
    async act(page) {
      await press('导入 CSV')(page);
      const file = { name: 'leaves.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };
      await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
    },
  },
  { name: 'duty-standby', path: '/duty', role: 'hall-supervisor', wait: '.el-tab-pane:visible', act: tab('暂停服务') },
  { name: 'duty-shifts', path: '/duty', role: 'hall-supervisor', wait: '.el-tab-pane:visible', act: tab('班次与午休') },
  { name: 'duty-calendar', path: '/duty', role: 'hall-supervisor', wait: '.el-tab-pane:visible', act: tab('工作日历') },
  { name: 'duty-posts', path: '/duty', role: 'hall-supervisor', wait: '.el-tab-pane:visible', act: tab('岗位安排') },
  { name: 'duty-courtesy', path: '/duty', role: 'hall-supervisor', wait: '.el-tab-pane:visible', act: tab('文明用语') },
  {
    name: 'duty-attendance',
    path: '/duty',
    role: 'hall-supervisor',
    wait: '.el-tab-pane:visible',
    act: tab('刷脸考勤'),
  },
  { name: 'rules', path: '/rules', role: 'admin', wait: '.card' },
  {
    name: 'rules-backtest',
    path: '/rules',
    role: 'manager',
    wait: '.card .rest li, .card .rest table, .card .rest dl, .card .rest p',
    async act(page) {
      await page.locator('.card input').first().fill('10m');
      await page.locator('.card input').first().blur();
      await page.getByRole('button', { name: '回测这些改动' }).first().click();
    },
  },
  { name: 'rooms', path: '/rooms/R1', role: 'admin', wait: '.room' },
  { name: 'seats', path: '/rooms/R1/seats', role: 'admin', wait: 'h1' },
  { name: 'areas', path: '/rooms/R1/areas', role: 'admin', wait: 'h1' },
  { name: 'speech', path: '/rooms/R1', role: 'bid-supervisor', wait: '.hits' },
  { name: 'patrols', path: '/patrols', role: 'hall-supervisor', wait: 'h1' },
  { name: 'words', path: '/words', role: 'bid-supervisor', wait: 'table' },
  { name: 'reports', path: '/reports/2026-10', role: 'manager', wait: 'table' },
  { name: 'my-month', path: '/my-month', role: 'staff', wait: 'h1' },
  { name: 'staff', path: '/alerts', role: 'staff', wait: '.list strong' },
  { name: 'system', path: '/system', role: 'admin', wait: '.cards' },
  { name: 'system-users', path: '/system', role: 'admin', wait: 'tbody tr', act: tab('用户') },
  { name: 'system-audit', path: '/system', role: 'admin', wait: 'tbody tr', act: tab('审计日志') },
  { name: 'system-views', path: '/system', role: 'admin', wait: 'tbody tr', act: tab('查阅登记') },
  { name: 'system-models', path: '/system', role: 'admin', wait: 'tbody tr', act: tab('模型') },
  { name: 'system-tokens', path: '/system', role: 'admin', wait: '.el-tab-pane:visible', act: tab('接口令牌') },
  { name: 'evidence', path: '/evidence', role: 'bid-supervisor', wait: '.gauge' },
  { name: 'plan', path: '/plan', role: 'admin', wait: 'h1' },
  { name: 'not-found', path: '/nowhere', role: 'admin', wait: 'main' },
  { name: 'wall', path: '/wall', role: 'hall-supervisor', wait: '.card img', sizes: [[3840, 1080]] },
];

/** Pictures are there and nothing is loading any more. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined);
  await page.waitForFunction('[...document.images].every((image) => image.complete)');
}

/** Takes one picture; false where the page did not come to what was waited for. The picture is taken all the same. */
async function taken(page: Page, { name, path, wait, act }: Shot, width: number): Promise<boolean> {
  await page.goto(path);
  await page.locator('main#content, .wall').first().waitFor();
  const reached = await Promise.resolve(act?.(page))
    .then(() => page.locator(wait).first().waitFor({ timeout: 6000 }))
    .then(() => true)
    .catch(() => false);
  await settled(page);
  await page.screenshot({ path: `${folder}/${name}-${width}.png` });
  return reached;
}

/** Pictures for people to look at: set HALLWATCH_SHOTS to a folder, HALLWATCH_SHOT to names with commas for those alone. */
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
    watched.page.setDefaultTimeout(8000);
    await look(watched, server);
    await watched.context.close();
    await server.close();
  }

  it('of every page and of the moments that matter', { timeout: 600_000 }, async () => {
    const missed: string[] = [];
    const wanted = SHOTS.filter(({ name }) => !only || only.split(',').includes(name));
    // One visit for all pages of a role: signing in takes longer than most pages.
    const visits = new Map<string, Array<{ shot: Shot; width: number; height: number }>>();
    for (const shot of wanted) {
      for (const [width, height] of shot.sizes ?? SIZES) {
        const key = `${shot.role} ${width}`;
        visits.set(key, [...(visits.get(key) ?? []), { shot, width, height }]);
      }
    }
    for (const shots of visits.values()) {
      const { shot, width, height } = shots[0]!;
      await visit({ role: shot.role, width, height }, async ({ page }) => {
        await signIn(page);
        for (const one of shots) if (!(await taken(page, one.shot, width))) missed.push(`${one.shot.name} ${width}`);
      });
    }
    expect(missed).toEqual([]);
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
