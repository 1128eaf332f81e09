import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { evidenceStore } from '../../src/alerts/evidence/evidenceStore.js';
import { evaluationId } from '../../src/core/evaluation.js';
import { cameraId, roomId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import type { SpeechEvent } from '../../src/core/speech.js';
import { eventMs, plusMs } from '../../src/core/time.js';
import { writtenEntry } from '../../src/core/words.js';
import { replayEngine } from '../../src/detectors/speech/replay.js';
import { sherpaAfter } from '../../src/detectors/speech/sherpa/after.js';
import type { AudioItem } from '../../src/ingest/soundChunks.js';
import { afterSession } from '../../src/pipeline/afterSession.js';
import { evidencePort } from '../../src/pipeline/boardPorts.js';
import { hallRecorder } from '../../src/pipeline/hallRecorder.js';
import { hallSpeech } from '../../src/pipeline/hallSpeech.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import { wordsPort } from '../../src/pipeline/speechPort.js';
import { hallWords } from '../../src/pipeline/speechWords.js';
import { type Harness, PASSWORD, startBoard } from '../board/support/boardHarness.js';
import { temporaryFolder } from '../support/ledger.js';
import { ensureBuilt, hasChromium, launch, watchedPage } from './support/browser.js';

const webFolder = process.env.HALLWATCH_WEB ?? fileURLToPath(new URL('../../web/dist/', import.meta.url));
const shots = process.env.HALLWATCH_SHOTS ?? '';
const ROOM = roomId('R1');
const CAMERA = cameraId('cam-r');
const SECONDS = 120;

const LIST = [
  { word: '照顾一下', level: 'serious' },
  { word: '甲方意思', level: 'serious', allow: ['不得询问甲方意思'] },
  { word: '价', level: 'warning', context: { words: ['低', '高'], gap: 8 } },
];

/** What is said, by whom, seconds from the beginning. */
const says = (text: string, start: number, end: number, speaker: string): SpeechEvent => ({
  ...{ type: 'segment', start: eventMs(start * 1000), end: eventMs(end * 1000), text, speaker },
});
const SCRIPT = [
  says('评审纪律第一条，不得询问甲方意思。', 2, 6, 'S1'),
  says('这一家的评价标准比较高。', 8, 11, 'S2'),
  says('第二家请大家照顾一下。', 15, 18, 'S2'),
  says('第三家也招呼一下，赵固一下。', 66, 69, 'S3'),
];

/** Something to hear, in the pieces that a camera gives. */
function* sound(start: number): Generator<AudioItem> {
  for (let at = 0; at < SECONDS * 1000; at += 200) {
    const samples = Float32Array.from({ length: 3200 }, (_, i) => 0.2 * Math.sin(i / 9));
    yield { type: 'audio', chunk: { camera: CAMERA, at: eventMs(start + at), sampleRate: 16_000, samples } };
  }
}

/** An evaluation in R1 that the pipeline hears as it would a camera's sound, up to its closing. */
async function evaluation({ ledger, live, clock, config }: Harness, folder: string): Promise<number> {
  const start = clock.now() - SECONDS * 1000 - 60_000;
  const session = {
    ...{ id: evaluationId('E1'), project: 'HS-2026-118', projectName: '医疗设备', roster: [], bidders: [], signIn: [] },
    ...{ rooms: [{ room: ROOM, venue: 'main' as const }], plannedStart: eventMs(start), reentryAllowed: false },
    ...{ plannedEnd: eventMs(start + 3_600_000), state: 'open' as const, openedAt: eventMs(start), version: 0 },
  };
  const { version } = ledger.evaluations.save(session, 0);
  const words = LIST.map((word) => writtenEntry.parse(word));
  ledger.wordLists.save({ scope: 'hall', words, note: '', by: 'u1', basedOn: 0 });
  const tracks = hallTracks(config());
  const judge = makeJudge(tracks.all);
  const facts = { site: 'test', district: '', subjects: new Map() };
  const onStep = (step: Parameters<typeof speech.onStep>[0]): void => speech.onStep(step);
  const recorder = hallRecorder({ ledger, facts, hub: live, log, sinks: [], onStep });
  let finish = (): void => {};
  const played = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* items(): AsyncGenerator<AudioItem> {
    yield* sound(start);
    finish();
  }
  const speech = hallSpeech({
    ...{ config: config(), engine: replayEngine(SCRIPT), ledger, judge, recorder, clock, log, evidenceFolder: folder },
    words: hallWords({ site: 'test', ledger, file: undefined, log }),
    findings: () => new Set(),
    openSound: () => ({ source: { camera: CAMERA, items, close: async () => {} } }),
  });
  await played;
  await speech.close();
  for (let at = start; at <= start + (SECONDS + 20) * 1000; at += 1000) {
    recorder.keep(await judge.feed({ type: 'tick', camera: CAMERA, at: eventMs(at) }), eventMs(at));
  }
  const after = afterSession({
    ...{ config: config(), ledger, clock, log, sound: async () => undefined },
    after: sherpaAfter({ root: temporaryFolder(), clock }),
  });
  const closedAt = plusMs(eventMs(start), SECONDS * 1000);
  ledger.evaluations.save({ ...session, state: 'closed', closedAt }, version);
  await clock.advance(31_000);
  await after.idle();
  await after.close();
  return start;
}

async function shot(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

describe.skipIf(!hasChromium())('sensitive words, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('a word and its homophone are two hits with context and clip; one is confirmed, one rejected, and it counts', {
    timeout: 120_000,
  }, async () => {
    const folder = temporaryFolder();
    const hall = await startBoard({ webFolder, words: wordsPort(), evidence: evidencePort(evidenceStore(folder)) });
    const chen = await hall.signIn('bid-supervisor', 'chen');
    const { page, context, faults } = await watchedPage(browser, { url: hall.board.url, height: 1000 });
    onTestFinished(() => context.close());
    await page.goto('/');
    await page.locator('#name').fill('chen');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    await page.goto('/rooms/R1');
    const start = await evaluation(hall, folder);
    expect((await chen.get('/api/rooms/R1/hits')).body).toMatchObject({ state: 'ready', data: [{}, {}] });

    const hits = page.locator('.hits > li');
    await hits.nth(1).waitFor();
    expect(await hits.count()).toBe(2);
    const zone = hall.config().site.timeZone;
    const clock = (at: number): string => new Date(at).toLocaleTimeString('en-GB', { timeZone: zone });
    const [second, first] = [hits.nth(0), hits.nth(1)];
    for (const [hit, text] of [
      [first, ['照顾一下', '严重', '原字', clock(start + 16_600).slice(0, 5), 'S2', '评价标准比较高', '第二家请大家']],
      [second, ['照顾一下', '听到：赵固一下', '同音', clock(start + 67_900).slice(0, 5), 'S3', '第三家也招呼一下']],
    ] as const)
      for (const part of text) expect(await hit.textContent()).toContain(part);
    const incidents = hall.ledger.incidents.list({ rule: 'speech' }, { limit: 9 }).items;
    expect(incidents.map((one) => Math.round((one.start - start) / 100) / 10).sort((a, b) => a - b)).toEqual([
      expect.closeTo(16.6, 0),
      expect.closeTo(67.9, 0),
    ]);
    expect(await page.locator('.transcript p').count()).toBe(4);
    expect(await page.locator('.transcript mark').allInnerTexts()).toEqual(['照顾一下', '赵固一下']);
    await page.getByText('HS-2026-118').first().waitFor();
    await page.getByText('标点：引擎已给出').waitFor();

    await second.getByRole('button', { name: '试听' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await second.locator('audio').waitFor();
    // In the page's own words: types of a browser are not those of these tests.
    await page.evaluate(`document.querySelector('.hits audio').play()`);
    const fact = (name: string) => page.evaluate<number>(`document.querySelector('.hits audio').${name}`);
    await expect.poll(() => fact('currentTime'), { timeout: 10_000 }).toBeGreaterThan(0.3);
    expect(await fact('duration')).toBeGreaterThan(20);
    expect(hall.ledger.viewings.list({ limit: 9 })).toHaveLength(1);
    await shot(page, 'speech-room');

    await first.getByRole('button', { name: '确认', exact: true }).click();
    await first.getByText('已确认').waitFor();
    await second.getByRole('button', { name: '驳回（误报）' }).click();
    await second.getByText('已驳回').waitFor();
    await page.locator('nav a[href="/words"]').click();
    const row = page.locator('tr', { hasText: '50%' });
    await row.waitFor();
    expect((await row.locator('td').allInnerTexts()).slice(0, 4)).toEqual(['2', '1', '1', '0']);
    await shot(page, 'speech-precision');
    expect(faults).toEqual([]);
  });
});
