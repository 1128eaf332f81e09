import type { Clock } from '../../core/clock.js';
import { AppError, errnoOf, messageOf } from '../../core/errors.js';

export interface HttpPost {
  /** For the error's message; never the address, which may hold a key. */
  what: string;
  url: string;
  /** JSON. */
  body: string;
  headers?: Record<string, string>;
  clock: Clock;
  /** Longest wait for the answer, ms. */
  limitMs: number;
}

/** What came back: a status with the beginning of its text, or why nothing did. */
export type PostAnswer = { type: 'answer'; status: number; text: string } | { type: 'none'; error: AppError };

/** A receiver that answers more than this says nothing we need, characters. */
const MOST_TEXT = 4096;

/** POSTs JSON once. Redirects are not followed. Never throws. */
export async function httpPost(post: HttpPost, signal: AbortSignal): Promise<PostAnswer> {
  const { what, url, body, headers = {}, clock, limitMs } = post;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  const timer = clock.after(limitMs, abort);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', signal: stop.signal },
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'hallwatch', ...headers },
    });
    return { type: 'answer', status: response.status, text: await beginning(response) };
  } catch (cause) {
    const why = stop.signal.aborted ? `no answer in ${limitMs} ms` : networkReason(cause);
    const code = stop.signal.aborted ? 'timeout' : 'unreachable';
    return { type: 'none', error: new AppError(code, `${what}: ${why}`, { cause, retryable: true }) };
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', abort);
  }
}

/** Left unread, the rest would hold the connection; read whole, it could fill the memory. */
async function beginning(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_TEXT) break;
  }
  return text.slice(0, MOST_TEXT);
}

/** Node's `fetch` says "fetch failed" and hides the reason one level down. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return errnoOf(cause) ?? (cause === undefined ? messageOf(error) : messageOf(cause));
}
