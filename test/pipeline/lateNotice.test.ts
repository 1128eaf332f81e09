import { describe, expect, it, vi } from 'vitest';
import type { TellLate } from '../../src/board/incidents/escalations.js';
import { parseConfig } from '../../src/core/config/load.js';
import { lateNotice, overtakenNow } from '../../src/pipeline/lateNotice.js';
import { openChannel } from '../../src/pipeline/openChannel.js';
import { siteFacts } from '../../src/pipeline/siteFacts.js';
import { startBoard } from '../board/support/boardHarness.js';
import { HALL_YAML } from '../board/support/hall.js';
import { startHttp } from '../support/http.js';
import { startOutbox } from '../support/outbox.js';

const MINUTE_MS = 60_000;
/** What must wait is asked for again every five seconds of the fake clock: some hundred times in half an hour, not twenty thousand times. */
const LADDER = { stepsMs: [1000, 5000], jitter: 0 };
const channels = (more = '') => `
channels:
  - { name: duty, type: wecom, url: "\${env:WECOM}", for: [hall-supervisor]${more} }
  - { name: head, type: dingtalk, url: "\${env:DINGTALK}", secret: "\${env:KEY}", for: [manager]${more} }
  - { name: desk, type: webhook, url: "\${env:WEBHOOK}", secret: "\${env:KEY}", for: [hall-supervisor, bid-supervisor]${more} }
`;

/** A board whose deadlines go out through three channels to real receivers; nine in the morning, everything on the fake clock. */
async function hall(more = '') {
  const postedAtMs: number[] = [];
  let clockMs = (): number => 0;
  const server = await startHttp(({ path }) => {
    if (path.startsWith('/wecom')) postedAtMs.push(clockMs());
    return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
  });
  const env = {
    WECOM: `${server.url}/wecom?key=k`,
    DINGTALK: `${server.url}/dingtalk?access_token=t`,
    WEBHOOK: `${server.url}/webhook`,
    KEY: 'SEC-1234567890',
  };
  const config = parseConfig(HALL_YAML + channels(more), 'hall.yaml', env);
  let tell: TellLate = () => [];
  const harness = await startBoard({ tellLate: (due, step) => tell(due, step) });
  const { ledger, clock } = harness;
  clockMs = clock.monotonicMs;
  const sinks = config.channels.map((channel) =>
    openChannel(channel, { config, env, clock, suppressed: () => false, overtaken: overtakenNow(ledger) }),
  );
  tell = lateNotice({ ledger, sinks, facts: siteFacts(config) });
  const outbox = startOutbox({ ledger, sinks, clock, ladder: LADDER });
  const to = (path: string) => server.requests.filter((request) => request.path.startsWith(path));
  const texts = (path: string): string[] => to(path).map(({ body }) => JSON.parse(body).text.content);
  /** Until everything that is due has been answered by the receivers. */
  const idle = () =>
    vi.waitFor(
      async () => {
        await clock.advance(1000);
        expect(outbox.stats().map(({ depth }) => depth)).toEqual([0, 0, 0]);
      },
      { timeout: 20_000, interval: 5 },
    );
  return { ...harness, postedAtMs, outbox, to, texts, idle };
}

describe('handling that is late', () => {
  it('is told to the supervisors first, to the manager from the second time, and to systems as signed JSON', async () => {
    const { raise, clock, texts, to, idle } = await hall();
    const id = raise({ subject: 'A01' });
    await clock.advance(9 * MINUTE_MS);
    expect(texts('/wecom')).toEqual([]);
    await clock.advance(1.5 * MINUTE_MS);
    await idle();
    expect(texts('/wecom')).toEqual([
      expect.stringMatching(
        /^【处置超时】A01 综合窗口 · 不动产:离岗\n停留在“待确认”,已过规定时限\n应于 10-08 09:10 前完成,已超 \d+ 秒\n编号 absence-[0-9a-f]{16}$/,
      ),
    ]);
    expect(texts('/dingtalk')).toEqual([]);
    const [first] = to('/webhook');
    expect(JSON.parse(first!.body)).toMatchObject({
      ...{ id, loopOrdinal: 1, rule: 'absence', subject: 'A01', state: 'found', track: 'state', level: 1 },
      dueAt: '2026-10-08T01:10:00.000Z',
    });
    expect(first!.headers).toMatchObject({ 'idempotency-key': `${id}.loop.1` });
    expect(String(first!.headers['x-hallwatch-signature'])).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);

    await clock.advance(10 * MINUTE_MS);
    await idle();
    expect(texts('/wecom')).toHaveLength(2);
    expect(texts('/dingtalk')).toEqual([expect.stringContaining('第 2 次催办')]);
    await clock.advance(30 * MINUTE_MS);
    await idle();
    // Three times, then everybody knows.
    expect(texts('/wecom')).toHaveLength(3);
    expect(texts('/dingtalk')).toHaveLength(2);
  });

  it('waits out quiet hours and is then told once, as it stands then', async () => {
    const { raise, clock, texts, to, idle, outbox } = await hall(', quietHours: [{ from: "09:00", to: "09:35" }]');
    raise({ subject: 'A01' });
    await clock.advance(34 * MINUTE_MS);
    expect(to('/')).toEqual([]);
    expect(outbox.stats()[0]!.depth).toBe(1);
    await clock.advance(2 * MINUTE_MS);
    await idle();
    expect(texts('/wecom')).toEqual([expect.stringContaining('第 3 次催办')]);
    expect(texts('/dingtalk')).toEqual([expect.stringContaining('第 3 次催办')]);
    expect(to('/webhook')).toHaveLength(1);
  });

  it('is not told any more where somebody has taken it up meanwhile', async () => {
    const { raise, clock, to, idle, signIn } = await hall(', quietHours: [{ from: "09:00", to: "09:30" }]');
    const user = await signIn('hall-supervisor', 'wang');
    const id = raise({ subject: 'A01' });
    await clock.advance(12 * MINUTE_MS);
    await user.post(`/api/incidents/${id}/acknowledge`, { ifSteps: 1 });
    await clock.advance(20 * MINUTE_MS);
    await idle();
    expect(to('/')).toEqual([]);
  });

  it('of a room goes to those who may know of rooms, and a sensitive word to the bid supervisors alone', async () => {
    const { raise, clock, texts, to, idle } = await hall();
    raise({ subject: 'R1', rule: 'speech' });
    await clock.advance(45 * MINUTE_MS);
    await idle();
    expect([texts('/wecom'), texts('/dingtalk')]).toEqual([[], []]);
    expect(to('/webhook').map(({ body }) => JSON.parse(body).level)).toEqual([1, 2, 3]);
  });

  it('in a hundred places becomes digests: never over 20 messages in any minute, and nothing is left out', async () => {
    const { raise, clock, texts, idle, postedAtMs } = await hall();
    for (let i = 0; i < 100; i++) raise({ subject: i % 2 ? 'A01' : 'A02', startMs: clock.now() - 900_000 - i * 1000 });
    await clock.advance(10 * MINUTE_MS);
    await idle();
    const counts = texts('/wecom').map((text) => Number(/处置超时 (\d+) 条/.exec(text)?.[1] ?? 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
    const inAnyMinute = postedAtMs.map((at) => postedAtMs.filter((other) => other >= at && other < at + 60_000).length);
    expect(Math.max(...inAnyMinute)).toBeLessThanOrEqual(20);
    expect(Math.max(...counts)).toBeGreaterThan(20);
  });
});
