import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { Aedes, type AuthenticateError } from 'aedes';
import { AppError, errnoOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { rememberSecret } from '../../core/secrets.js';

export interface EmbeddedBrokerOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  log: Logger;
  /** Of the one account that may publish. Default: a random one. */
  password?: string;
}

/** A broker within this process. */
export interface EmbeddedBroker {
  /** `mqtt://HOST:PORT` for the sink. */
  url: string;
  port: number;
  /** With these, and only with these, one may publish. */
  credentials: { user: string; password: string };
  close(): Promise<void>;
}

const USER = 'hallwatch';
const SPEECH = /^hallwatch\/[^/]+\/speech\//;

/**
 * Starts the broker for halls that have none: anybody who reaches it may subscribe, nobody but Hallwatch may publish, and
 * what was said in a room is given to nobody (it needs a broker with accounts). It keeps nothing over a restart; the MQTT
 * sink tells it the present anew.
 * @throws AppError `conflict` where the port is taken, `forbidden` or `unsupported` where it may not be used
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, port, log, password = randomBytes(24).toString('base64url') } = options;
  rememberSecret(password);
  const trusted = new WeakSet<object>();
  const broker = await Aedes.createBroker({
    authenticate(client, user, given, done) {
      const ours = user === USER && given?.toString() === password;
      if (ours) trusted.add(client);
      const impostor = user === USER && !ours;
      const refusal = Object.assign(new Error('wrong password'), { returnCode: 4 }) as AuthenticateError;
      done(impostor ? refusal : null, !impostor);
    },
    authorizePublish(client, packet, done) {
      const allowed = client !== null && trusted.has(client) && !packet.topic.startsWith('$SYS/');
      done(allowed ? null : new Error('only Hallwatch publishes here'));
    },
    authorizeForward: (client, packet) => (SPEECH.test(packet.topic) && !trusted.has(client) ? null : packet),
  });
  broker.on('clientError', (client, error) => log.debug({ client: client.id, error: error.message }, 'mqtt client'));
  broker.on('connectionError', (client, error) =>
    log.debug({ client: client.id, error: error.message }, 'mqtt client'),
  );

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(host, port, cause)));
    server.listen(port, host, resolve);
  }).catch((error) => {
    broker.close();
    throw error;
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  if (!/^(127\.|::1$|localhost$)/.test(host)) {
    log.warn({ host, port: bound }, 'the embedded broker is open to the network: everybody there can read alerts');
  }
  const reach = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;

  return {
    url: `mqtt://${reach}:${bound}`,
    port: bound,
    credentials: { user: USER, password },
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listenError(host: string, port: number, cause: unknown): AppError {
  const what = `mqtt broker: listen on ${host}:${port}`;
  switch (errnoOf(cause)) {
    case 'EADDRINUSE':
      return new AppError('conflict', `${what}: the port is taken`, {
        cause,
        hint: 'set mqtt.embedded.port to 0 for a free port, or mqtt.url to the broker that runs there',
      });
    case 'EACCES':
      return new AppError('forbidden', `${what}: not allowed`, { cause, hint: 'choose a port above 1023' });
    case 'EADDRNOTAVAIL':
      return new AppError('unsupported', `${what}: this machine has no such address`, { cause });
    default:
      return new AppError('internal', `${what}: ${errnoOf(cause) ?? 'failed'}`, { cause });
  }
}
