import { connect } from 'mqtt';
import { queueReader } from '../alerts/queue/queueCommand.js';
import type { HearQueue } from '../board/ports.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';

export interface QueueMqttOptions {
  config: Config;
  credentials: { user: string; password: string } | undefined;
  hear: HearQueue;
  /** The hall's present. */
  now: () => EventMs;
  log: Logger;
}

const RECONNECT_MS = 5000;

/**
 * Listens to the queue system on the hall's own broker, with a connection of its own: a subscriber's trouble must not
 * hold up the alerts. Undefined where the hall has no broker of its own; the embedded one takes nothing from anybody.
 */
export function listenToQueue({
  config,
  credentials,
  hear,
  now,
  log,
}: QueueMqttOptions): (() => Promise<void>) | undefined {
  const { mqtt, site, windows } = config;
  if (!mqtt.enabled || mqtt.url === undefined) return undefined;
  const read = queueReader({ site: site.id, windows: new Set(windows.map(({ id }) => id as string)) });
  const topic = `hallwatch/${site.id}/queue/+`;
  const client = connect(mqtt.url, {
    clientId: `hallwatch-${site.id}-queue`,
    reconnectPeriod: RECONNECT_MS,
    ...(credentials && { username: credentials.user, password: credentials.password }),
  });
  client.on('connect', () => {
    client.subscribe(topic, { qos: 1 }, (error) => {
      if (error) log.warn({ topic, error: messageOf(error) }, 'queue system: not subscribed');
    });
  });
  client.on('error', (error) => log.warn({ error: messageOf(error) }, 'queue system: broker'));
  client.on('message', (from, payload, packet) => {
    const command = read({ topic: from, payload, retained: packet.retain }, now());
    if (!command.ok) {
      log.warn({ why: command.why }, 'queue system: message refused');
      return;
    }
    Promise.resolve(hear(command.event)).catch((error: unknown) =>
      log.error({ error: messageOf(error) }, 'queue system: event not heard'),
    );
  });
  return async () => {
    await client.endAsync(true);
  };
}
