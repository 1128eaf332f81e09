import { connect } from 'mqtt';
import { onTestFinished } from 'vitest';

export interface MqttReader {
  /** All messages in order of arrival. */
  messages: Array<{ topic: string; payload: string; retain: boolean }>;
  /** Names `id.ordinal` of alert steps, without those that came before. */
  alerts(): string[];
  /** Goes away, or comes back, with its subscription kept by the broker. */
  end(): Promise<void>;
}

export interface MqttReaderOptions {
  topic?: string;
  clientId?: string;
  user?: string;
  password?: string;
}

/** Subscribes with QoS 1 in a session that the broker keeps. */
export async function readMqtt(port: number, options: MqttReaderOptions = {}): Promise<MqttReader> {
  const { topic = 'hallwatch/#', clientId = 'reader', user, password } = options;
  const messages: MqttReader['messages'] = [];
  const settings = { clientId, clean: false, reconnectPeriod: 50, username: user, password };
  const client = connect(`mqtt://127.0.0.1:${port}`, settings);
  client.on('error', () => {});
  // Before the connection stands: what the broker kept comes with its first breath.
  client.on('message', (from, payload, packet) =>
    messages.push({ topic: from, payload: payload.toString(), retain: packet.retain }),
  );
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync(topic, { qos: 1 });
  let ended = false;
  const end = async (): Promise<void> => {
    if (!ended) await client.endAsync();
    ended = true;
  };
  onTestFinished(end);
  return {
    messages,
    end,
    alerts() {
      const steps = messages.filter(({ topic: from }) => /\/alert\//.test(from));
      const names = steps.map(({ payload }) => {
        const { id, ordinal } = JSON.parse(payload) as { id: string; ordinal: number };
        return `${id}.${ordinal}`;
      });
      return [...new Set(names)];
    },
  };
}
