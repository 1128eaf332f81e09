import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

const PAGES = [
  ['/', '.tile'],
  ['/alerts', '.list strong'],
  ['/cameras', 'tbody tr'],
  ['/rules', '.card'],
  ['/duty', 'form.panel-body'],
  ['/wall', '.tile'],
] as const;

const ADMIN_PAGES = [
  ['/system', '.cards'],
  ['/cameras/cam-a2', '.pane dl'],
  ['/cameras/cam-a1/zones', '.canvas img'],
  ['/evaluations', 'h1'],
  ['/patrols', 'h1'],
  ['/reports/2026-10', 'table'],
] as const;

/** The element with the focus: where it is, whether it is seen, and whether a ring or the like marks it. */
const FOCUSED = `(async () => {
  const marks = (one) => {
    const style = getComputedStyle(one);
    return style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
  };
  const look = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // A field of Element Plus is marked by the box around it, a check box by the square beside it.
    const around = [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement,
      element.closest('.el-select__wrapper, .el-input__wrapper, .el-textarea, .el-range-editor'),
      element.closest('.el-switch')?.querySelector('.el-switch__core')].filter(Boolean);
    // The square of a check box and the slide of a switch are drawn beside a field without size.
    const { width, height, top, left } = (element.closest('label, .el-switch') ?? element).getBoundingClientRect();
    return { html: element.outerHTML.slice(0, 140), place: Math.round(top) + ',' + Math.round(left), size: width * height, marked: around.some(marks) };
  };
  let seen = look();
  // A calendar that opens under its field grows from nothing: what is not there after 60 frames is not seen at all.
  for (let frame = 0; frame < 60 && seen && !(seen.marked && seen.size > 0); frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    seen = look();
  }
  return seen;
})()`;

interface Focused {
  html: string;
  place: string;
  size: number;
  marked: boolean;
}

const STOPS = 40;

async function walk(page: Page): Promise<Focused[]> {
  const stops: Focused[] = [];
  for (let i = 0; i < STOPS; i++) {
    await page.keyboard.press('Tab');
    const focused = (await page.evaluate(FOCUSED)) as Focused | null;
    if (!focused) break;
    stops.push(focused);
  }
  return stops;
}

/** The board in the hands of somebody who cannot use a mouse. */
describe.skipIf(!hasChromium())('by the keyboard alone', () => {
  let browser: Browser;
  let server: FixtureServer;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await fixtureServer(worldAt(Date.now()));
  });
  afterEach(() => server.close());

  async function signedIn(): Promise<Page> {
    const { page } = await watchedPage(browser, { url: server.url });
    await page.goto('/');
    await page.locator('#name').waitFor();
    await page.locator('#name').focus();
    await page.keyboard.type('duban');
    await page.keyboard.press('Tab');
    await page.keyboard.type('正确的密码');
    await page.keyboard.press('Enter');
    await page.locator('main#content').waitFor();
    return page;
  }

  it.each([
    ['a supervisor', 'hall-supervisor', PAGES],
    ['an administrator', 'admin', ADMIN_PAGES],
  ] as const)(
    'every stop of the tab key on the pages of %s is seen and marked, and none is a trap',
    async (_, role, pages) => {
      server.world.role = role;
      const page = await signedIn();
      for (const [path, wait] of pages) {
        await page.goto(path);
        await page.locator(wait).first().waitFor();
        const stops = await walk(page);
        expect(stops.length, path).toBeGreaterThan(3);
        expect(
          stops.filter(({ marked, size }) => !marked || size === 0).map(({ html }) => html),
          path,
        ).toEqual([]);
        for (const [i, stop] of stops.slice(2).entries()) {
          const same = stops[i]!.html === stop.html && stops[i]!.place === stop.place;
          expect([path, stop.html, same && stops[i + 1]!.html === stop.html]).toEqual([path, stop.html, false]);
        }
      }
      await page.context().close();
    },
  );

  it('an alert is found, opened, taken up and judged', async () => {
    const page = await signedIn();
    await page.locator('.card').first().waitFor();
    // The first link jumps over bar and navigation.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement.matches('.card .title[href="/alerts/absence-a03000000000000"]')`))
        break;
    }
    await page.keyboard.press('Enter');
    const takeUp = page.locator('.acts').getByRole('button', { name: '确认收到' });
    await takeUp.waitFor();
    await takeUp.focus();
    await page.keyboard.press('Enter');
    await page.locator('.way .now', { hasText: '核实中' }).waitFor();
    const judge = page.locator('.acts').getByRole('button', { name: '判定', exact: true });
    await judge.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await dialog.getByRole('button', { name: '判定' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.loop dd', { hasText: '属实' }).waitFor();
    await page.context().close();
  });
});
