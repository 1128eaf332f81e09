import { describe, expect, it } from 'vitest';
import { ALERT_RULES } from '../../grafana/code/alerting.js';
import { DASHBOARDS } from '../../grafana/code/files.js';
import { VARIABLES } from '../../grafana/code/model.js';
import { prepareSchema } from '../../src/alerts/sinks/influxSchema.js';
import { influxSink } from '../../src/alerts/sinks/influxSink.js';
import { systemClock } from '../../src/core/clock.js';
import { AppError } from '../../src/core/errors.js';
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
import { fillDetails, simulateDetails } from '../support/simulatedDetails.js';
import { endOf, fillLedger, openAt, simulateMonth } from '../support/simulatedMonth.js';

const DATABASE = 'hallwatch';
const never = new AbortController().signal;
const DAY = 86_400_000;
const MINUTE = 60_000;

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

/** A month of a hall of six windows and two rooms, with everything a hall tells of, in a ledger. */
function simulatedHall() {
  const month = simulateMonth({ windows: 6, rooms: 2, seed: 2 });
  const details = simulateDetails(month, 4);
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  fillDetails(month, details, ledger);
  const facts = siteFacts(month.config);
  const source = monthSource({ ledger, config: month.config, asOf: endOf(month) });
  const span = { from: eventMs(month.from), to: eventMs(month.to) };
  return { month, details, clock, ledger, facts, source, span };
}

/** What the ledger does not keep, how the service itself is doing: the last day of the month, through the outbox. */
async function serviceItself(
  { month, clock, ledger, facts }: ReturnType<typeof simulatedHall>,
  url: string,
): Promise<void> {
  const sink = openSink(url, true);
  let frames = 0;
  const outbox = {
    stats: () => [{ sink: 'influx', depth: 3, oldestAgeMs: 1500, delivered: 10, rejected: 0, failures: 1 }],
  };
  const cameras = () => {
    frames += 900;
    return [{ stats: () => ({ frames, dropped: 2, reconnects: 0, lastFrameAt: undefined, keyframeIntervalS: 2 }) }];
  };
  clock.step(month.to - DAY - clock.now());
  const meter = pipelineMeter({ ledger, sinks: [sink], facts, outbox, cameras, clock, log: silentLogger });
  await clock.advance(DAY - MINUTE);
  meter.stop();
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

/** One number of a measurement over the whole month. */
async function numberOf(server: TestInflux, select: string, from: string, where = ''): Promise<number> {
  const [row] = await server.query(DATABASE, `SELECT ${select} AS "n" FROM "${from}"${where}`);
  return Number(row?.n ?? 0);
}

const countAll = (server: TestInflux) =>
  Promise.all(
    ['observation', 'alert', 'camera_health', 'service', 'desk', 'speech', 'pipeline'].map(async (measurement) => [
      measurement,
      await server.query(DATABASE, `SELECT count(*), sum(*) FROM "${measurement}"`),
    ]),
  );

describe.runIf(hasInfluxd)('every query of every dashboard', () => {
  it('has its columns and values on a server that the real sinks filled with a month, and replaying twice leaves it as it is', {
    timeout: 240_000,
  }, async () => {
    const server = await startInfluxd();
    const hall = simulatedHall();
    const { month, details } = hall;
    await serviceItself(hall, server.url);
    const sink = openSink(server.url);
    const written = await deliver(sink, replayRows({ ...hall, ...hall.span }));
    const first = await countAll(server);
    expect(await deliver(sink, replayRows({ ...hall, ...hall.span }))).toBe(written);
    expect(await countAll(server)).toEqual(first);

    // The sums are those of the raw month, counted here without the product.
    const alerts = month.incidents.length + details.roomAlerts.length;
    expect(await numberOf(server, 'sum("count")', 'alert')).toBe(alerts);
    expect(await numberOf(server, 'count("id")', 'alert')).toBe(alerts * 2);
    const sums = async (measurement: string, fields: readonly string[]) =>
      Object.fromEntries(
        await Promise.all(
          fields.map(async (field) => [field, await numberOf(server, `sum("${field}")`, measurement)] as const),
        ),
      );
    const { sessions, courtesy, desks, gaps, listened, health } = details;
    const served = sessions.filter(({ kind }) => kind === 'served');
    const smiles = served.flatMap(({ smile }) => (smile && smile.faceMs > 0 ? [smile] : []));
    const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    expect(
      await sums('service', ['sessions', 'abandoned', 'wait_s', 'serve_s', 'smile_n', 'face_s', 'smile_s']),
    ).toEqual({
      sessions: served.length,
      abandoned: sessions.length - served.length,
      wait_s: total(served.map(({ waitMs }) => waitMs)) / 1000,
      serve_s: total(served.map(({ serviceMs }) => serviceMs)) / 1000,
      smile_n: smiles.length,
      face_s: total(smiles.map(({ faceMs }) => faceMs)) / 1000,
      smile_s: expect.closeTo(total(smiles.map(({ smileMs }) => smileMs)) / 1000, 3),
    });
    const heard = (key: 'greeting' | 'farewell', truth: boolean) => courtesy.filter((one) => one[key] === truth).length;
    expect(await sums('service', ['greet_n', 'greeted', 'bye_n', 'bye'])).toEqual({
      ...{ greet_n: heard('greeting', true) + heard('greeting', false), greeted: heard('greeting', true) },
      ...{ bye_n: heard('farewell', true) + heard('farewell', false), bye: heard('farewell', true) },
    });
    // A look a minute stands until the next one; the last of a day, and one beside an unknown look, for nothing.
    const minutesOf = (value: boolean) =>
      desks.filter((one, i) => {
        const next = desks[i + 1];
        return one.value === value && next?.at === one.at + MINUTE && next.value !== 'unknown';
      }).length;
    expect(await sums('desk', ['disorder_s', 'tidy_s'])).toEqual({
      ...{ disorder_s: minutesOf(true) * 60, tidy_s: minutesOf(false) * 60 },
    });
    expect(await sums('speech', ['hits', 'heard_s', 'not_understood_s'])).toEqual({
      hits: total(details.roomAlerts.filter(({ rule }) => rule === 'speech').map(({ count }) => count)),
      heard_s: total(listened.map(({ from, to }) => to - from)) / 1000,
      not_understood_s:
        total(gaps.filter(({ reason }) => reason !== 'no-sound').map(({ from, to }) => to - from)) / 1000,
    });
    expect(await numberOf(server, 'sum("changed")', 'camera_health')).toBe(health.length);
    // Every minute of the month from a subject's first look on, whether the hall was open or not.
    const minutes = first.find(([name]) => name === 'observation')![1] as Array<Record<string, number>>;
    expect(Number(minutes[0]!.count_present_s)).toBeGreaterThan(6 * 30 * 1440);
    const open = await numberOf(
      server,
      'sum("present_s") + sum("absent_s") + sum("unknown_s")',
      'observation',
      ` WHERE "window" = 'W001'`,
    );
    const standby = month.leaves.filter(({ subject, kind }) => subject === 'W001' && kind === 'standby');
    const firstLook = month.looksAt(0).next().value!.at;
    let scheduled = 0;
    for (let at = firstLook; at < month.to; at += MINUTE) {
      if (openAt(at, month.from) && !standby.some(({ from, to }) => from <= at && at < to)) scheduled += 60;
    }
    expect(open).toBe(scheduled);

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
