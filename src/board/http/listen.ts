import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, errnoOf } from '../../core/errors.js';

export interface Listening {
  port: number;
  /** Stops taking calls, ends what is open, and waits for the end. */
  close(): Promise<void>;
}

/** Starts an HTTP server. Port 0 takes a free one. @throws AppError `conflict` where the port is taken */
export async function listen(app: RequestListener, { host, port }: { host: string; port: number }): Promise<Listening> {
  const server = createServer(app);
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 10_000;
  server.maxHeadersCount = 100;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new AppError('conflict', `listen on ${host}:${port}: ${errnoOf(cause) ?? 'failed'}`, {
      cause,
      hint: 'another program has the port: set HALLWATCH_PORT, or board.port in the configuration',
    });
  }
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
