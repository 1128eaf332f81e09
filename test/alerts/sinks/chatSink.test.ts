import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AlertSink } from '../../../src/alerts/outbox/alertSink.js';
import { alertMessage } from '../../../src/alerts/outbox/messages.js';
import { alertRows } from '../../../src/alerts/outbox/routing.js';
import { dingtalkRobot, wecomRobot } from '../../../src/alerts/sinks/chatRobots.js';
import { type ChatRobot, type ChatSinkOptions, chatSink } from '../../../src/alerts/sinks/chatSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { subjectId } from '../../../src/core/ids.js';
import { fakeClock } from '../../support/fakeClock.js';
import { type Answer, type ReceivedRequest, startHttp } from '../../support/http.js';
import { alertStep, testLedger } from '../../support/ledger.js';
import { alertRow, facts, startOutbox } from '../../support/outbox.js';
import { sinkContract } from './sinkContract.js';

const never = new AbortController().signal;
const FINE: Answer = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
const WRITTEN = { language: 'zh-CN', timeZone: 'Asia/Shanghai' } as const;

const textOf = (request: ReceivedRequest): string => JSON.parse(request.body).text.content;
const idsIn = (text: string): string[] => [...text.matchAll(/编号 (\S+)/g)].map(([, id]) => `${id}.1`);

for (const kind of ['wecom', 'dingtalk'] as const) {
  sinkContract(kind, async () => {
    const server = await startHttp(() => FINE);
    const options = { name: kind, url: `${server.url}/robot?key=k`, clock: systemClock };
    const robot = kind === 'wecom' ? wecomRobot(options) : dingtalkRobot({ ...options, secret: 'SEC1' });
    const sink = chatSink({ name: kind, robot, clock: systemClock, ...WRITTEN });
    const received = async () => server.requests.flatMap((request) => idsIn(textOf(request)));
    return { sink, received, stopReceiver: server.stop, startReceiver: server.start };
  });
}

describe('the robots', () => {
  it('WeCom gets a text under the address with its key', async () => {
    const server = await startHttp(() => FINE);
    const robot = wecomRobot({ name: 'duty', url: `${server.url}/cgi-bin/webhook/send?key=k-1`, clock: systemClock });
    expect(await robot.post('你好', never)).toEqual({ type: 'sent' });
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/cgi-bin/webhook/send?key=k-1' });
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ msgtype: 'text', text: { content: '你好' } });
  });

  it('DingTalk gets the time and its signature beside the token', async () => {
    const clock = fakeClock();
    const server = await startHttp(() => FINE);
    const url = `${server.url}/robot/send?access_token=t`;
    await dingtalkRobot({ name: 'duty', url, secret: 'SECabc', clock }).post('你好', never);
    const query = new URL(server.requests[0]!.path, server.url).searchParams;
    const timestamp = String(clock.now());
    const sign = createHmac('sha256', 'SECabc').update(`${timestamp}\nSECabc`).digest('base64');
    expect(Object.fromEntries(query)).toEqual({ access_token: 't', timestamp, sign });
  });

  it.each<[string, Answer, string]>([
    ['too many messages', { status: 200, body: '{"errcode":45009,"errmsg":"freq"}' }, 'unreachable'],
    ['too many messages at DingTalk', { status: 200, body: '{"errcode":130101,"errmsg":"too fast"}' }, 'unreachable'],
    ['a wrong key', { status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }, 'auth-failed'],
    ['a broken gateway', { status: 502 }, 'unreachable'],
    ['a page instead of an answer', { status: 200, body: '<html>' }, 'protocol'],
    ['another place', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'protocol'],
  ])('%s is tried again later, and the key is in no message of ours', async (_, answer, code) => {
    const server = await startHttp(() => answer);
    const robot = wecomRobot({ name: 'duty', url: `${server.url}/send?key=top-secret`, clock: systemClock });
    const told = await robot.post('x', never);
    expect(told).toMatchObject({ type: 'later', error: { code, retryable: true } });
    expect(JSON.stringify(told) + (told.type === 'later' ? told.error.message : '')).not.toContain('top-secret');
  });
});

/** A robot that keeps what it is told, with the time. */
function fakeRobot(clock = fakeClock()) {
  const posts: Array<{ atMs: number; text: string }> = [];
  let problem: AppError | undefined;
  const robot: ChatRobot = {
    async post(text) {
      if (problem) return { type: 'later', error: problem };
      posts.push({ atMs: clock.monotonicMs(), text });
      return { type: 'sent' };
    },
  };
  const sink = (more: Partial<ChatSinkOptions> = {}): AlertSink =>
    chatSink({ name: 'channel-duty', robot, clock, ...WRITTEN, ...more });
  return { posts, clock, sink, fail: (error: AppError | undefined) => (problem = error) };
}

describe('what a chat is told', () => {
  it('says rule, place, length, time and number in Chinese, with the address of the board', async () => {
    const { posts, sink } = fakeRobot();
    await sink({ boardUrl: 'https://hall.example' }).deliver([alertRow(1)], never);
    expect(posts[0]!.text.split('\n')).toEqual([
      '【离岗】01 综合窗口 · 不动产登记',
      '空岗 15 分,期间画面覆盖率 100%',
      '开始时间 10-08 10:00',
      expect.stringMatching(/^编号 absence-[0-9a-f]{16}$/),
      expect.stringMatching(/^处理:https:\/\/hall\.example\/alerts\/absence-[0-9a-f]{16}$/),
    ]);
  });

  it('never says a word that was spoken, a name, or a picture, whatever the rule keeps in its detail', async () => {
    const { posts, sink } = fakeRobot();
    const step = alertStep(1, {
      rule: 'speech',
      subject: subjectId('R1'),
      detail: { word: '围标', before: '我们商量好围标', person: '张三', clip: 'a.mp4' },
    });
    const payload = JSON.stringify(alertMessage(facts, step, 1));
    await sink().deliver([alertRow(1, { payload })], never);
    expect(posts[0]!.text).toContain('【评标敏感词】第一评标室');
    expect(posts[0]!.text).toContain('请登录督查系统查看');
    for (const word of ['围标', '商量', '张三', 'mp4']) expect(posts[0]!.text).not.toContain(word);
  });

  it('names what is wrong with a camera', async () => {
    const { posts, sink } = fakeRobot();
    const camera = {
      schema: 1,
      site: 'h',
      camera: 'cam-1',
      state: 'offline',
      findings: ['offline'],
      at: '2026-10-08T01:00:00.000Z',
    };
    const row = (id: number, message: object) => alertRow(id, { kind: 'camera', payload: JSON.stringify(message) });
    await sink().deliver([row(1, camera), row(2, { ...camera, findings: [], at: '2026-10-08T01:05:00.000Z' })], never);
    expect(posts.map(({ text }) => text)).toEqual(['【设备】摄像机 cam-1:摄像机离线', '【设备】摄像机 cam-1:恢复正常']);
  });

  it('keeps the rest of a batch for later where the robot stops answering, and tells nothing twice', async () => {
    const { posts, sink, fail } = fakeRobot();
    const chat = sink();
    expect(await chat.deliver([alertRow(1)], never)).toEqual({ accepted: [1], rejected: [], retry: [] });
    fail(new AppError('unreachable', 'busy', { retryable: true }));
    await expect(chat.deliver([alertRow(2), alertRow(3)], never)).rejects.toMatchObject({ retryable: true });
    expect(await chat.deliver([alertRow(1), alertRow(2)], never)).toEqual({ accepted: [1], rejected: [], retry: [2] });
    fail(undefined);
    await chat.deliver([alertRow(1), alertRow(2), alertRow(3)], never);
    expect(posts).toHaveLength(3);
  });
});

describe('a storm', () => {
  it('of 100 alerts a second becomes digests: never over 20 messages a minute, nothing left out, nothing told twice', async () => {
    const robot = fakeRobot();
    const { clock, posts } = robot;
    const sink = robot.sink();
    const ledger = testLedger(':memory:', { clock });
    const outbox = startOutbox({ ledger, sinks: [sink], clock });
    const SECONDS = 90;
    let n = 0;
    for (let second = 0; second < SECONDS; second++) {
      for (let i = 0; i < 100; i++) {
        const step = alertStep(++n, { subject: subjectId(i % 2 ? 'W01' : 'W02'), priority: i < 5 ? 'high' : 'normal' });
        ledger.commitStep(step, alertRows([sink], facts, step));
      }
      await clock.advance(1000);
    }
    await clock.advance(120_000);
    expect(outbox.stats()[0]).toMatchObject({ depth: 0, delivered: SECONDS * 100, rejected: 0 });

    const counted = posts.map(({ text }) => Number(/共 (\d+) 条/.exec(text)?.[1] ?? 1));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(SECONDS * 100);
    const inAnyMinute = posts.map(
      ({ atMs }) => posts.filter((other) => other.atMs >= atMs && other.atMs < atMs + 60_000).length,
    );
    expect(Math.max(...inAnyMinute)).toBeLessThanOrEqual(20);
    expect(posts.some(({ text }) => /其中优先 \d\d+ 条\n离岗 \d+ 条:/.test(text))).toBe(true);
    expect(Math.max(...posts.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(2048);
  });
});
