import type { ErrorBody } from '../../../src/board/api/contract/common.js';
import type { AnswerOf, BodyIn, ParamsIn, QueryIn, RouteName } from '../../../src/board/api/contract.js';
import { language, t } from '../i18n.js';
import { addresses } from './addresses.js';
import { ApiError } from './error.js';

type Part<K extends string, T> = T extends undefined ? { [P in K]?: undefined } : { [P in K]: T };
type OptionalPart<K extends string, T> = T extends undefined ? { [P in K]?: undefined } : { [P in K]?: T };

/** What a call to a route carries. A route without a part takes none of it. */
export type CallParts<R extends RouteName> = Part<'params', ParamsIn<R>> &
  OptionalPart<'query', QueryIn<R>> &
  Part<'body', BodyIn<R>> & { signal?: AbortSignal };

/** What the session tells every call: the CSRF word, and what to do when the session is over. */
export const session = {
  csrf: null as string | null,
  /** Called with the code of an answer that concerns the session itself. */
  onRefused: (_code: 'signed-out' | 'password-change-required'): void => {},
};

/** Address of a route with its parameters and query filled in, for `<img src>`, downloads and the stream. */
export function addressOf<R extends RouteName>(route: R, parts: Pick<CallParts<R>, 'params' | 'query'>): string {
  return fill(route, parts as Filled);
}

interface Filled {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
}

function fill(route: RouteName, parts: Filled): string {
  const [, path] = addresses[route].split(' ') as [string, string];
  const params = parts.params ?? {};
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined && value !== '' && value !== null) query.set(key, String(value));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

/** A fresh word for each change, so that a repeated delivery is recognised. `randomUUID` needs https; this does not. */
const requestWord = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Calls a route of the contract.
 * @throws ApiError `offline` where no answer came, else the code of the answer
 */
export async function call<R extends RouteName>(route: R, parts: CallParts<R>): Promise<AnswerOf<R>> {
  const response = await send(route, parts);
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text);
  try {
    return JSON.parse(text) as AnswerOf<R>;
  } catch (cause) {
    throw new ApiError('unexpected', response.status, t('api.unexpected', { status: response.status }), { cause });
  }
}

async function send<R extends RouteName>(route: R, parts: CallParts<R>): Promise<Response> {
  const method = addresses[route].split(' ')[0]!.toUpperCase();
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() };
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    headers['X-Hallwatch-Request'] = requestWord();
    if (session.csrf !== null) headers['X-Hallwatch-Csrf'] = session.csrf;
  }
  try {
    return await fetch(fill(route, parts as Filled), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(method === 'GET' ? {} : { body: JSON.stringify(parts.body ?? {}) }),
      ...(parts.signal ? { signal: parts.signal } : {}),
    });
  } catch (cause) {
    throw new ApiError('offline', 0, t('api.offline'), { cause });
  }
}

/** The error of an answer that refuses; tells the session where the refusal is about it. */
export function refusal(status: number, text: string): ApiError {
  let body: ErrorBody['error'] | undefined;
  try {
    body = (JSON.parse(text) as Partial<ErrorBody>).error;
  } catch {
    body = undefined;
  }
  if (!body) return new ApiError('unexpected', status, t('api.unexpected', { status }));
  if (body.code === 'signed-out' || body.code === 'password-change-required') session.onRefused(body.code);
  return new ApiError(body.code, status, body.message, { hint: body.hint, fields: body.fields });
}
