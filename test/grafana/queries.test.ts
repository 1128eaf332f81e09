import { beforeAll, describe, expect, it } from 'vitest';
import { ALERT_RULES } from '../../grafana/code/alerting.js';
import { DASHBOARDS } from '../../grafana/code/files.js';
import { VARIABLES } from '../../grafana/code/model.js';
import { serviceMessage, speechMessage } from '../../src/alerts/outbox/measurements.js';
import { cameraMessage } from '../../src/alerts/outbox/messages.js';
import { alertRows, cameraRows, measurementRows } from '../../src/alerts/outbox/routing.js';
import { prepareSchema } from '../../src/alerts/sinks/influxSchema.js';
import { influxSink } from '../../src/alerts/sinks/influxSink.js';
import { systemClock } from '../../src/core/clock.js';
import { AppError } from '../../src/core/errors.js';
import { cameraId, roomId } from '../../src/core/ids.js';
import { incidentId } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import type { OutboxRow } from '../../src/core/sink.js';
import { eventMs } from '../../src/core/time.js';
import { pipelineMeter } from '../../src/pipeline/pipelineMeter.js';
import { siteFacts } from '../../src/pipeline/siteFacts.js';
import { replayRows } from '../../src/reports/influxReplay.js';
import { monthSource } from '../../src/reports/month/source.js';
import { fakeClock } from '../support/fakeClock.js';
import { hasInfluxd, startInfluxd, type TestInflux } from '../support/influxd.js';
import { testLedger } from '../support/ledger.js';
import { startOutbox } from '../support/outbox.js';
import { until } from '../support/servers.js';
import { endOf, fillLedger, type SimulatedMonth, simulateMonth } from '../support/simulatedMonth.js';

const DATABASE = 'hallwatch';
const never = new AbortController().signal;
const DAYS = [8, 9, 10];
const DAY = 86_400_000;

const openSink = (url: string, schema = false) =>
  influxSink({
    ...{ url, database: DATABASE, clock: systemClock },
    ...(schema ? { schema: { retention: { raw: undefined, hourly: '520w' }, log: silentLogger } } : {}),
  });

async function deliver(sink: ReturnType<typeof openSink>, rows: Iterable<OutboxRow>): Promise<number> {
  let batch: OutboxRow[] = [];
  let written = 0;
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    const { accepted, rejected, retry } = await sink.deliver(batch, never);
    expect([rejected, retry]).toEqual([[], []]);
    written += accepted.length;
    batch = [];
  };
  for (const row of rows) if (batch.push(row) >= 5000) await send();
  await send();
  return written;
}

function simulatedHall() {
  const month = simulateMonth({ windows: 6, rooms: 2, days: DAYS, seed: 2 });
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  const facts = siteFacts(month.config);
  const source = monthSource({ ledger, config: month.config, asOf: endOf(month) });
  const span = { from: eventMs(month.from + 7 * DAY), to: eventMs(month.from + 10 * DAY) };
  return { month, clock, ledger, facts, source, span };
}

/** What the ledger does not keep, through the outbox and the real sink: cameras, the service, service hours, speech, a room's alert. */
async function liveParts(
  { month, clock, ledger, facts }: ReturnType<typeof simulatedHall>,
  url: string,
): Promise<void> {
  const sink = openSink(url, true);
  const at = month.from + 8 * DAY + 10 * 3_600_000;
  const outbox = {
    stats: () => [{ sink: 'influx', depth: 3, oldestAgeMs: 1500, delivered: 10, rejected: 0, failures: 1 }],
  };
  const cameras = () => [
    { stats: () => ({ frames: 900, dropped: 2, reconnects: 0, lastFrameAt: undefined, keyframeIntervalS: 2 }) },
  ];
  clock.step(at - clock.now());
  const meter = pipelineMeter({ ledger, sinks: [sink], facts, outbox, cameras, clock, log: silentLogger });
  await clock.advance(180_000);
  meter.stop();
  const camera = (id: string, findings: Parameters<typeof cameraMessage>[2]) =>
    cameraRows([sink], cameraMessage(facts.site, cameraId(id), findings, eventMs(at)));
  const hour = {
    sessions: 12,
    waitS: 1400,
    serveS: 5200,
    greetN: 10,
    greeted: 8,
    byeN: 10,
    bye: 7,
    smileN: 9,
    smileShare: 3.2,
  };
  ledger.outbox.enqueue([
    ...camera('cam-001', []),
    ...camera('cam-002', ['frozen']),
    ...camera('cam-003', ['offline']),
    ...measurementRows([sink], serviceMessage(facts, 'W001', { atMs: at, hour })),
    ...measurementRows(
      [sink],
      speechMessage(facts, 'R001', { atMs: at, level: 'high', hits: 2, heardS: 3000, notUnderstoodS: 120 }),
    ),
  ]);
  const start = eventMs(at);
  const base = {
    id: incidentId('sim', 'sealedRoom', roomId('R001'), start),
    rule: 'sealedRoom',
    ruleVersion: 'v',
    subject: roomId('R001'),
  };
  const step = { ...base, start, at: start, step: 'open', ordinal: 1, priority: 'high', tier: 0 } as const;
  ledger.commitStep(
    { ...step, seen: { observedMs: 1, unknownMs: 0 } },
    alertRows([sink], facts, { ...step, seen: { observedMs: 1, unknownMs: 0 } }),
  );
  const run = startOutbox({ ledger, sinks: [sink] });
  await until('everything is written', () => run.stats()[0]!.depth === 0);
}

/** A query as Grafana would send it. */
const filled = (query: string, { from, to }: { from: number; to: number }): string =>
  query
    .replaceAll('$timeFilter', `time >= ${from}ms AND time < ${to}ms`)
    .replaceAll('$__interval', '30m')
    .replaceAll(/\/\^\$\w+\$\//g, '/^.*$/');

async function ask(server: TestInflux, query: string) {
  const response = await fetch(`${server.url}/query?${new URLSearchParams({ db: DATABASE, q: query, epoch: 'ms' })}`);
  const body = (await response.json()) as {
    error?: string;
    results?: Array<{ error?: string; series?: Array<{ columns: string[]; values: unknown[][] }> }>;
  };
  return {
    status: response.status,
    error: body.error ?? body.results?.[0]?.error,
    series: body.results?.[0]?.series ?? [],
  };
}

const QUERIES = [
  ...DASHBOARDS.flatMap((spec) =>
    spec.panels.flatMap((panel) =>
      panel.queries.map(
        ({ refId, query, columns }) => [`${spec.title} / ${panel.title} / ${refId}`, query, columns] as const,
      ),
    ),
  ),
  ...ALERT_RULES.map(({ title, query, columns }) => [`告警规则 / ${title}`, query, columns] as const),
];

describe.runIf(hasInfluxd)('every query of every dashboard', () => {
  it('has its columns and values on a server that the real sinks filled, and replaying twice leaves the counts', async () => {
    const server = await startInfluxd();
    const hall = simulatedHall();
    await liveParts(hall, server.url);
    const sink = openSink(server.url);
    const written = await deliver(sink, replayRows({ ...hall, ...hall.span }));
    const counts = () =>
      server.query(
        DATABASE,
        'SELECT count("present_s"), sum("absent_s") FROM observation; SELECT count("id") FROM alert',
      );
    const alerts = () => server.query(DATABASE, 'SELECT count("id"), sum("count") FROM alert');
    const [first, firstAlerts] = [await counts(), await alerts()];
    expect(await deliver(sink, replayRows({ ...hall, ...hall.span }))).toBe(written);
    expect([await counts(), await alerts()]).toEqual([first, firstAlerts]);
    expect(Number(first[0]!.count)).toBeGreaterThan(6 * 2 * 1440);
    const incidents = hall.month.incidents.length;
    expect(firstAlerts).toMatchObject([{ count: incidents * 2 + 1, sum: incidents + 1 }]);

    for (const [name, query, columns] of QUERIES) {
      const { error, series } = await ask(server, filled(query, hall.span));
      expect([name, error], query).toEqual([name, undefined]);
      expect(series.length, `${name}: ${query}`).toBeGreaterThan(0);
      for (const { columns: found, values } of series) {
        expect(
          found.filter((column) => columns.includes(column)),
          name,
        ).toEqual(columns);
        expect(values.length, name).toBeGreaterThan(0);
      }
      const numbers = series.flatMap(({ values }) => values.flatMap((row) => row.slice(1)));
      expect(
        numbers.some((value) => value !== null),
        name,
      ).toBe(true);
    }
    for (const [name, { query }] of Object.entries(VARIABLES)) {
      const { error, series } = await ask(server, filled(query, hall.span));
      expect([name, error, series.length > 0]).toEqual([name, undefined, true]);
    }
    expect((await server.query(DATABASE, 'SHOW RETENTION POLICIES')).map(({ name }) => name)).toEqual([
      'autogen',
      'hourly',
    ]);
    const queries = (await ask(server, 'SHOW CONTINUOUS QUERIES')).series.flatMap(({ values }) =>
      values.map(([name]) => name),
    );
    expect(queries).toEqual(['cq_observation_1h', 'cq_alert_1h', 'cq_camera_health_1h']);
  });

  it('says "no data" and no error on an empty database', async () => {
    const server = await startInfluxd();
    await ask(server, `CREATE DATABASE "${DATABASE}"`);
    await fetch(`${server.url}/query?q=${encodeURIComponent(`CREATE DATABASE "${DATABASE}"`)}`, { method: 'POST' });
    for (const [name, query] of [
      ...QUERIES,
      ...Object.entries(VARIABLES).map(([n, { query: q }]) => [n, q] as const),
    ]) {
      const answer = await ask(server, filled(query, { from: 0, to: Date.UTC(2030, 0, 1) }));
      expect([name, answer], query).toEqual([name, { status: 200, error: undefined, series: [] }]);
    }
  });

  it('leaves roll-ups out, with a notice, where the server does not let us', async () => {
    const told: string[] = [];
    const log = {
      ...silentLogger,
      warn: (_facts: object, text: string) => told.push(text),
    } as unknown as typeof silentLogger;
    const run = () => Promise.reject(new AppError('auth-failed', 'influx: the server refuses the credentials'));
    const retention = { raw: '400d', hourly: 'INF' };
    expect(await prepareSchema({ run }, { database: DATABASE, retention, log })).toBe('skipped');
    expect(told).toEqual(['influx: retention policies and hourly roll-ups left out']);
  });
});

describe('the simulated hall of these tests', () => {
  let month: SimulatedMonth;
  beforeAll(() => {
    month = simulateMonth({ windows: 6, rooms: 2, days: DAYS, seed: 2 });
  });
  it('has incidents, outages and evaluations', () => {
    expect(month.incidents.length).toBeGreaterThan(2);
    expect(month.sessions.length).toBeGreaterThan(0);
  });
});
