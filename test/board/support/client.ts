import { randomBytes } from 'node:crypto';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely; the board checks them against the contract
  body: any;
  headers: Headers;
}

/** A browser without the browser: keeps its cookie and CSRF text, sends what a page would send. */
export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  signIn(name: string, password: string, totp?: string): Promise<Answer>;
  readonly cookie: string;
  readonly csrf: string;
  /** Bytes of an answer. */
  bytes(path: string): Promise<{ status: number; bytes: Buffer; headers: Headers }>;
}

export const requestId = (): string => randomBytes(12).toString('hex');

/** Makes a client without a session. */
export function clientOf(url: string): Client {
  let cookie = '';
  let csrf = '';
  const headersOf = (mutating: boolean, extra: Record<string, string>): Record<string, string> => ({
    ...(cookie === '' ? {} : { cookie }),
    ...(mutating
      ? { 'content-type': 'application/json', 'x-hallwatch-csrf': csrf, 'x-hallwatch-request': requestId() }
      : {}),
    'accept-language': 'zh-CN',
    ...extra,
  });
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: headersOf(method !== 'GET', extra),
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) cookie = set.split(';', 1)[0]!;
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    if (typeof parsed === 'object' && parsed !== null && 'csrf' in parsed && typeof parsed.csrf === 'string') {
      csrf = parsed.csrf;
    }
    return { status: response.status, body: parsed, headers: response.headers };
  };
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
    signIn: (name, password, totp) => send('POST', '/api/session', { name, password, totp }),
    get cookie() {
      return cookie;
    },
    get csrf() {
      return csrf;
    },
    async bytes(path) {
      const response = await fetch(`${url}${path}`, { headers: headersOf(false, {}) });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
    },
  };
}
