import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/alerts/ledger/openLedger.js';
import { alertRows } from '../../../src/alerts/outbox/routing.js';
import { influxSink } from '../../../src/alerts/sinks/influxSink.js';
import { mqttSink } from '../../../src/alerts/sinks/mqttSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { subjectId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import { hasInfluxd, startInfluxd } from '../../support/influxd.js';
import { alertStep, endStep, testLedger } from '../../support/ledger.js';
import { hasMosquitto, startMosquitto } from '../../support/mosquitto.js';
import { readMqtt } from '../../support/mqttReader.js';
import { facts, startOutbox } from '../../support/outbox.js';
import { until } from '../../support/servers.js';

/** The broker profile that the README of the sinks recommends. */
const DURABLE = ['persistence true', 'autosave_on_changes true', 'autosave_interval 1', 'max_queued_messages 0'];
const ALERTS = 'hallwatch/haishu/alert/#';

/** Commits open and end of `count` incidents at 50 windows; gives the names of their messages by window, in order. */
function commitAlerts(ledger: Ledger, sinks: Parameters<typeof alertRows>[0], count: number): Map<string, string[]> {
  const expected = new Map<string, string[]>();
  for (let n = 0; n < count; n++) {
    const subject = subjectId(`W${n % 50}`);
    for (const step of [alertStep(n, { subject }), endStep(n, { subject })]) {
      ledger.commitStep(step, alertRows(sinks, facts, step));
      expected.set(subject, [...(expected.get(subject) ?? []), `${step.id}.${step.ordinal}`]);
    }
  }
  return expected;
}

/** A ledger whose outbox goes to the broker at `port`. */
function sending(port: number) {
  const ledger = testLedger();
  const sink = mqttSink({ site: 'haishu', url: `mqtt://127.0.0.1:${port}`, clock: systemClock, log: silentLogger });
  return { ledger, sink, run: startOutbox({ ledger, sinks: [sink] }) };
}

function expectOrder(received: string[], expected: Map<string, string[]>): void {
  const position = new Map(received.map((name, i) => [name, i]));
  for (const names of expected.values()) {
    const positions = names.map((name) => position.get(name)!);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }
}

describe.runIf(hasMosquitto)('a broker that is away while alerts come', () => {
  it('gets 10,000 steps when it is back, in order at each window', async () => {
    const broker = await startMosquitto({ lines: ['persistence true', 'max_queued_messages 0'] });
    const { ledger, sink, run } = sending(broker.port);
    const reader = await readMqtt(broker.port, { topic: ALERTS });
    await broker.stop();
    const expected = commitAlerts(ledger, [sink], 5000);
    expect(run.stats()[0]!.depth).toBe(10_000);
    await broker.start();
    await until('drained', () => run.stats()[0]!.depth === 0, 60_000);
    await until('all received', () => reader.alerts().length === 10_000, 30_000);
    expectOrder(reader.alerts(), expected);
  }, 180_000);

  it('gets all steps when it is killed half-way', async () => {
    const broker = await startMosquitto({ lines: DURABLE });
    const { ledger, sink, run } = sending(broker.port);
    const reader = await readMqtt(broker.port, { topic: ALERTS });
    const expected = commitAlerts(ledger, [sink], 400);
    await until('some delivered', () => run.stats()[0]!.delivered > 200, 40_000);
    await broker.stop('SIGKILL');
    await broker.start();
    await until('drained', () => run.stats()[0]!.depth === 0, 60_000);
    await until('all received', () => reader.alerts().length === 800, 30_000);
    expectOrder(reader.alerts(), expected);
    expect(ledger.outbox.quarantined()).toEqual([]);
  }, 180_000);

  it('has lost nothing of what it acknowledged before it was killed, with the profile we recommend', async () => {
    const broker = await startMosquitto({ lines: DURABLE });
    const subscribed = await readMqtt(broker.port, { topic: ALERTS, clientId: 'board' });
    await subscribed.end();
    const { ledger, sink, run } = sending(broker.port);
    for (let n = 0; n < 200; n++) {
      const step = alertStep(n);
      ledger.commitStep(step, alertRows([sink], facts, step));
    }
    await until('acknowledged', () => run.stats()[0]!.delivered === 200);
    await broker.stop('SIGKILL');
    await broker.start();
    const reader = await readMqtt(broker.port, { topic: ALERTS, clientId: 'board' });
    await until('all received', () => reader.alerts().length === 200, 10_000);
  });
});

describe.runIf(hasInfluxd)('a database that is away while alerts come', () => {
  it('has each of 10,000 steps once when it is back, also when it is killed half-way', async () => {
    const server = await startInfluxd();
    const ledger = testLedger();
    const sink = influxSink({ url: server.url, database: 'hall', clock: systemClock });
    const run = startOutbox({ ledger, sinks: [sink] });
    await server.stop();
    commitAlerts(ledger, [sink], 5000);
    await server.start();
    await until('some delivered', () => run.stats()[0]!.delivered >= 2000);
    await server.stop('SIGKILL');
    await server.start();
    await until('drained', () => run.stats()[0]!.depth === 0, 60_000);
    expect(await server.query('hall', 'SELECT count(id), sum(count) FROM alert')).toMatchObject([
      { count: 10_000, sum: 5000 },
    ]);
  }, 120_000);
});
