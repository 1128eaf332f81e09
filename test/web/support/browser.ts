import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether the machine has a Chromium; says so once where it has none. */
export function hasChromium(): boolean {
  const found = existsSync(CHROMIUM);
  if (!found) console.info(`skipped: no ${CHROMIUM}`);
  return found;
}

/** Builds the pages where that has not been done; the build script keeps two test files from building at once. */
export function ensureBuilt(): void {
  if (existsSync(`${root}web/dist/index.html`)) return;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root });
  if (status !== 0) throw new Error(`the pages do not build: ${stderr.toString()}`);
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: ARGS });

/** A page with everything that must not happen written down: errors, refused scripts, addresses outside the server. */
export interface Watched {
  page: Page;
  context: BrowserContext;
  faults: string[];
}

export async function watchedPage(
  browser: Browser,
  {
    url,
    width = 1366,
    height = 768,
    language,
  }: { url: string; width?: number; height?: number; language?: 'en' | 'zh-CN' },
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height },
    baseURL: url,
    locale: 'zh-CN',
    timezoneId: 'Europe/London',
  });
  if (language) await context.addInitScript(`localStorage.setItem('hallwatch.language', '${language}')`);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is reported by the browser itself and is what some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !address.startsWith('data:') && !address.startsWith('blob:'))
      faults.push(`outside: ${address}`);
  });
  return { page, context, faults };
}

export async function signIn(page: Page): Promise<void> {
  await page.goto('/');
  await page.locator('#name').fill('duban');
  await page.locator('#password').fill('正确的密码');
  await page.locator('button[type=submit]').click();
  await page.locator('main#content, form #current').first().waitFor();
}
