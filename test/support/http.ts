import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the server answers: a status with headers, or nothing at all. */
export type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'silence';

export interface TestHttpServer {
  url: string;
  port: number;
  requests: ReceivedRequest[];
  /** Stops listening and cuts what is connected. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** An HTTP server in this process whose answers the test decides; it ends with the test. */
export async function startHttp(answer: (request: ReceivedRequest) => Answer): Promise<TestHttpServer> {
  const requests: ReceivedRequest[] = [];
  const handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    let body = '';
    incoming.on('data', (text) => (body += text));
    incoming.on('end', () => {
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
      requests.push(request);
      const reply = answer(request);
      if (reply !== 'silence') response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  };
  let server: Server | undefined;
  let port = 0;
  const start = async (): Promise<void> => {
    server = createServer(handle);
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (!running) return;
    running.closeAllConnections();
    await new Promise((resolve) => running.close(resolve));
  };
  await start();
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${port}`, port, requests, start, stop };
}
