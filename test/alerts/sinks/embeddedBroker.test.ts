import { connectAsync } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedBroker } from '../../../src/alerts/sinks/embeddedBroker.js';
import { mqttSink } from '../../../src/alerts/sinks/mqttSink.js';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { readMqtt } from '../../support/mqttReader.js';
import { alertRow } from '../../support/outbox.js';
import { freePort, until } from '../../support/servers.js';
import { sinkContract } from './sinkContract.js';

async function broker(port = 0) {
  const started = await startEmbeddedBroker({ host: '127.0.0.1', port, log: silentLogger });
  onTestFinished(() => started.close());
  return started;
}

describe('embedded broker', () => {
  it('serves the sink and whoever subscribes', async () => {
    const { url, port, credentials } = await broker();
    const sink = mqttSink({ site: 'haishu', url, credentials, clock: systemClock, log: silentLogger });
    onTestFinished(() => sink.close());
    const reader = await readMqtt(port);
    await until('delivered', () =>
      sink.deliver([alertRow(1)], new AbortController().signal).then(
        () => true,
        () => false,
      ),
    );
    await until('received', () => reader.alerts().length === 1);
  });

  it('names a port that is taken and what to do about it', async () => {
    const { port } = await broker();
    await expect(startEmbeddedBroker({ host: '127.0.0.1', port, log: silentLogger })).rejects.toMatchObject({
      code: 'conflict',
      message: `mqtt broker: listen on 127.0.0.1:${port}: the port is taken`,
      hint: expect.stringContaining('mqtt.embedded.port'),
    });
  });

  it('takes a given port that is free', async () => {
    const port = await freePort();
    expect((await broker(port)).url).toBe(`mqtt://127.0.0.1:${port}`);
  });

  it('lets nobody else publish, and refuses a wrong password for its own account', async () => {
    const { url, port } = await broker();
    const reader = await readMqtt(port);
    const stranger = await connectAsync(url, { reconnectPeriod: 0 });
    onTestFinished(() => stranger.endAsync(true));
    const gone = new Promise<void>((resolve) => stranger.once('close', resolve));
    stranger.publish('hallwatch/haishu/alert/absence/W01', '{"id":"forged","ordinal":1}', { qos: 0 });
    await gone;
    expect(reader.messages).toEqual([]);
    await expect(
      connectAsync(url, { username: 'hallwatch', password: 'guess', reconnectPeriod: 0 }, false),
    ).rejects.toThrow();
  });

  it('gives what was said in a room to nobody', async () => {
    const { url, port, credentials } = await broker();
    const reader = await readMqtt(port);
    const ours = await connectAsync(url, { username: credentials.user, password: credentials.password });
    onTestFinished(() => ours.endAsync(true));
    await ours.publishAsync('hallwatch/haishu/speech/R1', '{}', { qos: 1 });
    await ours.publishAsync('hallwatch/haishu/state', '{}', { qos: 1 });
    await until('the other came', () => reader.messages.length > 0);
    expect(reader.messages.map(({ topic }) => topic)).toEqual(['hallwatch/haishu/state']);
  });
});

sinkContract('mqtt with the embedded broker', async () => {
  const password = 'kept-over-the-restart';
  let running = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, log: silentLogger, password });
  const { port } = running;
  const heard: string[] = [];
  let reader = await readMqtt(port);
  onTestFinished(() => running.close());
  const received = async (): Promise<string[]> => [...new Set([...heard, ...reader.alerts()])];
  const { url, credentials } = running;
  const sink = mqttSink({ site: 'haishu', url, credentials, clock: systemClock, log: silentLogger });
  onTestFinished(() => sink.close());
  return {
    sink,
    received,
    async stopReceiver() {
      heard.push(...reader.alerts());
      await reader.end();
      await running.close();
    },
    async startReceiver() {
      running = await startEmbeddedBroker({ host: '127.0.0.1', port, log: silentLogger, password });
      reader = await readMqtt(port);
    },
  };
});
