import { describe, expect, it, onTestFinished } from 'vitest';
import { cameraMessage } from '../../../src/alerts/outbox/messages.js';
import { influxSink } from '../../../src/alerts/sinks/influxSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { cameraId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';
import { type Answer, type ReceivedRequest, startHttp } from '../../support/http.js';
import { hasInfluxd, startInfluxd } from '../../support/influxd.js';
import { alertRow } from '../../support/outbox.js';
import { sinkContract } from './sinkContract.js';

const never = new AbortController().signal;
const DATABASE = 'hall';
const INFLUX = { 'x-influxdb-version': '1.6.7' };

function openSink(url: string, clock = systemClock) {
  const sink = influxSink({ url, database: DATABASE, clock });
  onTestFinished(() => sink.close());
  return sink;
}

if (hasInfluxd) {
  sinkContract('influx', async () => {
    const server = await startInfluxd();
    return {
      sink: openSink(server.url),
      async received() {
        // In order of arrival there is none: a time series is ordered by event time.
        const rows = await server.query(DATABASE, 'SELECT id, step FROM alert ORDER BY time');
        return rows.map((row) => `${row.id}.1`);
      },
      stopReceiver: () => server.stop('SIGKILL'),
      startReceiver: () => server.start(),
    };
  });
}

describe.runIf(hasInfluxd)('influx with a real server', () => {
  it('creates the database, writes each measurement, and leaves it as it was after a double replay', async () => {
    const server = await startInfluxd();
    const sink = openSink(server.url);
    const atMs = Date.UTC(2026, 9, 8);
    const site = { site: 'haishu', district: '' };
    const seconds = { present_s: 40, absent_s: 15, unknown_s: 5, exempt_s: 0 };
    const payloads = {
      camera: cameraMessage('haishu', cameraId('cam-1'), ['frozen'], eventMs(atMs)),
      observation: { measurement: 'observation', atMs, id: 'W01', tags: { ...site, window: 'W01' }, fields: seconds },
      pipeline: { measurement: 'pipeline', atMs, id: 'look', tags: site, fields: { looks: 12, p99_ms: 31.5 } },
    };
    const batch = [
      ...Array.from({ length: 500 }, (_, i) => alertRow(i + 1)),
      alertRow(501, { kind: 'camera', payload: JSON.stringify(payloads.camera) }),
      alertRow(502, { kind: 'measurement', payload: JSON.stringify(payloads.observation) }),
      alertRow(503, { kind: 'measurement', payload: JSON.stringify(payloads.pipeline) }),
    ];
    for (const _ of [1, 2]) expect((await sink.deliver(batch, never)).accepted).toHaveLength(503);
    expect(await server.query(DATABASE, 'SELECT count(id), sum(count) FROM alert')).toMatchObject([
      { count: 500, sum: 500 },
    ]);
    expect(await server.query(DATABASE, 'SHOW TAG KEYS FROM alert')).toEqual(
      ['department', 'district', 'rule', 'severity', 'site', 'window'].map((tagKey) => ({ tagKey })),
    );
    expect(await server.query(DATABASE, 'SELECT * FROM observation')).toMatchObject([
      { present_s: 40, absent_s: 15, unknown_s: 5, exempt_s: 0, window: 'W01' },
    ]);
    expect(await server.query(DATABASE, 'SELECT * FROM camera_health')).toMatchObject([
      { state: 'impaired', up: 1, findings: 1, finding_list: 'frozen', camera: 'cam-1' },
    ]);
    expect(await server.query(DATABASE, 'SELECT * FROM pipeline')).toMatchObject([{ looks: 12, p99_ms: 31.5 }]);
  });

  it('finds the poison rows of a batch by halving it and writes all others', async () => {
    const server = await startInfluxd();
    const sink = openSink(server.url);
    await sink.deliver([alertRow(1)], never);
    const poison = (n: number) =>
      alertRow(n, { payload: alertRow(n).payload.replace(/"durationS":\d+/, '"durationS":"long"') });
    const batch = Array.from({ length: 200 }, (_, i) => ([17, 18, 140].includes(i) ? poison(i) : alertRow(i)));
    const delivered = await sink.deliver(batch, never);
    expect(delivered.accepted).toHaveLength(197);
    expect(delivered.rejected.map(({ id }) => id).sort()).toEqual([140, 17, 18]);
    expect(delivered.rejected[0]!.reason).toContain('field type conflict');
    expect(await server.query(DATABASE, 'SELECT count(id) FROM alert')).toMatchObject([{ count: 197 }]);
  });
});

describe('influx with a server that misbehaves', () => {
  const answering = async (answer: (request: ReceivedRequest) => Answer, clock = systemClock) => {
    const server = await startHttp(answer);
    return { server, sink: openSink(server.url, clock) };
  };

  it.each([
    ['503', { status: 503, headers: INFLUX }, 'unreachable'],
    ['500', { status: 500, headers: INFLUX }, 'unreachable'],
    ['429', { status: 429, headers: INFLUX }, 'protocol'],
    ['401', { status: 401, headers: INFLUX }, 'auth-failed'],
    ['403', { status: 403, headers: INFLUX }, 'auth-failed'],
    ['a 400 of something that is no InfluxDB', { status: 400 }, 'protocol'],
    ['a 404 of something that is no InfluxDB', { status: 404 }, 'protocol'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'protocol'],
  ] as const)('keeps the rows on %s', async (_, answer, code) => {
    const { sink } = await answering(() => answer);
    await expect(sink.deliver([alertRow(1), alertRow(2)], never)).rejects.toMatchObject({ code, retryable: true });
  });

  it('keeps what was written before the server went away half-way through the halving', async () => {
    let writes = 0;
    const { sink } = await answering(() => {
      writes += 1;
      if (writes === 1) return { status: 400, headers: INFLUX, body: '{"error":"partial write: dropped=1"}' };
      return { status: writes === 2 ? 204 : 503, headers: INFLUX };
    });
    const delivered = await sink.deliver(
      [1, 2, 3, 4].map((n) => alertRow(n)),
      never,
    );
    expect(delivered).toEqual({ accepted: [1, 2], rejected: [], retry: [3, 4] });
  });

  it('gives up on a server that says nothing', async () => {
    const clock = fakeClock();
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { sink } = await answering(() => {
      asked();
      return 'silence';
    }, clock);
    const outcome = expect(sink.deliver([alertRow(1)], never)).rejects.toMatchObject({ code: 'timeout' });
    await wasAsked;
    await clock.advance(10_000);
    await outcome;
  });
});
