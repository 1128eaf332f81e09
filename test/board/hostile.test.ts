import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../../src/board/access/actions.js';
import { isRaw, type RouteSpec } from '../../src/board/api/contract/route.js';
import { type RouteName, routes } from '../../src/board/api/contract.js';
import { MATRIX } from './access/matrix.js';
import { type Harness, startBoard } from './support/boardHarness.js';
import { type Client, clientOf, requestId } from './support/client.js';

/** Every route of the contract, also those that are added later, against what a hostile client sends. */
const all = Object.entries(routes) as Array<[RouteName, RouteSpec]>;
const changing = all.filter(([, spec]) => spec.method !== 'get');
/** These end or begin the session that the walk itself uses. */
const OWN_SESSION: readonly string[] = ['signIn', 'signOut', 'changePassword'];
/** For the tokens of other systems alone: a session gets no farther than the policy, whatever it sends. */
const TOKENS_ALONE: readonly string[] = ['hearQueue'];
const LEFT_OUT = [...OWN_SESSION, ...TOKENS_ALONE];

const filled = ({ path }: RouteSpec, value = 'A01'): string =>
  path
    .replace(':date', '2026-10-08')
    .replace(':month', '2026-10')
    .replace(/:(\w+)/g, encodeURIComponent(value));

/** A role that may call the route at all. */
const roleFor = (name: RouteName): (typeof ROLES)[number] => {
  const listed = MATRIX[name];
  return listed === 'public' ? 'admin' : (listed[0] ?? 'admin');
};

async function people(harness: Harness): Promise<Record<string, Client & { id: string }>> {
  const entries = [];
  for (const role of ROLES) entries.push([role, await harness.signIn(role, `one-${role}`)] as const);
  return Object.fromEntries(entries);
}

/** Sends exactly these headers and bytes. */
function send(
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body: string | Buffer },
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname, search } = new URL(url);
    const call = httpRequest({ hostname, port, path: pathname + search, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      const done = (): void =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), text });
      response.on('end', done).on('error', done);
    });
    // A server that refuses early closes the connection while we still send.
    call.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    // Node gives a DELETE no length for its body; the rest of it would be read as the next request.
    call.end(method === 'DELETE' ? undefined : body);
  });
}

const headersOf = (client: Client, more: Record<string, string> = {}): Record<string, string> => ({
  cookie: client.cookie,
  'content-type': 'application/json',
  'x-hallwatch-csrf': client.csrf,
  'x-hallwatch-request': requestId(),
  ...more,
});
const codeOf = (text: string): string | undefined => (text.startsWith('{') ? JSON.parse(text).error?.code : undefined);

describe('every changing route', () => {
  it('refuses a body over 1 MiB, and what is no JSON, before anybody reads it', async () => {
    const harness = await startBoard();
    const clients = await people(harness);
    for (const [name, spec] of changing.filter(([name, spec]) => spec.body && !LEFT_OUT.includes(name))) {
      const client = clients[roleFor(name)]!;
      const url = `${harness.board.url}${filled(spec)}`;
      const method = spec.method.toUpperCase();
      const big = await send(url, {
        ...{ method, body: `{"note":"${'x'.repeat(1_100_000)}"}` },
        headers: headersOf(client),
      });
      expect([name, codeOf(big.text)]).toEqual([name, 'too-large']);
      const broken = await send(url, { method, headers: headersOf(client), body: '{"a":' });
      expect([name, broken.status]).toEqual([name, 400]);
    }
  });

  it('refuses a request without the CSRF text of its session, with that of another, and from another site', async () => {
    const harness = await startBoard();
    const clients = await people(harness);
    const stranger = await harness.signIn('admin', 'stranger');
    for (const [name, spec] of changing.filter(([name]) => name !== 'signIn')) {
      const client = clients[roleFor(name)]!;
      const url = `${harness.board.url}${filled(spec)}`;
      const method = spec.method.toUpperCase();
      const wrong: Array<Record<string, string>> = [
        { 'x-hallwatch-csrf': '' },
        { 'x-hallwatch-csrf': stranger.csrf },
        { origin: 'https://elsewhere.example' },
      ];
      for (const more of wrong) {
        const { status } = await send(url, { method, headers: headersOf(client, more), body: '{}' });
        expect([name, more, status]).toEqual([name, more, 403]);
      }
    }
  });

  it('carries out a request once, however often it comes', async () => {
    const harness = await startBoard();
    const clients = await people(harness);
    for (const [name, spec] of changing.filter(([name]) => !LEFT_OUT.includes(name))) {
      const client = clients[roleFor(name)]!;
      const url = `${harness.board.url}${filled(spec)}`;
      const call = { method: spec.method.toUpperCase(), headers: headersOf(client), body: '{}' };
      await send(url, call);
      expect([name, codeOf((await send(url, call)).text)]).toEqual([name, 'replayed']);
    }
  });
});

describe('every route', () => {
  it('is closed to a session that has ended, to its old cookie, and to a made-up one', async () => {
    const harness = await startBoard();
    const client = await harness.signIn('admin', 'root');
    const { cookie, csrf } = client;
    harness.ledger.sessions.removeOf(client.id);
    for (const [name, spec] of all.filter(([name]) => MATRIX[name] !== 'public')) {
      for (const stale of [cookie, `hallwatch=${'A'.repeat(43)}`, 'hallwatch=']) {
        const { text } = await send(`${harness.board.url}${filled(spec)}`, {
          method: spec.method.toUpperCase(),
          headers: headersOf({ ...client, cookie: stale, csrf } as Client),
          body: spec.method === 'get' ? '' : '{}',
        });
        expect([name, codeOf(text)]).toEqual([name, 'signed-out']);
      }
    }
  });

  it.each([
    '../../../../etc/passwd',
    '..\\..\\secret',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    "' OR 1=1 --",
    '\u0000',
    'x'.repeat(3000),
    '__proto__',
  ])('takes the id %j for an id that nobody has', async (id) => {
    const harness = await startBoard({ evidence: { read: () => Buffer.from('secret') } });
    const clients = await people(harness);
    for (const [name, spec] of all.filter(([, { path }]) => path.includes('/:'))) {
      const client = clients[roleFor(name)]!;
      const path = spec.path.replace(/:(\w+)/g, encodeURIComponent(id));
      const { status, text } = await send(`${harness.board.url}${path}`, {
        method: spec.method.toUpperCase(),
        headers: headersOf(client),
        body: spec.method === 'get' ? '' : '{}',
      });
      expect([name, status], `${name}: ${text.slice(0, 200)}`).not.toEqual([name, 500]);
      expect([name, status >= 400 || /"(items|data|state)"/.test(text)]).toEqual([name, true]);
      expect(text).not.toMatch(/root:|secret|SQLITE/);
    }
  });
});

const SCRIPT = `"><img src=x onerror=alert(1)><script>alert(1)</script>'\${7*7}{{7*7}}`;

interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  prefixItems?: Schema[];
  minimum?: number;
  minItems?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

/** What must name something that exists, or the rest is never looked at. */
const KNOWN: Record<string, unknown> = { window: 'A01', room: 'R1', ifSteps: 0, from: 1, to: 2e12, dryRun: false };

/** A body that fits its schema as well as can be told, with a script in every text. */
function sample(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.oneOf ?? schema.anyOf)?.[0];
  if (choice) return sample(choice);
  if (schema.prefixItems) return schema.prefixItems.map(sample);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, KNOWN[key] ?? sample(value)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sample(schema.items ?? {}));
    case 'string':
      return schema.format === 'date' ? '2026-10-08' : SCRIPT.slice(0, schema.maxLength ?? SCRIPT.length);
    case 'number':
    case 'integer':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

describe('a script in every text field of every route', () => {
  it('is refused or comes back as the text it was, never as a page, and breaks nothing', async () => {
    const harness = await startBoard();
    const clients = await people(harness);
    const id = harness.raise({ subject: 'A01' });
    let taken = 0;
    for (const [name, spec] of changing.filter(([name, spec]) => spec.body && !OWN_SESSION.includes(name))) {
      const body = sample(z.toJSONSchema(spec.body!, { io: 'input', unrepresentable: 'any' }) as Schema);
      const { status, type, text } = await send(
        `${harness.board.url}${filled(spec, spec.path.includes('incidents') ? id : 'A01')}`,
        {
          method: spec.method.toUpperCase(),
          headers: headersOf(clients[roleFor(name)]!),
          body: JSON.stringify(body),
        },
      );
      expect([name, status], `${name}: ${text.slice(0, 300)}`).not.toEqual([name, 500]);
      if (!isRaw(spec.response) || status >= 400)
        expect([name, type]).toEqual([name, 'application/json; charset=utf-8']);
      if (status < 300) taken += 1;
    }
    expect(taken).toBeGreaterThan(5);
    for (const [name, spec] of all.filter(([, { method, path }]) => method === 'get' && path !== '/api/events')) {
      const { status, type, text } = await send(`${harness.board.url}${filled(spec)}`, {
        ...{ method: 'GET', body: '' },
        headers: headersOf(clients[roleFor(name)]!),
      });
      expect([name, status], `${name}: ${text.slice(0, 300)}`).not.toEqual([name, 500]);
      expect([name, type]).not.toEqual([name, expect.stringContaining('html')]);
    }
    expect((await clientOf(harness.board.url).get('/livez')).status).toBe(200);
  });
});
