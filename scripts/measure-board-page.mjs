// How smooth the pages are in Chromium while they are used, for measure-board.mjs: what a person would feel as a stall.
import { chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
// Exact heap figures, and a collection when asked for; without a GPU pictures are drawn by the same two cores.
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const EXACT = ['--enable-precise-memory-info', '--js-flags=--expose-gc'];

/**
 * In the page: notes the time of every frame and every task over 50 ms while `use` runs.
 * A frame's time is what lies between two calls of requestAnimationFrame.
 */
const WATCH = `window.waitFrames = (count) => new Promise((resolve) => {
  const next = (left) => (left > 0 ? requestAnimationFrame(() => next(left - 1)) : resolve());
  next(count);
});
window.watchFrames = () => {
  const frames = [];
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)));
  observer.observe({ type: 'longtask' });
  let last = performance.now();
  let running = true;
  const tick = (at) => {
    frames.push(at - last);
    last = at;
    if (running) requestAnimationFrame(tick);
  };
  requestAnimationFrame((at) => {
    last = at;
    requestAnimationFrame(tick);
  });
  return () => {
    running = false;
    tasks.push(...observer.takeRecords().map((one) => one.duration));
    observer.disconnect();
    return { frames, tasks };
  };
};`;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const ms = (value) => value.toFixed(1).padStart(7);

/** Signs in by cookie and prints a line a use: frame times, long tasks, elements, heap. */
export async function measurePages({ url, cookie, raiseOne, changeAll }) {
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: [...ARGS, ...EXACT] });
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' });
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url }]);
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    console.log(
      `\n${'in the page, 1920x1080'.padEnd(46)}frames   median      p95    worst   >50 ms  long tasks    sum ms  elements  heap MB`,
    );
    await opened(page, url);
    const during = (what, use) => measured(page, what, use);
    await during('live board left alone for 5 s', () => page.evaluate(() => window.waitFrames(300)));
    await during('200 windows change 10 times in 5 s', () =>
      inTurn(page, 10, 30, () => {
        changeAll(1);
      }),
    );
    await during('20 alerts arrive on the live board', () => inTurn(page, 20, 15, raiseOne));
    await listed(page, url);
    await during('alert list, wheel: 12 px a frame', () => scroll(page, { frames: 240, step: 12 }));
    await during('alert list, wheel: 120 px a frame', () => scroll(page, { frames: 240, step: 120 }));
    await during('alert list, dragged from top to end', () => scroll(page, { frames: 240 }));
    await during('20 alerts arrive on the alert list', () => inTurn(page, 20, 15, raiseOne));
    await during('arrow keys through 30 alerts', async () => {
      await page.evaluate(() => document.querySelector('.rows').scrollTo(0, 0));
      await page.locator('.rows .row button, .rows .row a').first().click();
      for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown');
    });
  } finally {
    await browser.close();
  }
}

async function opened(page, url) {
  await page.goto(`${url}/`);
  await page.locator('.link.live').waitFor();
  await page.locator('.card').first().waitFor();
  const facts = await page.evaluate(() => {
    const [load] = performance.getEntriesByType('navigation');
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return { loaded: load.domContentLoadedEventEnd, painted: paint?.startTime ?? 0, now: performance.now() };
  });
  console.log(
    `live board: first words after ${facts.painted.toFixed(0)} ms, live with 200 windows and its alerts after ${facts.now.toFixed(0)} ms`,
  );
}

async function listed(page, url) {
  await page.goto(`${url}/alerts?view=all`);
  await page.waitForFunction(() => document.querySelector('.rows .runway')?.clientHeight > 500_000);
}

/** Scrolls the list by `step` px a frame, or from its top to its end in that many frames. */
const scroll = (page, options) =>
  page.evaluate(async ({ frames, step }) => {
    const list = document.querySelector('.rows');
    const by = step ?? (list.scrollHeight - list.clientHeight) / frames;
    list.scrollTop = 0;
    for (let i = 1; i <= frames; i++) {
      list.scrollTop = by * i;
      await window.waitFrames(1);
    }
  }, options);

/** Does something so many times, some frames apart. */
async function inTurn(page, times, framesApart, act) {
  for (let i = 0; i < times; i++) {
    await act();
    await page.evaluate((count) => window.waitFrames(count), framesApart);
  }
}

async function measured(page, what, use) {
  await page.evaluate(() => {
    window.stopWatching = window.watchFrames();
  });
  await use();
  const { frames, tasks, elements, heap } = await page.evaluate(() => {
    const seen = window.stopWatching();
    window.gc?.();
    const heapBytes = performance.memory.usedJSHeapSize;
    return { ...seen, elements: document.querySelectorAll('*').length, heap: heapBytes / 1048576 };
  });
  const sorted = [...frames].sort((a, b) => a - b);
  const slow = frames.filter((one) => one > 50).length;
  const sum = tasks.reduce((total, one) => total + one, 0);
  console.log(
    `${what.padEnd(46)}${String(frames.length).padStart(6)}  ${ms(at(sorted, 0.5))}  ${ms(at(sorted, 0.95))}  ${ms(sorted.at(-1) ?? 0)}  ${String(slow).padStart(7)}  ${String(tasks.length).padStart(10)}  ${sum.toFixed(0).padStart(8)}  ${String(elements).padStart(8)}  ${heap.toFixed(1).padStart(7)}`,
  );
}
