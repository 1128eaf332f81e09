import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webhookSink } from '../../../src/alerts/sinks/webhookSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { fakeClock } from '../../support/fakeClock.js';
import { type Answer, type ReceivedRequest, startHttp } from '../../support/http.js';
import { alertRow } from '../../support/outbox.js';
import { sinkContract } from './sinkContract.js';

const never = new AbortController().signal;
const SECRET = 'a-secret-of-the-hall';

async function target(answer: (request: ReceivedRequest) => Answer, clock = systemClock) {
  const server = await startHttp(answer);
  const sink = webhookSink({ name: 'desk', url: `${server.url}/hook`, secret: SECRET, clock });
  onTestFinished(() => sink.close());
  return { server, sink };
}

sinkContract('webhook', async () => {
  const { server, sink } = await target(() => ({ status: 204 }));
  const keys = () => [...new Set(server.requests.map((request) => String(request.headers['idempotency-key'])))];
  return { sink, received: async () => keys(), stopReceiver: server.stop, startReceiver: server.start };
});

describe('webhook', () => {
  it('signs time and body, so that the receiver can check both', async () => {
    const clock = fakeClock(Date.UTC(2026, 9, 8, 1, 0, 0));
    const { server, sink } = await target(() => ({ status: 200, body: 'thanks' }), clock);
    await sink.deliver([alertRow(1)], never);
    const [request] = server.requests;
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request!.headers['x-hallwatch-signature']))!;
    expect(Number(t)).toBe(Date.UTC(2026, 9, 8, 1, 0, 0) / 1000);
    expect(createHmac('sha256', SECRET).update(`${t}.${request!.body}`).digest('hex')).toBe(v1);
    expect(JSON.parse(request!.body)).toMatchObject({ schema: 1, seq: 1, step: 'open', subjectName: '01 综合窗口' });
    expect(request!.headers['idempotency-key']).toMatch(/^absence-[0-9a-f]{16}\.1$/);
    expect(JSON.stringify(server.requests)).not.toContain(SECRET);
  });

  it.each([
    [400, 'rejected'],
    [404, 'rejected'],
    [410, 'rejected'],
    [422, 'rejected'],
    [408, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [302, 'later'],
    [401, 'later'],
    [403, 'later'],
  ])('takes an answer of %i for %s', async (status, expected) => {
    const { sink } = await target(() => ({ status, headers: { location: 'http://127.0.0.1:9/' } }));
    const outcome = sink.deliver([alertRow(1)], never);
    if (expected === 'later') await expect(outcome).rejects.toMatchObject({ retryable: true });
    else expect(await outcome).toMatchObject({ accepted: [], rejected: [{ id: 1 }], retry: [] });
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await startHttp(() => ({ status: 200 }));
    const { sink } = await target(() => ({ status: 307, headers: { location: elsewhere.url } }));
    await expect(sink.deliver([alertRow(1)], never)).rejects.toMatchObject({ retryable: true });
    expect(elsewhere.requests).toEqual([]);
  });

  it('holds back the rest of a subject behind a failure, and no other subject', async () => {
    const { server, sink } = await target(({ body }) => ({ status: body.includes('"subject":"W01"') ? 500 : 200 }));
    const batch = [1, 2, 3, 4].map((n) => alertRow(n, { subject: n % 2 === 0 ? 'W02' : 'W01' }));
    expect(await sink.deliver(batch, never)).toEqual({ accepted: [2, 4], rejected: [], retry: [1, 3] });
    expect(server.requests).toHaveLength(3);
  });

  it('gives up on a receiver that says nothing', async () => {
    const clock = fakeClock();
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    const { sink } = await target(() => {
      asked();
      return 'silence';
    }, clock);
    const outcome = expect(sink.deliver([alertRow(1)], never)).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    });
    await wasAsked;
    await clock.advance(10_000);
    await outcome;
  });
});
