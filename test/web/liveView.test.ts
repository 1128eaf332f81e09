import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock as clock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { type LiveViews, liveViews } from '../../src/ingest/liveView/liveViews.js';
import { PASSWORD, startBoard } from '../board/support/boardHarness.js';
import { HALL_YAML } from '../board/support/hall.js';
import { CLOCK_GRID, clockCamera } from '../support/clockCamera.js';
import { hasRtspServer } from '../support/rtspServer.js';
import { ensureBuilt, hasChromium, launch, type Watched, watchedPage } from './support/browser.js';
import { counterPicture } from './support/picture.js';

const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/** Reads the burnt-in clock from the picture shown now; how many seconds it lies behind this machine's clock. */
const BEHIND_S = `(({ block, columns, rows }) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns * block, rows * block];
  const context = canvas.getContext('2d');
  context.drawImage(document.querySelector('video'), 0, 0);
  let ms = 0;
  for (let bit = 0; bit < columns * rows; bit++) {
    const [x, y] = [(bit % columns) * block + block / 2, Math.floor(bit / columns) * block + block / 2];
    ms = ms * 2 + (context.getImageData(x, y, 1, 1).data[0] > 128 ? 1 : 0);
  }
  return (Date.now() - ms) / 1000;
})(${JSON.stringify(CLOCK_GRID)})`;

/** Settles when the video has played on by 0.4 s of its own time. */
const PLAYS_ON = `new Promise((resolve) => {
  const player = document.querySelector('video');
  const from = player.currentTime;
  const ask = () => (player.currentTime > from + 0.4 ? resolve() : requestAnimationFrame(ask));
  ask();
})`;

describe.skipIf(!hasChromium() || !hasRtspServer())('the live view in a browser, from an RTSP camera', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function withCamera(): Promise<{ live: LiveViews; watched: Watched }> {
    const camera = await clockCamera();
    const live = liveViews({
      sourcesOf: async () => [{ kind: 'network', url: camera.url, timeoutMs: 5000, media: 'video', analyzeMs: 500 }],
      ...{ clock, log },
    });
    onTestFinished(async () => {
      await live.close();
      await camera.stop();
    });
    const jpeg = await counterPicture({ staffed: true, citizen: false });
    const config = parseConfig(HALL_YAML.replace('sim:counter', camera.url), 'hall.yaml');
    const harness = await startBoard({
      webFolder,
      config: { current: () => config, file: undefined, apply: () => 'restart-needed' },
      cameras: {
        picture: async () => ({ at: eventMs(clock.now()), jpeg }),
        look: async () => ({
          at: eventMs(clock.now()),
          boxes: [{ box: [0.1, 0.1, 0.4, 0.9], label: 'person', score: 0.9 }],
          zones: [],
        }),
        video: (id, signal) => live.watch(id, signal),
      },
    });
    await harness.signIn('admin', 'root');
    const watched = await watchedPage(browser, { url: harness.board.url });
    await watched.page.goto('/');
    await watched.page.locator('#name').fill('root');
    await watched.page.locator('#password').fill(PASSWORD);
    await watched.page.locator('button[type=submit]').click();
    await watched.page.locator('main#content').waitFor();
    return { live, watched };
  }

  it('shows what the camera sees within 3 s, draws boxes over it, and reads nothing once nobody looks', async () => {
    const { live, watched } = await withCamera();
    const { page, faults, context } = watched;
    await page.goto('/cameras/cam-1');
    await page.locator('video.shown').waitFor({ timeout: 30_000 });
    await page.locator('figure .picture-note', { hasText: '实时视频' }).waitFor();
    const behind: number[] = [];
    for (let look = 0; look < 10; look++) {
      await page.evaluate(PLAYS_ON);
      behind.push(Number(await page.evaluate(BEHIND_S)));
    }
    console.info(`live view behind the camera, s: ${behind.map((s) => s.toFixed(2)).join(' ')}`);
    expect(Math.max(...behind)).toBeLessThan(3);
    expect(Math.min(...behind)).toBeGreaterThan(0);

    await page.locator('.look .el-switch').click();
    await page.locator('figure .tag', { hasText: 'person 90%' }).waitFor();
    expect(await page.locator('video.shown').count()).toBe(1);

    await page.goto('/alerts');
    await expect.poll(() => live.running, { timeout: 15_000 }).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows pictures where the stream breaks off, and says so', async () => {
    const { live, watched } = await withCamera();
    const { page, context } = watched;
    await page.goto('/cameras/cam-1');
    await page.locator('video.shown').waitFor({ timeout: 30_000 });
    await live.close();
    await page.locator('figure .picture-note', { hasText: '每秒一幅图片' }).waitFor();
    await page.locator('figure img').waitFor();

    await context.close();
  });
});
