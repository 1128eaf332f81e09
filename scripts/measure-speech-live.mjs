#!/usr/bin/env node
// How long after a listed word was said in the simulated room it is on the board: the whole hall of `npm start`, live.
//   node scripts/measure-speech-live.mjs [--room] [--shot FILE]        after a build
// The script of the room is moved so that the word is said a hundred seconds from now (pictures are painted first); the ledger says that the hall ran until just now, so
// that no past has to be replayed before. With --room only the room's camera runs. The delay is the instant at which a browser's event stream
// gives the alert (and, with --shot, at which Chromium shows the hit) less the instant at which the last sample of the word was said.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openLedger } from '../dist/alerts/ledger/openLedger.js';
import { systemClock as clock, sleep } from '../dist/core/clock.js';
import { loadConfig } from '../dist/core/config/load.js';
import { makeLogger, silentLogger } from '../dist/core/log.js';
import { startService } from '../dist/pipeline/service.js';

const alone = process.argv.includes('--room');
const shot = process.argv.includes('--shot') ? process.argv[process.argv.indexOf('--shot') + 1] : undefined;
const WORD_AT_MS = 40_000;
const LOOP_MS = 40 * 60_000;
const PASSWORD = 'measure the delay 1';
const saidAt = clock.now() + (alone ? 45_000 : 100_000);
const data = mkdtempSync(join(tmpdir(), 'hallwatch-speech-live-'));
const anchor = Math.floor((saidAt - WORD_AT_MS - LOOP_MS) / 2000) * 2000;
mkdirSync(join(data, 'simulator'), { recursive: true });
writeFileSync(join(data, 'simulator', 'anchor'), `${anchor}\n`);
const config = loadConfig('config/simulated-hall.yaml', { HALLWATCH_PORT: '0', HALLWATCH_DATA: data });
config.board.host = '127.0.0.1';
config.mqtt.enabled = false;
if (alone) {
  const { cameras } = config.rooms[0];
  config.cameras = config.cameras.filter(({ id }) => cameras.includes(id));
  config.windows = [];
  config.patrols = [];
}
const earlier = openLedger(join(data, 'ledger.sqlite'), { clock, log: silentLogger });
const look = { subject: config.rooms[0].id, kind: 'persons', at: clock.now() - 5000, value: 1 };
earlier.observations.append(look);
await earlier.close();
const steps = new Map();
let before = 0;
const service = await startService({
  ...{ config, configFile: undefined, env: process.env, clock, log: makeLogger({ level: process.env.LOG ?? 'error' }) },
  ...{ version: 'measure', webFolder: resolve(process.env.HALLWATCH_WEB ?? 'web/dist'), demo: true },
  onStep: (step) => step.rule === 'speech' && steps.set(`${step.id}/${step.ordinal}`, { step, at: clock.now() }),
});
const { url } = service.board;
let simulated;
clock.after(saidAt + 45_000 - clock.now(), () => {
  console.log(JSON.stringify({ failed: 'no hit 45 s after the word', simulated, replayed: steps.size }));
  process.exit(1);
});
const session = await signIn();
const page = shot ? await openPage() : undefined;
const arrived = await firstHit();
const shown = page && (await page.shown);
const { step, at } = arrived;
const end = Number(step.detail.hit_end);
console.log(
  JSON.stringify({
    ...{ word: step.detail.word, tier: step.detail.tier, level: step.detail.level, demo: step.detail.demo },
    ...{ said: new Date(step.start).toISOString(), onBoardAfterS: (at - end) / 1000 },
    ...{
      inLedgerAfterS: (steps.get(`${step.id}/${step.ordinal}`).at - end) / 1000,
      cameras: config.cameras.length,
      simulated,
    },
    ...(shown === undefined ? {} : { shownInChromiumAfterS: (shown - end) / 1000 }),
  }),
);
if (page) {
  await page.page.screenshot({ path: shot });
  await page.browser.close();
}
await service.close();
rmSync(data, { recursive: true, force: true });
process.exit(at - end <= 2000 ? 0 : 1);

/** The first hit that is said live: those of the replayed past are older. */
async function firstHit() {
  const response = await fetch(`${url}/api/events`, { headers: { cookie: session.cookie } });
  let text = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      if (/^event: ?clock/m.test(event)) simulated = JSON.parse(/^data: ?(.*)$/m.exec(event)[1]).simulated;
      if (!/^event: ?step/m.test(event)) continue;
      const got = JSON.parse(/^data: ?(.*)$/m.exec(event)[1]);
      const known = [...steps.values()].find(({ step }) => step.id === got.incident.id && step.step === 'open');
      if (known && known.step.start > saidAt - 5000) return { step: known.step, at: clock.now() };
    }
  }
  throw new Error('the stream ended');
}

async function signIn() {
  const { name, password } = service.firstPasswords.find((one) => one.name === 'bid-supervisor');
  let cookie = '';
  let csrf = '';
  const post = async (path, body) => {
    const request = `measure${Math.random().toString(36).slice(2).padEnd(12, '0')}`.slice(0, 24);
    const headers = {
      'content-type': 'application/json',
      'x-hallwatch-csrf': csrf,
      'x-hallwatch-request': request,
      cookie,
    };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
    const found = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(found)}`);
    csrf = found.csrf ?? csrf;
  };
  await post('/api/session', { name, password });
  await post('/api/session/password', { current: password, next: PASSWORD });
  return { name, cookie };
}

/** The room's page in Chromium; `shown` is when a hit younger than the start stands on it. */
async function openPage() {
  const { chromium } = await import('playwright-core');
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...args, '--disable-component-update', '--disable-sync'],
  });
  const context = await browser.newContext({ viewport: { width: 1366, height: 1000 }, baseURL: url, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('#name').fill(session.name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.locator('main#content').waitFor();
  await page.goto(`/rooms/${config.rooms[0].id}`);
  const shown = (async () => {
    for (;;) {
      const now = clock.now();
      const hits = await page.locator('.hits > li').count();
      const live = now > saidAt - 2000;
      if (!live) before = hits;
      else if (hits > before) return clock.now();
      await sleep(clock, 50, new AbortController().signal);
    }
  })();
  return { browser, page, shown };
}
