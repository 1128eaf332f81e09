import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, hasChromium, launch, signIn, watchedPage } from './support/browser.js';
import { type FixtureServer, fixtureServer } from './support/server.js';
import { worldAt } from './support/world.js';

const PAGES = [
  ['/', '.tile'],
  ['/alerts/absence-a03000000000000', '.evidence img'],
  ['/rooms/R1', '.room'],
  ['/cameras/cam-a2', '.pane img'],
  ['/cameras/cam-a1/zones', '.canvas img'],
  ['/rules', '.card'],
  ['/duty', 'form.panel-body'],
  ['/system', '.cards'],
  ['/evidence', '.gauge'],
  ['/evaluations', 'h1'],
  ['/patrols', 'h1'],
  ['/rooms/R1/seats', 'h1'],
  ['/rooms/R1/areas', 'h1'],
  ['/reports/2026-10', 'table'],
  ['/words', 'table'],
  ['/plan', 'h1'],
  ['/wall', '.tile'],
] as const;

/** Buttons, links and fields without a name; words that look like a key; whether the page is wider than its window. */
const AUDIT = `(() => {
  const named = (element) => (element.getAttribute('aria-label') || element.title || element.innerText || element.placeholder
    || [...(element.labels || [])].map((label) => label.innerText).join('')
    || element.querySelector('img[alt]:not([alt=""])')?.alt || '').trim();
  const shown = (element) => element.getClientRects().length > 0 && !element.closest('[aria-hidden=true]');
  const controls = [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')].filter(shown);
  return {
    nameless: controls.filter((element) => !named(element)).map((element) => element.outerHTML.slice(0, 160)),
    keys: document.body.innerText.match(/\\b(alerts|api|areas|board|cameras|common|courtesy|desk|duty|evaluations|evidence|patrols|reports|rooms|rules|seats|shell|system|words)\\.[a-z]\\w+/g) || [],
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})()`;

describe.skipIf(!hasChromium())('every page', () => {
  let browser: Browser;
  let server: FixtureServer;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await fixtureServer(worldAt(Date.now()));
    server.world.role = 'admin';
  });
  afterEach(() => server.close());

  it.each(['zh-CN', 'en'] as const)(
    'in %s: no fault, no nameless control, no key for a text, no sideways scrolling',
    async (language) => {
      const { page, context, faults } = await watchedPage(browser, { url: server.url, language });
      await signIn(page);
      for (const [path, wait] of PAGES) {
        await page.goto(path);
        await page.locator(wait).first().waitFor({ timeout: 15_000 });
        const audit = await page.evaluate(AUDIT);
        expect(audit, path).toEqual({ nameless: [], keys: [], wider: 0 });
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    170_000,
  );
});
