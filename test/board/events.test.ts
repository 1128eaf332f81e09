import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventClient } from '../../src/board/http/eventClient.js';
import { windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type Harness, startBoard } from './support/boardHarness.js';
import { readEvents } from './support/eventReader.js';

const ids = (events: Array<{ event: string; id: string | undefined }>): string[] =>
  events.filter(({ event }) => event === 'step').map(({ id }) => id!);

async function listen(harness: Harness, cookie: string, headers: Record<string, string> = {}) {
  const reader = await readEvents(`${harness.board.url}/api/events`, { cookie, ...headers });
  onTestFinished(() => reader.close());
  return reader;
}

const away = (id: string, since = 1) =>
  ({
    type: 'window',
    window: { id: windowId(id), state: 'away', since: eventMs(since), staff: 0, citizens: 'unknown' },
  }) as const;

describe('the live stream', () => {
  it('begins with a snapshot and goes on with changes', async () => {
    const harness = await startBoard();
    const user = await harness.signIn('hall-supervisor');
    harness.raise({ subject: 'A01' });
    const stream = await listen(harness, user.cookie);
    const { data } = await stream.until(({ event }) => event === 'snapshot');
    expect(data).toMatchObject({
      seq: 1,
      open: [{ subject: 'A01' }],
      windows: [{ id: 'A01', name: 'A01 综合窗口' }, { state: 'unknown' }],
    });
    harness.live.publish(away('A02'), eventMs(1));
    expect((await stream.until(({ event }) => event === 'window')).data).toMatchObject({
      id: 'A02',
      state: 'away',
      area: '二楼',
    });
    harness.raise({ subject: 'A02' });
    const step = await stream.until(({ event }) => event === 'step');
    expect(step).toMatchObject({
      id: '2',
      data: { seq: 2, step: { step: 'open' }, incident: { subject: 'A02', durationMs: 900_000 } },
    });
  });

  it('loses nothing while a browser is away, also across a restart of its connection', async () => {
    const harness = await startBoard();
    const user = await harness.signIn('hall-supervisor');
    const first = await listen(harness, user.cookie);
    harness.raise({ subject: 'A01', startMs: 1000 });
    const { id } = await first.until(({ event }) => event === 'step');
    first.close();
    for (let i = 0; i < 450; i++) harness.raise({ subject: 'A02', startMs: 2000 + i });
    const second = await listen(harness, user.cookie, { 'last-event-id': id! });
    await second.until((event) => event.id === '451');
    harness.raise({ subject: 'A01', startMs: 9000 });
    await second.until((event) => event.id === '452');
    expect(ids(second.events)).toEqual(Array.from({ length: 451 }, (_, i) => String(i + 2)));
    expect(second.events[0]!.event).toBe('snapshot');
  });

  it('tells everybody when a person moves an incident', async () => {
    const harness = await startBoard();
    const user = await harness.signIn('hall-supervisor');
    const incident = harness.raise({ subject: 'A01' });
    const stream = await listen(harness, user.cookie);
    await user.post(`/api/incidents/${incident}/acknowledge`, { ifSteps: 0 });
    const { data } = await stream.until(({ event }) => event === 'workflow');
    expect(data).toMatchObject({ id: incident, workflow: { state: 'verifying' } });
  });

  it('keeps rooms and sensitive words from hall supervisors', async () => {
    const harness = await startBoard();
    const hall = await harness.signIn('hall-supervisor');
    const bid = await harness.signIn('bid-supervisor');
    const [one, two] = [await listen(harness, hall.cookie), await listen(harness, bid.cookie)];
    harness.raise({ subject: 'R1', rule: 'speech' });
    harness.raise({ subject: 'A01' });
    await Promise.all([one, two].map((stream) => stream.until((event) => event.id === '2')));
    expect([ids(one.events), ids(two.events)]).toEqual([['2'], ['1', '2']]);
    expect([one.events[0]!.data.rooms.length, two.events[0]!.data.rooms.length]).toEqual([0, 1]);
  });

  it('ends with its session, and says in between that it is alive', async () => {
    const harness = await startBoard();
    const user = await harness.signIn('manager');
    const stream = await listen(harness, user.cookie);
    await stream.until(({ event }) => event === 'snapshot');
    await harness.clock.advance(15_000);
    await user.delete('/api/session');
    await harness.clock.advance(15_000);
    await stream.ended;
    expect((await listen(harness, user.cookie)).status).toBe(401);
  });

  it('tells the time of the hall, and that it is only played', async () => {
    const simulated = { catchingUp: true, behindMs: 120_000.4, speed: 60 };
    const harness = await startBoard({ system: { sinks: [], simulated: () => simulated } });
    const user = await harness.signIn('hall-supervisor');
    harness.live.publish(away('A01'), eventMs(5000));
    const stream = await listen(harness, user.cookie);
    await stream.until(({ event }) => event === 'snapshot');
    await harness.clock.advance(5000);
    const told = { at: 5000, simulated: { ...simulated, behindMs: 120_000 } };
    expect((await stream.until(({ event }) => event === 'clock')).data).toEqual({ ...told, now: harness.clock.now() });
    expect((await user.get('/api/live')).body).toMatchObject(told);
  });

  it('says of a real hall that it is real', async () => {
    const { signIn } = await startBoard();
    expect((await (await signIn('hall-supervisor')).get('/api/live')).body.simulated).toBeNull();
  });

  it('finds steps that nobody told the hub of', async () => {
    const harness = await startBoard();
    const user = await harness.signIn('manager');
    const stream = await listen(harness, user.cookie);
    await stream.until(({ event }) => event === 'snapshot');
    const publish = harness.live.publish;
    harness.live.publish = () => {};
    harness.raise({ subject: 'A01' });
    harness.live.publish = publish;
    await harness.clock.advance(15_000);
    expect((await stream.until(({ event }) => event === 'step')).id).toBe('1');
  });
});

describe('a browser that does not read', () => {
  it('is owed the newest of each window, and its steps later', async () => {
    let drained = 0;
    let response!: ServerResponse;
    const server = createServer((_request, answer) => {
      response = answer;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(server, 'request');
    response.writeHead(200);
    let nowMs = 0;
    const client = eventClient(response, { nowMs: () => nowMs, onDrain: () => (drained += 1) });
    const filler = 'x'.repeat(64 * 1024);
    let sent = 0;
    while (client.step(sent, 'step', filler)) sent += 1;
    expect(sent).toBeLessThan(200);
    nowMs = 40_000;
    expect(client.blockedMs(nowMs)).toBe(40_000);
    for (let i = 0; i < 10_000; i++) client.change('window A01', 'window', { i, filler });
    expect(response.writableLength).toBeLessThan(2 * 1024 * 1024);

    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.resume();
    while (!text.includes('"i":9999')) await once(socket, 'data');
    expect(text.match(/event: window/g)).toHaveLength(1);
    expect(drained).toBeGreaterThan(0);
    expect(client.step(sent, 'step', 'on')).toBe(true);
    socket.destroy();
  });
});
