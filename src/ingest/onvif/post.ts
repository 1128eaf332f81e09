import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../core/clock.js';
import { AppError, errnoOf, messageOf } from '../../core/errors.js';
import type { OnvifAddress } from './address.js';
import { readXml, SOAP_LIMITS, type XmlElement } from './xml.js';

export interface PostDeps {
  clock: Clock;
  /** Longest wait for a whole answer, ms. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface SoapPost {
  path: string;
  body: string;
  headers?: Record<string, string>;
}

/** `challenges` are the values of `WWW-Authenticate` on a 401, where there is no document. */
export type SoapAnswer = { status: number; document: XmlElement } | { status: 401; challenges: string[] };

/**
 * Sends one SOAP message and reads the answer: one host, one connection, no redirect, at most 1 MiB, within a time.
 * @throws AppError `unreachable`, `timeout` (both retryable), `cancelled`, `protocol`
 */
export async function postSoap(to: OnvifAddress, post: SoapPost, deps: PostDeps): Promise<SoapAnswer> {
  const what = `ONVIF ${to.host}:${to.port}`;
  const limit = new AbortController();
  const timer = deps.clock.after(deps.timeoutMs, () => limit.abort());
  const signal = AbortSignal.any([deps.signal, limit.signal]);
  try {
    const response = await send(to, post, signal);
    try {
      return await answerOf(response, what);
    } finally {
      // Whatever is left of an answer is not waited for.
      response.destroy();
    }
  } catch (error) {
    if (deps.signal.aborted) throw new AppError('cancelled', `${what}: stopped`, { cause: error });
    if (limit.signal.aborted) {
      throw new AppError('timeout', `${what}: no whole answer in ${deps.timeoutMs} ms`, {
        cause: error,
        retryable: true,
      });
    }
    throw error instanceof AppError ? error : networkError(what, error);
  } finally {
    timer.cancel();
  }
}

function send(to: OnvifAddress, { path, body, headers }: SoapPost, signal: AbortSignal): Promise<http.IncomingMessage> {
  const bytes = Buffer.from(body);
  const options: https.RequestOptions = {
    host: to.host.replace(/^\[|\]$/g, ''),
    port: to.port,
    path,
    method: 'POST',
    agent: false,
    signal,
    headers: { 'Content-Type': 'application/soap+xml; charset=utf-8', 'Content-Length': bytes.length, ...headers },
    ...(to.secure ? { rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (to.secure ? https : http).request(options, resolve);
    // Stays for the whole exchange: an error after the answer began must not be unhandled.
    request.on('error', reject);
    request.end(bytes);
  });
}

async function answerOf(response: http.IncomingMessage, what: string): Promise<SoapAnswer> {
  const status = response.statusCode ?? 0;
  if (status === 401) return { status, challenges: challengesOf(response.rawHeaders) };
  if (status >= 300 && status < 400) {
    throw new AppError('protocol', `${what}: answers with a redirect, which is not followed`, {
      hint: 'write the port and path of the ONVIF service into the source',
    });
  }
  // SOAP faults come as 400 or 500.
  if (status !== 200 && status !== 400 && status !== 500) {
    const retryable = status >= 500;
    throw new AppError('protocol', `${what}: HTTP ${status}`, {
      retryable,
      hint: 'check that this port is the ONVIF service',
    });
  }
  return { status, document: await readXml(response, SOAP_LIMITS, what) };
}

function challengesOf(rawHeaders: string[]): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === 'www-authenticate');
}

function networkError(what: string, cause: unknown): AppError {
  const errno = errnoOf(cause) ?? '';
  if (errno.startsWith('HPE_')) return new AppError('protocol', `${what}: does not speak HTTP`, { cause });
  if (errno === 'ERR_UNESCAPED_CHARACTERS')
    return new AppError('protocol', `${what}: names a path that is none`, { cause });
  return new AppError('unreachable', `${what}: ${errno || messageOf(cause)}`, { cause, retryable: true });
}
