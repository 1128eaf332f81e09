import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { type Clock, sleep } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { type Ladder, retry } from '../../core/retry.js';
import { redact } from '../../core/secrets.js';
import type { Publication } from './mqttTopics.js';
import { within } from './within.js';

/** A connection that comes back by itself. */
export interface MqttConnection {
  readonly connected: boolean;
  /** Why it is away, free of secrets. */
  readonly problem: string;
  /** Resolves when the broker has acknowledged. @throws AppError `unreachable`, retryable */
  publish(publication: Publication): Promise<void>;
  /** Drops a connection that answers nothing, so that a new one is made. */
  drop(): void;
  close(): Promise<void>;
}

export interface MqttConnectionOptions {
  /** `mqtt://HOST:PORT` or `mqtts://HOST:PORT`. */
  url: string;
  clientId: string;
  credentials?: { user: string; password: string };
  will: Publication;
  /** Called after each connect, before anybody is told that the broker is back. */
  onConnect: () => Promise<void>;
  clock: Clock;
  log: Logger;
}

/** 1, 2, 5, then 10 s: a broker that is back is noticed well within 20 s. */
const BROKER_LADDER: Ladder = { stepsMs: [1000, 2000, 5000, 10_000], jitter: 0.2 };
const LOG_EVERY_MS = 60_000;
const CONNECT_LIMIT_MS = 10_000;
const PAUSE_AFTER_LOSS_MS = 500;
const CLOSE_LIMIT_MS = 2000;

/**
 * Connects and, whenever the connection is lost, connects anew with a fresh client: the `mqtt` package would otherwise
 * send again from a store of its own, beside the outbox, which is the one durable queue here.
 */
export function openMqtt(options: MqttConnectionOptions): MqttConnection {
  const { clock, log, url } = options;
  const closing = new AbortController();
  let client: MqttClient | undefined;
  let problem = 'not connected yet';
  let loggedAt = Number.NEGATIVE_INFINITY;
  let lose = (): void => {};

  const onRetry = (error: unknown): void => {
    problem = messageOf(error);
    if (clock.monotonicMs() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = clock.monotonicMs();
    log.warn({ url, error: problem, hint: error instanceof AppError ? error.hint : undefined }, 'broker not reached');
  };

  const stayConnected = async (): Promise<void> => {
    const fresh = await connectOnce(options, closing.signal);
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
      fresh.once('close', resolve);
    });
    client = fresh;
    loggedAt = Number.NEGATIVE_INFINITY;
    log.info({ url }, 'connected to broker');
    await Promise.race([options.onConnect(), lost]);
    await lost;
    client = undefined;
    fresh.end(true);
    problem = 'connection lost';
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await retry(stayConnected, { ladder: BROKER_LADDER, clock, signal: closing.signal, onRetry }).catch((error) => {
        if (!(error instanceof AppError && error.code === 'cancelled')) throw error;
      });
      // A broker that takes the connection and closes it at once must not be called without a pause.
      await sleep(clock, PAUSE_AFTER_LOSS_MS, closing.signal);
    }
  };
  const done = run();

  return {
    get connected() {
      return client?.connected ?? false;
    },
    get problem() {
      return problem;
    },
    publish: (publication) => publishOn(client, url, publication),
    drop: () => lose(),
    async close() {
      closing.abort();
      const last = client;
      // Said goodbye in order the broker keeps its last will to itself; one that answers nothing is left without.
      if (last) await within(clock, CLOSE_LIMIT_MS, last.endAsync());
      lose();
      await done;
    },
  };
}

function publishOn(client: MqttClient | undefined, url: string, publication: Publication): Promise<void> {
  const away = (cause?: unknown): AppError =>
    new AppError('unreachable', `mqtt ${url}: publish ${publication.topic}: connection lost`, {
      cause,
      retryable: true,
    });
  if (!client?.connected) return Promise.reject(away());
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(away());
    client.once('close', onClose);
    client.publish(publication.topic, publication.payload, { qos: 1, retain: publication.retain }, (error) => {
      client.removeListener('close', onClose);
      if (error) reject(away(error));
      else resolve();
    });
  });
}

/** One try. @throws AppError `unreachable` or `auth-failed`, both retryable: a wrong password is mended by a person */
async function connectOnce(options: MqttConnectionOptions, signal: AbortSignal): Promise<MqttClient> {
  const { will, clock, url } = options;
  const settings: IClientOptions = {
    clientId: options.clientId,
    ...(options.credentials ? { username: options.credentials.user, password: options.credentials.password } : {}),
    will: { ...will, payload: Buffer.from(will.payload), qos: 1 },
    clean: true,
    keepalive: 15,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_LIMIT_MS,
  };
  const client = connect(url, settings);
  client.setMaxListeners(0);
  const failed = new Promise<never>((_, reject) => {
    client.on('error', (error) => reject(connectError(url, error)));
    client.once('close', () => reject(connectError(url, new Error('closed by the broker'))));
  });
  const limit = new AbortController();
  const tooLate = sleep(clock, CONNECT_LIMIT_MS, limit.signal).then(() => {
    if (!limit.signal.aborted) throw connectError(url, new Error('no answer'));
  });
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  const connected = new Promise<void>((resolve) => client.once('connect', () => resolve()));
  failed.catch(() => {});
  try {
    await Promise.race([connected, failed, tooLate, stopped]);
    if (signal.aborted) throw new AppError('cancelled', `mqtt ${url}: closed while connecting`);
    return client;
  } catch (error) {
    client.end(true);
    throw error;
  } finally {
    limit.abort();
    signal.removeEventListener('abort', stop);
  }
}

/** CONNACK return codes 4 and 5 of MQTT 3.1.1, 134 and 135 of MQTT 5. */
const REFUSED = new Set<unknown>([4, 5, 134, 135]);

function connectError(url: string, cause: Error): AppError {
  const code = 'code' in cause ? cause.code : undefined;
  if (REFUSED.has(code)) {
    return new AppError('auth-failed', `mqtt ${url}: connect: the broker refuses the credentials`, {
      cause,
      retryable: true,
      hint: 'check mqtt.credentials against the user list of the broker',
    });
  }
  const why = redact(cause.message) || String(code ?? 'failed');
  return new AppError('unreachable', `mqtt ${url}: connect: ${why}`, { cause, retryable: true });
}
