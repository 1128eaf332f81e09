import { describe, expect, it, onTestFinished } from 'vitest';
import { alertMessage, cameraMessage } from '../../../src/alerts/outbox/messages.js';
import { type MqttSinkOptions, mqttSink } from '../../../src/alerts/sinks/mqttSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { cameraId } from '../../../src/core/ids.js';
import { makeLogger, silentLogger } from '../../../src/core/log.js';
import { rememberSecret } from '../../../src/core/secrets.js';
import { eventMs } from '../../../src/core/time.js';
import { alertStep, endStep } from '../../support/ledger.js';
import { hasMosquitto, startMosquitto } from '../../support/mosquitto.js';
import { readMqtt } from '../../support/mqttReader.js';
import { alertRow, facts } from '../../support/outbox.js';
import { until } from '../../support/servers.js';
import { sinkContract } from './sinkContract.js';

const never = new AbortController().signal;
const KEEPS = ['persistence true'];

function openSink(port: number, options: Partial<MqttSinkOptions> = {}) {
  const url = `mqtt://127.0.0.1:${port}`;
  const sink = mqttSink({ site: 'haishu', url, clock: systemClock, log: silentLogger, ...options });
  onTestFinished(() => sink.close());
  return sink;
}

const ready = (sink: ReturnType<typeof openSink>): Promise<void> =>
  new Promise((resolve) => {
    const stop = sink.onReady?.(() => {
      stop?.();
      resolve();
    });
  });

if (hasMosquitto) {
  sinkContract('mqtt', async () => {
    const broker = await startMosquitto({ lines: KEEPS });
    const reader = await readMqtt(broker.port);
    return {
      sink: openSink(broker.port),
      received: async () => reader.alerts(),
      stopReceiver: () => broker.stop(),
      startReceiver: () => broker.start(),
    };
  });
}

describe.runIf(hasMosquitto)('mqtt', () => {
  it('publishes the topics of the design: site, camera, alert and the active alert until it has ended', async () => {
    const broker = await startMosquitto();
    const sink = openSink(broker.port);
    await ready(sink);
    const reader = await readMqtt(broker.port);
    const ended = JSON.stringify(alertMessage(facts, endStep(1), 2));
    const offline = JSON.stringify(cameraMessage('haishu', cameraId('cam-1'), ['offline'], eventMs(0)));
    await sink.deliver(
      [
        alertRow(1),
        alertRow(2, { payload: ended }),
        alertRow(3, { kind: 'camera', key: 'camera/cam-1', payload: offline }),
      ],
      never,
    );
    const { id } = alertStep(1);
    await until('all came', () => reader.messages.length >= 6);
    expect(reader.messages.map(({ topic, payload }) => [topic, payload && JSON.parse(payload).state])).toEqual([
      ['hallwatch/haishu/state', 'online'],
      ['hallwatch/haishu/alert/absence/W01', undefined],
      [`hallwatch/haishu/alert_active/${id}`, undefined],
      ['hallwatch/haishu/alert/absence/W01', undefined],
      [`hallwatch/haishu/alert_active/${id}`, ''],
      ['hallwatch/haishu/camera/cam-1/state', 'offline'],
    ]);
    const late = await readMqtt(broker.port, { clientId: 'late' });
    await until('kept ones came', () => late.messages.length >= 2);
    expect(late.messages.map(({ topic, retain }) => [topic, retain]).sort()).toEqual([
      ['hallwatch/haishu/camera/cam-1/state', true],
      ['hallwatch/haishu/state', true],
    ]);
  });

  it('tells a broker that has forgotten everything what is so now', async () => {
    const broker = await startMosquitto();
    const present = () => ({
      alerts: [alertMessage(facts, alertStep(7), 7)],
      cameras: [cameraMessage('haishu', cameraId('cam-1'), [], eventMs(0))],
    });
    const sink = openSink(broker.port, { present });
    await ready(sink);
    await broker.stop('SIGKILL');
    await broker.start();
    await ready(sink);
    const reader = await readMqtt(broker.port);
    await until('all came', () => reader.messages.length >= 3);
    expect(reader.messages.map(({ topic }) => topic.split('/').slice(2).join('/')).sort()).toEqual([
      `alert_active/${alertStep(7).id}`,
      'camera/cam-1/state',
      'state',
    ]);
  });

  it('says offline when it closes, and its last will says so when it is cut off', async () => {
    const broker = await startMosquitto();
    const reader = await readMqtt(broker.port, { topic: 'hallwatch/haishu/state' });
    const sink = openSink(broker.port);
    await ready(sink);
    await sink.close();
    await until('offline came', () => reader.messages.length >= 2);
    // Another client with the same id makes the broker cut off the first one.
    const cut = openSink(broker.port);
    await ready(cut);
    const usurper = await readMqtt(broker.port, { clientId: 'hallwatch-haishu', topic: 'nothing' });
    await until('last will came', () => reader.messages.length >= 4);
    await usurper.end();
    const states = reader.messages.map(({ payload }) => JSON.parse(payload).state as string);
    expect(states.slice(0, 4)).toEqual(['online', 'offline', 'online', 'offline']);
  });

  it('names a refused password clearly, once a minute, and never prints it', async () => {
    const broker = await startMosquitto({ account: { user: 'hall', password: 'right' } });
    rememberSecret('wrong-口令-1');
    const lines: string[] = [];
    const log = makeLogger({ write: (line) => lines.push(line) });
    const sink = openSink(broker.port, { log, credentials: { user: 'hall', password: 'wrong-口令-1' } });
    await until('refused twice', async () => {
      await sink.deliver([alertRow(1)], never).catch(() => {});
      return broker.output().split('not authorised').length > 2;
    });
    await expect(sink.deliver([alertRow(1)], never)).rejects.toThrow('the broker refuses the credentials');
    const warnings = lines.filter((line) => line.includes('refuses the credentials'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('check mqtt.credentials');
    expect(lines.join()).not.toContain('wrong-');
  });

  it('delivers with the right password', async () => {
    const account = { user: 'hall', password: 'right-password' };
    const broker = await startMosquitto({ account });
    const sink = openSink(broker.port, { credentials: account });
    await ready(sink);
    expect((await sink.deliver([alertRow(1)], never)).accepted).toEqual([1]);
  });

  it('refuses a message that no broker would take', async () => {
    const broker = await startMosquitto();
    const sink = openSink(broker.port);
    await ready(sink);
    const huge = JSON.stringify({ ...JSON.parse(alertRow(2).payload), detail: { text: 'x'.repeat(300_000) } });
    const delivered = await sink.deliver([alertRow(1), alertRow(2, { payload: huge })], never);
    expect(delivered).toMatchObject({ accepted: [1], rejected: [{ id: 2 }], retry: [] });
  });
});
