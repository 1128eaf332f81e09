import type { AlertSink } from '../alerts/outbox/alertSink.js';
import type { DeadlineMessage } from '../alerts/outbox/deadlineMessage.js';
import type { AlertMessage, CameraMessage } from '../alerts/outbox/messages.js';
import { type EmbeddedBroker, startEmbeddedBroker } from '../alerts/sinks/embeddedBroker.js';
import { influxSink } from '../alerts/sinks/influxSink.js';
import { mqttSink } from '../alerts/sinks/mqttSink.js';
import { webhookSink } from '../alerts/sinks/webhookSink.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { resolveSecret } from '../core/secrets.js';
import { openChannel } from './openChannel.js';

export interface OpenSinksOptions {
  config: Config;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
  /** What is so now, for retained messages after a reconnect. */
  present(): { alerts: AlertMessage[]; cameras: CameraMessage[] };
  /** Whether a supervisor has accepted that an alert rings no bell for a while; it is kept and shown all the same. */
  suppressed(message: Pick<AlertMessage, 'rule' | 'subject' | 'start'>): boolean;
  /** Whether what was late has been done meanwhile. */
  overtaken(message: DeadlineMessage): boolean;
}

export interface OpenedSinks {
  sinks: AlertSink[];
  /** Where the embedded broker listens; undefined where the hall has its own. */
  brokerUrl: string | undefined;
  close(): Promise<void>;
}

/** A user and password by the name of an entry under `credentials`. @throws AppError `config` */
export function credentialsOf(config: Config, name: string | undefined, env: NodeJS.ProcessEnv) {
  const entry = name === undefined ? undefined : config.credentials[name];
  return entry && { user: entry.user, password: resolveSecret(entry.password, env) };
}

/** Opens every sink the configuration names, and the embedded broker where it names none. */
export async function openSinks(options: OpenSinksOptions): Promise<OpenedSinks> {
  const { config, env, clock, log } = options;
  const sinks: AlertSink[] = [];
  const broker = await embeddedBrokerFor(config, log);
  if (config.mqtt.enabled) {
    const credentials = broker?.credentials ?? credentialsOf(config, config.mqtt.credentials, env);
    const url = broker?.url ?? config.mqtt.url!;
    sinks.push(
      mqttSink({
        site: config.site.id,
        url,
        clock,
        log,
        present: options.present,
        ...(credentials ? { credentials } : {}),
      }),
    );
  }
  if (config.influx) {
    const { url, database, rollUps, keepRaw, keepHourly } = config.influx;
    const credentials = credentialsOf(config, config.influx.credentials, env);
    const schema = { retention: { raw: keepRaw, hourly: keepHourly }, log };
    sinks.push(
      influxSink({ url, database, clock, ...(credentials ? { credentials } : {}), ...(rollUps ? { schema } : {}) }),
    );
  }
  for (const channel of config.channels) sinks.push(openChannel(channel, options));
  for (const { name, url, secret } of config.webhooks) {
    sinks.push(webhookSink({ name, url, secret: resolveSecret(secret, env), clock }));
  }
  return {
    sinks,
    brokerUrl: broker?.url,
    async close() {
      await Promise.all(sinks.map((sink) => sink.close()));
      await broker?.close();
    },
  };
}

async function embeddedBrokerFor(config: Config, log: Logger): Promise<EmbeddedBroker | undefined> {
  if (!config.mqtt.enabled || config.mqtt.url !== undefined) return undefined;
  const { host, port } = config.mqtt.embedded;
  try {
    return await startEmbeddedBroker({ host, port, log });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    // Another broker on this machine must not keep the hall from being watched.
    const broker = await startEmbeddedBroker({ host, port: 0, log });
    log.warn({ wanted: port, port: broker.port }, 'mqtt port is taken: the embedded broker listens on another one');
    return broker;
  }
}
