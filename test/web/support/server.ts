import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { type LiveEventName, liveEvents } from '../../../src/board/api/contract/live.js';
import type { RouteSpec } from '../../../src/board/api/contract/route.js';
import { type AnswerOf, type RouteName, routes } from '../../../src/board/api/contract.js';
import { securityHeaders } from '../../../src/board/http/securityHeaders.js';
import { answers } from './answers.js';
import { counterPicture } from './picture.js';
import { Refused, type World } from './world.js';

const dist = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** The very headers of the board, so that a page which its policy would break breaks here too. */
const headers = securityHeaders(false) as unknown as (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** The fixture server: the contract's own table decides what exists, parses what comes and what goes. */
export interface FixtureServer {
  url: string;
  world: World;
  /** Sends an event to every page that listens; a `step` is also kept for those that come back. */
  send<E extends LiveEventName>(event: E, data: z.input<(typeof liveEvents)[E]>): void;
  /** Cuts every connection and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

interface Route {
  name: RouteName;
  spec: RouteSpec;
  pattern: RegExp;
}

const table: Route[] = Object.entries(routes).map(([name, spec]) => ({
  name: name as RouteName,
  spec,
  pattern: new RegExp(`^${spec.path.replaceAll('.', '\\.').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}));

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text ? JSON.parse(text) : undefined;
}

function serveFile(path: string, response: ServerResponse): void {
  const file = join(dist, normalize(path));
  const found = file.startsWith(dist) && existsSync(file) && extname(file) !== '' ? file : join(dist, 'index.html');
  response.writeHead(200, {
    'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
  });
  response.end(readFileSync(found));
}

export async function fixtureServer(world: World): Promise<FixtureServer> {
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let down = false;

  const write = (stream: ServerResponse, event: LiveEventName, data: unknown): void => {
    const parsed = liveEvents[event].parse(data);
    const id = event === 'step' ? `id: ${(parsed as AnswerOf<'listAlertSteps'>['items'][number]).seq}\n` : '';
    stream.write(`event: ${event}\n${id}data: ${JSON.stringify(parsed)}\n\n`);
  };

  const openStream = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    streams.add(response);
    response.on('close', () => streams.delete(response));
    write(response, 'snapshot', world.live);
    const last = Number(request.headers['last-event-id'] ?? Number.POSITIVE_INFINITY);
    for (const step of world.ledger) if (step.seq > last) write(response, 'step', step);
  };

  const raw = async (name: RouteName, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (name === 'streamEvents') return openStream(request, response);
    if (name === 'getIncidentMedia' || name === 'getCameraPicture' || name === 'getDeskPicture') {
      const jpeg = await counterPicture({ staffed: name === 'getCameraPicture', citizen: true });
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store' });
      response.end(jpeg);
      return;
    }
    throw new Refused(503, 'unavailable', '暂不可用');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const route = table.find(
      ({ spec, pattern }) => spec.method === request.method?.toLowerCase() && pattern.test(url.pathname),
    );
    if (!route) throw new Refused(404, 'not-found', `没有 ${url.pathname}`);
    if (!world.user && route.spec.action !== 'public.read') throw new Refused(401, 'signed-out', '请登录');
    if ('raw' in route.spec.response) return raw(route.name, request, response);
    const params = route.pattern.exec(url.pathname)?.groups ?? {};
    const query = Object.fromEntries(url.searchParams);
    const body = await bodyOf(request);
    const parsed = {
      params: route.spec.params?.parse(params),
      query: route.spec.query?.parse(query),
      body: route.spec.body?.parse(body),
    };
    if (route.spec.method !== 'get') {
      if (world.user && route.name !== 'signIn' && request.headers['x-hallwatch-csrf'] !== 'csrf-word')
        throw new Refused(403, 'csrf', 'csrf');
      if (!/^[A-Za-z0-9]{16,64}$/.test(String(request.headers['x-hallwatch-request'])))
        throw new Refused(400, 'bad-input', 'request word');
      world.received.push({ route: route.name, body });
    }
    const handler = answers[route.name] as ((world: World, parts: typeof parsed) => unknown) | undefined;
    if (!handler) throw new Refused(503, 'unavailable', '暂不可用');
    const result = route.spec.response.parse(handler(world, parsed));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(result));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://fixture');
    headers(request, response, () => undefined);
    if (!url.pathname.startsWith('/api/')) return serveFile(url.pathname, response);
    answer(request, response, url).catch((error: unknown) => {
      const refused = error instanceof Refused ? error : new Refused(400, 'bad-input', String(error));
      response.writeHead(refused.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { code: refused.code, message: refused.message } }));
    });
  });
  server.on('connection', (socket) => {
    if (down) return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    send(event, data) {
      if (event === 'step') {
        const step = liveEvents.step.parse(data);
        world.ledger.push(step);
        world.live.seq = step.seq;
      }
      for (const stream of streams) write(stream, event, data);
    },
    cut() {
      down = true;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      down = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
